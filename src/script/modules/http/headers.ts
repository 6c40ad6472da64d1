import { isNamed } from '../../../core/field-name.ts'

export type Header = readonly [name: string, value: string]

/** The value of the first header of that name; `undefined` when there is none. */
export function headerValue(headers: readonly Header[], lowerCaseName: string): string | undefined {
  for (const [name, value] of headers) if (isNamed(name, lowerCaseName)) return value
  return undefined
}

/** The same list where it has that header. */
export function withDefaultHeader(
  headers: readonly Header[],
  name: string,
  value: string,
): readonly Header[] {
  return headerValue(headers, name.toLowerCase()) === undefined ? [...headers, [name, value]] : headers
}

/** The list of defaults itself where there is no other header. */
export function withDefaultHeaders(
  headers: readonly Header[],
  defaults: readonly Header[],
): readonly Header[] {
  if (headers.length === 0) return defaults
  return defaults.reduce((all, [name, value]) => withDefaultHeader(all, name, value), headers)
}

export function withoutHeader(headers: readonly Header[], lowerCaseName: string): Header[] {
  return headers.filter(([name]) => !isNamed(name, lowerCaseName))
}

/** `Content-Type` for `content-type`: how Go, and so k6, writes names. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
}
