import { element, escaped } from '../markup.ts'

/** A section of sentences; nothing when there are none. */
export function sentences(title: string, texts: readonly string[]): string {
  if (texts.length === 0) return ''
  const items = texts.map((text) => element('li', {}, escaped(text)))
  return element('section', {}, element('h2', {}, escaped(title)), element('ul', {}, ...items))
}
