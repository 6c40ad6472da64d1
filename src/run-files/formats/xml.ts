/** An element of an XML document; text is escaped when it is written. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string | number | undefined>>
  readonly children: readonly (XmlElement | string)[]
}

/** An attribute that is `undefined` is left out. */
export function element(
  name: string,
  attributes: XmlElement['attributes'],
  children: XmlElement['children'] = [],
): XmlElement {
  return { name, attributes, children }
}

/** A whole document, UTF-8, elements on lines of their own. */
export function xmlDocument(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, '')}`
}

function written({ name, attributes, children }: XmlElement, indent: string): string {
  const tag = [name, ...Object.entries(attributes).flatMap(([key, value]) => attribute(key, value))].join(' ')
  if (children.length === 0) return `${indent}<${tag}/>\n`
  const hasText = children.some((child) => typeof child === 'string')
  const inner = children.map((child) =>
    typeof child === 'string' ? escaped(child) : written(child, `${indent}  `),
  )
  return hasText
    ? `${indent}<${tag}>${inner.join('')}</${name}>\n`
    : `${indent}<${tag}>\n${inner.join('')}${indent}</${name}>\n`
}

function attribute(key: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [`${key}="${escaped(String(value))}"`]
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}

/** What XML 1.0 has no way to write (control characters, half a surrogate pair) becomes U+FFFD. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"\n\r\t]/g, (character) => ENTITIES[character] ?? character)
}
