import type { StyleName } from '../../style.ts'
import { element, escaped } from '../markup.ts'

/** A word that judges, with what it judges. */
export function verdictLine(word: string, style: StyleName, text: string): string {
  return element(
    'p',
    { class: 'verdict' },
    element('strong', { class: `badge ${style}` }, escaped(word)),
    element('span', {}, escaped(text)),
  )
}
