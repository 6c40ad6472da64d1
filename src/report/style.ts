import { styleText } from 'node:util'
import type { VerdictLevel } from '../measure/summary.ts'

/** What a piece of text means; never the only sign of it, since colour may be off. */
export type StyleName = 'good' | 'bad' | 'warn' | 'bold'

/** Adds colour to text without changing its characters. */
export type Styler = (style: StyleName, text: string) => string

const FORMATS = {
  good: 'green',
  bad: 'red',
  warn: 'yellow',
  bold: 'bold',
} as const satisfies Record<StyleName, Parameters<typeof styleText>[0]>

export const VERDICT_STYLES: Readonly<Record<VerdictLevel, StyleName>> = {
  VALID: 'good',
  SUSPECT: 'warn',
  INVALID: 'bad',
}

export const plainStyler: Styler = (_style, text) => text

/** A styler for a stream: plain unless it is a terminal; `NO_COLOR`, `TERM=dumb` and `FORCE_COLOR` are respected. */
export function stylerFor(stream: NodeJS.WritableStream): Styler {
  return (style, text) => styleText(FORMATS[style], text, { stream })
}
