/** What http.url`…` gives: a URL whose requests share a name, in which the values are left out. */
export class HttpUrl {
  readonly url: string
  readonly name: string

  constructor(url: string, name: string) {
    this.url = url
    this.name = name
  }

  toString(): string {
    return this.url
  }
}

/** The template tag `http.url`: each value shows as `${}` in the name. */
export function namedUrl(texts: readonly string[], ...values: readonly unknown[]): HttpUrl {
  if (!Array.isArray(texts)) throw new TypeError('http.url is to be used as a template tag: http.url`…`')
  const url = texts.map((text, index) => text + (index < values.length ? String(values[index]) : '')).join('')
  return new HttpUrl(url, texts.join('${}'))
}
