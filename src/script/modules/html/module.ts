import { parseHTML } from './document.ts'
import type { Selection } from './selection.ts'

/** The names of `k6/html`. */
export interface HtmlModule {
  readonly parseHTML: (html: unknown) => Selection
}

export function createHtmlModule(): HtmlModule {
  return { parseHTML: (html) => parseHTML(String(html)) }
}
