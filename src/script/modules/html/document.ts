import { createRequire } from 'node:module'
import type * as Cheerio from 'cheerio'
import type { HtmlNode, Page } from './element.ts'
import { createElement } from './element-kinds.ts'
import { Selection } from './selection.ts'

/** Loaded when it is needed: it is large, and most load tests read no pages. */
let library: typeof Cheerio | undefined

/** How a script names what reads pages. */
const READS_PAGES = /k6\/html|\.html\(|\b(?:submitForm|clickLink)\b/

/**
 * Gets everything ready for a script that may read pages. Later it would hold up the event loop, and so every VU, for
 * hundreds of milliseconds.
 *
 * @param code the script's
 */
export function preparePages(code: string): void {
  if (READS_PAGES.test(code)) parseHTML('<p>').find('p')
}

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
