/** Plain-text layout: every function keeps its lines within a width counted in columns of a terminal. */
import stringWidth from 'string-width'
import type { StyleName, Styler } from './style.ts'

/** A line, and the word in it that carries colour. Its text may hold anything; `paint` makes it safe to print. */
export interface Line {
  readonly text: string
  readonly mark?: { readonly word: string; readonly style: StyleName }
}

export function marked(text: string, word: string, style: StyleName): Line {
  return { text, mark: { word, style } }
}

/** Text broken at spaces behind `word`, its further lines indented to where it began. */
export function hanging(word: string, style: StyleName, indent: number, text: string, width: number): Line[] {
  return wrap(text, width - indent).map((line, i) =>
    i === 0 ? marked(word.padEnd(indent) + line, word, style) : { text: ' '.repeat(indent) + line },
  )
}

/** Control and format characters, which in a name or message could move the cursor or reverse the line. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

const PLAIN = /^[ -~]*$/
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** What a reader takes for one character, and how many columns it is wide when it is painted. */
interface Glyph {
  readonly text: string
  readonly width: number
}

function glyphsOf(text: string): Glyph[] {
  return Array.from(GRAPHEMES.segment(text), ({ segment }) => ({
    text: segment,
    width: stringWidth(printable(segment)),
  }))
}

function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, '?')
}

/** Columns of a terminal: two for each CJK character or emoji. */
export function length(text: string): number {
  return PLAIN.test(text) ? text.length : glyphsOf(text).reduce((sum, { width }) => sum + width, 0)
}

/** As many glyphs, from the first one on, as fit. */
function fitting(glyphs: readonly Glyph[], width: number): string[] {
  let end = 0
  for (let used = 0; end < glyphs.length; end++) {
    used += glyphs[end]?.width ?? 0
    if (used > width) break
  }
  return glyphs.slice(0, end).map(({ text }) => text)
}

/** Shortens to `width` in the middle, because names differ at their ends. */
export function clip(text: string, width: number): string {
  if (length(text) <= width) return text
  const glyphs = glyphsOf(text)
  if (width < 5) return fitting(glyphs, width).join('')
  const headWidth = Math.ceil((width - 2) / 2)
  const head = fitting(glyphs, headWidth)
  const tail = fitting(glyphs.toReversed(), width - 2 - headWidth).toReversed()
  return `${head.join('')}..${tail.join('')}`
}

/** Like `padEnd`, which counts UTF-16 units, but in columns. */
export function padRight(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - length(text)))
}

/** Breaks at spaces, and inside a word only when it is longer than a line. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((word) => chunks(word, width))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (length(longer) <= width) {
      line = longer
    } else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}

function chunks(word: string, width: number): string[] {
  if (length(word) <= width) return [word]
  const pieces: string[] = []
  let room = 0
  for (const glyph of glyphsOf(word)) {
    if (pieces.length === 0 || glyph.width > room) {
      pieces.push('')
      room = width
    }
    pieces[pieces.length - 1] += glyph.text
    room -= glyph.width
  }
  return pieces
}

const LABEL_WIDTH = 12
const GAP = '   '

/** `label` in a column of its own, then as many parts to a line as fit; a part is broken only when it must. */
export function flow(label: string, parts: readonly string[], width: number): string[] {
  const lines = fill(parts, width - LABEL_WIDTH)
  return lines.map((line, i) => `${(i === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}`)
}

/** As many parts to a line as fit. */
export function fill(parts: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const part of parts) {
    const longer = `${lines.at(-1) ?? ''}${GAP}${part}`
    if (lines.length > 0 && length(longer) <= width) lines[lines.length - 1] = longer
    else lines.push(...wrap(part, width))
  }
  return lines
}

const NARROW_GAP = '  '

/**
 * One line of label and parts, so that a block keeps its height: the first of the choices that fits, the gaps narrower if
 * need be; from the last one parts are left out at the end.
 */
export function fitLine(label: string, choices: readonly (readonly string[])[], width: number): string {
  const last = choices.at(-1) ?? []
  const cut = last.map((_, i) => last.slice(0, last.length - i))
  const start = label.padEnd(LABEL_WIDTH)
  const lines = [...choices, ...cut].flatMap((parts) =>
    [GAP, NARROW_GAP].map((gap) => start + parts.join(gap)),
  )
  return lines.find((line) => length(line) <= width) ?? clip(lines.at(-1) ?? start, width)
}

/** Text behind an indentation, broken at spaces; what does not fit into `maxLines` is cut off. */
export function paragraph(
  text: string,
  indent: number,
  { width, maxLines }: { readonly width: number; readonly maxLines: number },
): Line[] {
  const room = Math.max(1, width - indent)
  const lines = wrap(text, room)
  const shown = lines.slice(0, maxLines)
  if (lines.length > maxLines) {
    shown[maxLines - 1] = `${fitting(glyphsOf(shown.at(-1) ?? ''), room - 3).join('')} ..`
  }
  return shown.map((line) => ({ text: clip(' '.repeat(indent) + line, width) }))
}

/** The line as it goes to the terminal: coloured, and without characters that would steer it. */
export function paint(line: Line, style: Styler): string {
  const text = printable(line.text)
  const { mark } = line
  if (mark === undefined) return text
  const at = text.indexOf(mark.word)
  if (at < 0) return text
  return text.slice(0, at) + style(mark.style, mark.word) + text.slice(at + mark.word.length)
}

/** Lines that belong together. `items` may be cut from the end to save room, down to `keepCount` of them. */
export interface Section {
  readonly head: readonly Line[]
  readonly items: readonly (readonly Line[])[]
  readonly keepCount: number
  /** The line that stands for the items left out. */
  readonly more: (hiddenCount: number) => Line
  readonly tail: readonly Line[]
  /** Cut only when the other sections have given all they can. */
  readonly isLastToCut: boolean
}

interface ShownSection {
  readonly section: Section
  readonly shownCount: number
}

/** The lines of all sections; the longest lists are cut until there are at most `maxLines`, or nothing is left to cut. */
export function fitSections(sections: readonly Section[], maxLines: number): Line[] {
  let shown = sections.map((section): ShownSection => ({ section, shownCount: section.items.length }))
  for (;;) {
    const lines = shown.flatMap(sectionLines)
    const longest = lines.length > maxLines ? nextToCut(shown) : undefined
    if (longest === undefined) return lines
    shown = shown.map((entry) => (entry === longest ? { ...entry, shownCount: entry.shownCount - 1 } : entry))
  }
}

function sectionLines({ section, shownCount }: ShownSection): Line[] {
  const hiddenCount = section.items.length - shownCount
  const more = hiddenCount > 0 ? [section.more(hiddenCount)] : []
  return [...section.head, ...section.items.slice(0, shownCount).flat(), ...more, ...section.tail]
}

function nextToCut(shown: readonly ShownSection[]): ShownSection | undefined {
  const spareCount = ({ section, shownCount }: ShownSection): number => shownCount - section.keepCount
  const cuttable = shown.filter((entry) => spareCount(entry) > 0)
  const first = cuttable.filter((entry) => !entry.section.isLastToCut)
  return (first.length > 0 ? first : cuttable).toSorted((a, b) => spareCount(b) - spareCount(a))[0]
}
