import { element, escaped } from './markup.ts'

/** A table of text; the first column names the row, the others hold figures. */
export interface DataTable {
  /** What a row is, and where the exact figures are. */
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The table in a frame that scrolls where it is too wide. */
export function tableMarkup({ caption, head, rows }: DataTable): string {
  const headRow = head.map((text) => element('th', { scope: 'col' }, escaped(text)))
  const bodyRows = rows.map(([name = '', ...figures]) => {
    const cells = figures.map((text) => element('td', {}, escaped(text)))
    return element('tr', {}, element('th', { scope: 'row' }, escaped(name)), ...cells)
  })
  const table = element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...headRow)),
    element('tbody', {}, ...bodyRows),
  )
  return (
    element('p', { class: 'about' }, escaped(caption)) +
    element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption }, table)
  )
}
