export type Header = readonly [name: string, value: string]

/** The value of the first header of that name; `undefined` when there is none. */
export function headerValue(headers: readonly Header[], lowerCaseName: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === lowerCaseName)?.[1]
}

export function addIfAbsent(headers: Header[], name: string, value: string): void {
  if (headerValue(headers, name.toLowerCase()) === undefined) headers.push([name, value])
}

export function withoutHeader(headers: readonly Header[], lowerCaseName: string): Header[] {
  return headers.filter(([name]) => name.toLowerCase() !== lowerCaseName)
}

/** `Content-Type` for `content-type`: how Go, and so k6, writes names. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
}
