/** Where a request says which user or session it belongs to. */
import type { MockRequest } from '../exchange.ts'
import { queryOf } from '../services/query.ts'

export const KEY_PLACES = ['header', 'query', 'cookie'] as const

export interface RequestKey {
  readonly place: (typeof KEY_PLACES)[number]
  /** Of a header in lower case. */
  readonly name: string
}

/** @returns `undefined` where the request says nothing, or nothing but an empty text. */
export function readKey({ place, name }: RequestKey, request: MockRequest): string | undefined {
  const text =
    place === 'header'
      ? request.headers[name]
      : place === 'query'
        ? (queryOf(request).get(name) ?? undefined)
        : cookieValue(request.headers['cookie'] ?? '', name)
  return text === '' ? undefined : text
}

/** The header of a reply that makes the client's next requests say so; a query cannot be set. */
export function keyHeader(
  { place, name }: RequestKey,
  value: string,
): readonly [name: string, value: string] | undefined {
  if (place === 'query') return undefined
  return place === 'header' ? [name, value] : ['Set-Cookie', `${name}=${value}; Path=/; HttpOnly`]
}

/** Cookies as RFC 6265 has them; several `Cookie` headers arrive joined by `, ` or `; `. */
function cookieValue(cookies: string, name: string): string | undefined {
  for (const pair of cookies.split(/[;,]/)) {
    const [own = '', ...value] = pair.split('=')
    if (own.trim() === name && value.length > 0) return value.join('=').trim()
  }
  return undefined
}
