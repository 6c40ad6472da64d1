import { createRequire } from 'node:module'
import type * as Cheerio from 'cheerio'
import type { HtmlNode, Page } from './element.ts'
import { createElement } from './element-kinds.ts'
import { Selection } from './selection.ts'

/** Loaded when the first page is read: it is large, and most load tests read none. */
let library: typeof Cheerio | undefined

/**
 * A page as a selection of its document.
 *
 * @param url where it is from, which its links count from; `''` when that is not known
 */
export function parseHTML(html: string, url = ''): Selection {
  library ??= createRequire(import.meta.url)('cheerio') as typeof Cheerio
  const $ = library.load(html)
  const page: Page = { $, url, elementOf: (node: HtmlNode) => createElement(page, node) }
  return new Selection(page, $.root())
}
