import { CanvasElement, MapElement, MediaElement, StyleElement, TextElement } from './content-elements.ts'
import { Element, type HtmlNode, isTag, type Page } from './element.ts'
import {
  ButtonElement,
  DataListElement,
  FieldSetElement,
  FormElement,
  FormOwnedElement,
  InputElement,
  LabelElement,
  MeterElement,
  OptGroupElement,
  OptionElement,
  OutputElement,
  ProgressElement,
  SelectElement,
  TextAreaElement,
} from './form-elements.ts'
import { HrefElement, LinkElement } from './href-element.ts'
import {
  TableCellElement,
  TableColElement,
  TableElement,
  TableRowElement,
  TableSectionElement,
} from './table-elements.ts'

/** The elements that can do more than others. */
const KINDS: Readonly<Record<string, new (page: Page, node: HtmlNode) => Element>> = {
  a: HrefElement,
  area: HrefElement,
  audio: MediaElement,
  button: ButtonElement,
  canvas: CanvasElement,
  col: TableColElement,
  colgroup: TableColElement,
  datalist: DataListElement,
  fieldset: FieldSetElement,
  form: FormElement,
  input: InputElement,
  keygen: FormOwnedElement,
  label: LabelElement,
  legend: FormOwnedElement,
  link: LinkElement,
  map: MapElement,
  meter: MeterElement,
  object: FormOwnedElement,
  optgroup: OptGroupElement,
  option: OptionElement,
  output: OutputElement,
  progress: ProgressElement,
  script: TextElement,
  select: SelectElement,
  style: StyleElement,
  table: TableElement,
  tbody: TableSectionElement,
  td: TableCellElement,
  textarea: TextAreaElement,
  tfoot: TableSectionElement,
  th: TableCellElement,
  thead: TableSectionElement,
  title: TextElement,
  tr: TableRowElement,
  video: MediaElement,
}

export function createElement(page: Page, node: HtmlNode): Element {
  const Kind = isTag(node) && Object.hasOwn(KINDS, node.name) ? KINDS[node.name] : undefined
  return Kind === undefined ? new Element(page, node) : new Kind(page, node)
}
