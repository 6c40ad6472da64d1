import type { Cheerio, CheerioAPI } from 'cheerio'
import { Attribute } from './attribute.ts'

/** A node of a parsed page. */
export type HtmlNode = ReturnType<Cheerio<unknown>['contents']>[number]
/** A node with a name and attributes. */
export type Tag = Extract<HtmlNode, { attribs: unknown }>

/** A parsed page. */
export interface Page {
  readonly $: CheerioAPI
  /** Where it is from; `''` when that is not known. */
  readonly url: string
  elementOf(node: HtmlNode): Element
}

const HTML_NAMESPACE = 'http://www.w3.org/1999/xhtml'

/** Numbers of the DOM standard. */
const ELEMENT_NODE = 1
const DOCUMENT_NODE = 9
const DOCTYPE_NODE = 10
const NODE_TYPES: Readonly<Record<string, number>> = {
  text: 3,
  comment: 8,
  root: DOCUMENT_NODE,
  directive: DOCTYPE_NODE,
}

/** A node as the class `Element` of `k6/html`: like the DOM's, with methods in the place of properties. */
export class Element {
  protected readonly page: Page
  readonly #node: HtmlNode

  constructor(page: Page, node: HtmlNode) {
    this.page = page
    this.#node = node
  }

  static nodeOf(element: Element): HtmlNode {
    return element.#node
  }

