/** HTML and SVG as text. Whatever was not made here goes through `escaped`: names come from scripts. */

/** Characters that no document may hold, or that would turn the direction of what follows. */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as content of an element or value of an attribute. */
export function escaped(text: string): string {
  return text.replaceAll(UNPRINTABLE, '?').replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

/** Values are escaped; an attribute that is `undefined` is left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>

/** `<name a="…">content</name>`; the content is markup already. */
export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([attribute, value]) => ` ${attribute}="${escaped(String(value))}"`)
  return `<${name}${written.join('')}>${content.join('')}</${name}>`
}

/** Data for a script of the page, in an element that no browser runs. */
export function jsonElement(id: string, data: unknown): string {
  const json = JSON.stringify(data).replaceAll('<', String.raw`\u003c`)
  return `<script type="application/json" id="${escaped(id)}">${json}</script>`
}
