import type { Cheerio } from 'cheerio'
import { Element, type HtmlNode, type Page } from './element.ts'
import { textOf } from '../text.ts'

interface FormValue {
  readonly name: string
  readonly value: string
}

type Tester = (index: number, selection: Selection) => unknown

/** Nodes of a page: the class `Selection` of `k6/html`, with its methods and their meaning. */
export class Selection {
  readonly #page: Page
  readonly #nodes: Cheerio<HtmlNode>

  constructor(page: Page, nodes: Cheerio<HtmlNode>) {
    this.#page = page
    this.#nodes = nodes
  }

  attr(name: unknown, otherwise?: string): string | undefined {
    return this.#nodes.attr(String(name)) ?? otherwise
  }

  children(selector?: unknown): Selection {
    return this.#select(this.#nodes.children(optionalText(selector)))
  }

  closest(selector: unknown): Selection {
    return this.#select(this.#nodes.closest(this.#matcher(selector)))
  }

  /** Text and comments included. */
  contents(): Selection {
    return this.#select(this.#nodes.contents())
  }

  /** All `data-…` attributes, or the one given; what looks like a number, a boolean or JSON is read as such. */
  data(key?: unknown): unknown {
    return key === undefined ? this.#nodes.data() : this.#nodes.data(textOf(key))
  }

  each(handler: (index: number, element: Element) => void): Selection {
    this.#nodes.toArray().forEach((node, index) => handler(index, this.#page.elementOf(node)))
    return this
  }

  /** Counts from the end when negative. */
  eq(index: unknown): Selection {
    return this.#select(this.#nodes.eq(Number(index)))
  }

  filter(selector: unknown): Selection {
    return this.#select(
      isTester(selector)
        ? this.#nodes.filter((index, node) => this.#passes(selector, index, node))
        : this.#nodes.filter(this.#matcher(selector)),
    )
  }

  find(selector: unknown): Selection {
    return this.#select(this.#nodes.find(this.#matcher(selector)))
  }

  first(): Selection {
    return this.#select(this.#nodes.first())
  }

  get(index: unknown): Element | undefined {
    const node = this.#nodes.get(Number(index))
    return node === undefined ? undefined : this.#page.elementOf(node)
  }

  has(selector: unknown): Selection {
    return this.#select(this.#nodes.has(this.#matcher(selector)))
  }

  html(otherwise?: string): string | undefined {
    return this.#nodes.html() ?? otherwise
  }

  is(selector: unknown): boolean {
    return isTester(selector)
      ? this.#nodes.toArray().some((node, index) => this.#passes(selector, index, node))
      : this.#nodes.is(this.#matcher(selector))
  }

  last(): Selection {
    return this.#select(this.#nodes.last())
  }

  map<T>(mapper: (index: number, selection: Selection) => T): T[] {
    return this.#nodes.toArray().map((node, index) => mapper(index, this.#one(node)))
  }

  next(selector?: unknown): Selection {
    return this.#select(this.#nodes.next(optionalText(selector)))
  }

  nextAll(selector?: unknown): Selection {
    return this.#select(this.#nodes.nextAll(optionalText(selector)))
  }

  nextUntil(selector?: unknown, filter?: unknown): Selection {
    return this.#select(this.#nodes.nextUntil(this.#optionalMatcher(selector), optionalText(filter)))
  }

  not(selector: unknown): Selection {
    return this.#select(
      isTester(selector)
        ? this.#nodes.not((index, node) => this.#passes(selector, index, node))
        : this.#nodes.not(this.#matcher(selector)),
    )
  }

  parent(selector?: unknown): Selection {
    return this.#select(this.#nodes.parent(optionalText(selector)))
  }

  parents(selector?: unknown): Selection {
    return this.#select(this.#nodes.parents(optionalText(selector)))
  }

  parentsUntil(selector?: unknown, filter?: unknown): Selection {
    return this.#select(this.#nodes.parentsUntil(this.#optionalMatcher(selector), optionalText(filter)))
  }

  prev(selector?: unknown): Selection {
    return this.#select(this.#nodes.prev(optionalText(selector)))
  }

  prevAll(selector?: unknown): Selection {
    return this.#select(this.#nodes.prevAll(optionalText(selector)))
  }

  prevUntil(selector?: unknown, filter?: unknown): Selection {
    return this.#select(this.#nodes.prevUntil(this.#optionalMatcher(selector), optionalText(filter)))
  }

  /** As the query of a URL. */
  serialize(): string {
    const query = new URLSearchParams()
    for (const { name, value } of this.serializeArray()) query.append(name, value)
    return query.toString()
  }

  serializeArray(): FormValue[] {
    return this.#nodes.serializeArray()
  }

  /** Several values of one name, as of a list that takes many, stand in a list. */
  serializeObject(): Record<string, string | string[]> {
    const values: Record<string, string | string[]> = {}
    for (const { name, value } of this.serializeArray()) {
      const before = values[name]
      values[name] = before === undefined ? value : [before, value].flat()
    }
    return values
  }

  size(): number {
    return this.#nodes.length
  }

  slice(start: unknown, end?: unknown): Selection {
    return this.#select(this.#nodes.slice(Number(start), end === undefined ? undefined : Number(end)))
  }

  text(): string {
    return this.#nodes.text()
  }

  toArray(): Selection[] {
    return this.#nodes.toArray().map((node) => this.#one(node))
  }

  /** Of a form field; a list for a `select` that takes many. */
  val(otherwise?: string): string | string[] | undefined {
    return this.#nodes.val() ?? otherwise
  }

  #select(nodes: Cheerio<HtmlNode>): Selection {
    return new Selection(this.#page, nodes)
  }

  #one(node: HtmlNode): Selection {
    return this.#select(this.#page.$(node))
  }

  #passes(test: Tester, index: number, node: HtmlNode): boolean {
    return Boolean(test(index, this.#one(node)))
  }

  /** Selectors may be texts, selections or elements. */
  #matcher(selector: unknown): string {
    if (selector instanceof Selection) return selector.#nodes as unknown as string
    // The library takes nodes wherever it takes a text, but its types say so with an overload for each.
    if (selector instanceof Element) return this.#page.$(Element.nodeOf(selector)) as unknown as string
    return String(selector)
  }

  #optionalMatcher(selector: unknown): string | undefined {
    return selector === undefined || selector === null ? undefined : this.#matcher(selector)
  }
}

function isTester(selector: unknown): selector is Tester {
  return typeof selector === 'function'
}

function optionalText(selector: unknown): string | undefined {
  return selector === undefined || selector === null ? undefined : textOf(selector)
}