  attributes(): Record<string, Attribute> {
    const entries = Object.entries(this.#attribs).map(([name, value]) => [
      name,
      new Attribute(this, name, value),
    ])
    return Object.fromEntries(entries) as Record<string, Attribute>
  }

  childElementCount(): number {
    return this.children().length
  }

  childNodes(): Element[] {
    return this.#childNodes.map((node) => this.page.elementOf(node))
  }

  children(): Element[] {
    return this.#childNodes.filter(isTag).map((node) => this.page.elementOf(node))
  }

  classList(): string[] {
    return this.words('class')
  }

  className(): string | undefined {
    return this.getAttribute('class')
  }

  /** Itself, too. */
  contains(element: Element): boolean {
    for (let node: HtmlNode | null = element.#node; node !== null; node = node.parent) {
      if (node === this.#node) return true
    }
    return false
  }

  firstChild(): Element | undefined {
    return this.childNodes()[0]
  }

  firstElementChild(): Element | undefined {
    return this.children()[0]
  }

  getAttribute(name: unknown): string | undefined {
    const key = String(name).toLowerCase()
    return Object.hasOwn(this.#attribs, key) ? this.#attribs[key] : undefined
  }

  getAttributeNode(name: unknown): Attribute | undefined {
    const value = this.getAttribute(name)
    return value === undefined ? undefined : new Attribute(this, String(name).toLowerCase(), value)
  }

  /** Those that have all the classes, which blanks separate. */
  getElementsByClassName(names: unknown): Element[] {
    const wanted = String(names).split(/\s+/).filter(Boolean)
    const has = (element: Element): boolean => wanted.every((name) => element.classList().includes(name))
    return wanted.length === 0 ? [] : this.querySelectorAll('*').filter(has)
  }

  getElementsByTagName(name: unknown): Element[] {
    const wanted = String(name).toLowerCase()
    return this.querySelectorAll('*').filter((element) => wanted === '*' || element.nodeName() === wanted)
  }

  hasAttribute(name: unknown): boolean {
    return this.getAttribute(name) !== undefined
  }

  hasAttributes(): boolean {
    return Object.keys(this.#attribs).length > 0
  }

  hasChildNodes(): boolean {
    return this.#childNodes.length > 0
  }

  id(): string {
    return this.getAttribute('id') ?? ''
  }

  innerHTML(): string | undefined {
    return this.#self.html() ?? undefined
  }

  isDefaultNamespace(): boolean {
    return this.namespaceURI() === HTML_NAMESPACE
  }

  /** Whether both are written alike. */
  isEqualNode(node: Element): boolean {
    return this.page.$.html(this.#self) === node.page.$.html(node.#self)
  }

  isSameNode(node: Element): boolean {
    return this.#node === node.#node
  }

  lang(): string | undefined {
    return this.getAttribute('lang')
  }

  lastChild(): Element | undefined {
    return this.childNodes().at(-1)
  }

  lastElementChild(): Element | undefined {
    return this.children().at(-1)
  }

  matches(selector: unknown): boolean {
    return this.#self.is(String(selector))
  }

  namespaceURI(): string {
    const namespace = isTag(this.#node) ? this.#node.namespace : undefined
    return namespace ?? ''
  }

  nextElementSibling(): Element | undefined {
    return this.#first(this.#self.next())
  }

  nextSibling(): Element | undefined {
    return this.#wrapped(this.#node.next)
  }

  /** In small letters; `#text`, `#comment` and `#document` for what has no name. */
  nodeName(): string {
    if (isTag(this.#node)) return this.#node.name
    return this.nodeType() === DOCUMENT_NODE ? '#document' : `#${this.#node.type}`
  }

  nodeType(): number | undefined {
    return isTag(this.#node) ? ELEMENT_NODE : NODE_TYPES[this.#node.type]
  }

  nodeValue(): string | undefined {
    return 'data' in this.#node && this.nodeType() !== DOCTYPE_NODE ? this.#node.data : undefined
  }

  ownerDocument(): Element | undefined {
    return this.#first(this.page.$.root())
  }

  parentElement(): Element | undefined {
    return this.#first(this.#self.parent())
  }

  parentNode(): Element | undefined {
    return this.#wrapped(this.#node.parent)
  }

  previousElementSibling(): Element | undefined {
    return this.#first(this.#self.prev())
  }

  previousSibling(): Element | undefined {
    return this.#wrapped(this.#node.prev)
  }

  querySelector(selector: unknown): Element | undefined {
    return this.querySelectorAll(selector)[0]
  }

  querySelectorAll(selector: unknown): Element[] {
    return this.#self
      .find(String(selector))
      .toArray()
      .map((node) => this.page.elementOf(node))
  }

  textContent(): string {
    return this.#self.text()
  }

  toString(): string {
    return this.nodeName()
  }

  /** The nearest element around this one, or itself, that the selector fits. */
  protected around(selector: string): Element | undefined {
    return this.#first(this.#self.closest(selector))
  }

  /** Of the whole page. */
  protected inPage(selector: string): Element[] {
    return this.page
      .$(selector)
      .toArray()
      .map((node) => this.page.elementOf(node))
  }

  /** What blanks separate in an attribute. */
  protected words(name: string): string[] {
    return (this.getAttribute(name) ?? '').split(/\s+/).filter(Boolean)
  }

  /** A whole number in an attribute. */
  protected whole(name: string, otherwise: number): number {
    const value = Number.parseInt(this.getAttribute(name) ?? '', 10)
    return Number.isNaN(value) ? otherwise : value
  }

  /** Of a form field, as it would be sent. */
  protected fieldValue(): string {
    return [this.#self.val() ?? ''].flat()[0] ?? ''
  }

  get #self(): Cheerio<HtmlNode> {
    return this.page.$(this.#node)
  }

  get #attribs(): Readonly<Record<string, string>> {
    return isTag(this.#node) ? this.#node.attribs : {}
  }

  get #childNodes(): readonly HtmlNode[] {
    return 'children' in this.#node ? this.#node.children : []
  }

  #first(found: Cheerio<HtmlNode>): Element | undefined {
    return this.#wrapped(found.get(0))
  }

  #wrapped(node: HtmlNode | null | undefined): Element | undefined {
    return node === null || node === undefined ? undefined : this.page.elementOf(node)
  }
}

export function isTag(node: HtmlNode): node is Tag {
  return 'attribs' in node
}
