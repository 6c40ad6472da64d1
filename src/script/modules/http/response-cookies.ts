import { isNamed } from '../../../core/field-name.ts'
import type { WireResponse } from '../../../engine/host.ts'
import { parseCookie } from './cookie-jar.ts'

/** As in `Response.cookies`; the names are k6's. */
export interface ResponseCookie {
  readonly name: string
  readonly value: string
  readonly domain: string
  readonly path: string
  readonly httpOnly: boolean
  readonly secure: boolean
  /** Seconds; 0 when the cookie does not say. */
  readonly maxAge: number
  /** Milliseconds since 1970; 0 when the cookie does not say. */
  readonly expires: number
}

/** As in `Response.request.cookies`. */
export interface RequestCookie {
  readonly name: string
  readonly value: string
  readonly replace: boolean
}

/** The cookies that a reply sets, by name. */
export function responseCookies(response: WireResponse): Record<string, ResponseCookie[]> {
  const cookies: Record<string, ResponseCookie[]> = {}
  if (response.header('set-cookie') === undefined) return cookies
  for (const [header, text] of response.headers) {
    const cookie = isNamed(header, 'set-cookie') ? parseCookie(text) : undefined
    if (cookie === undefined) continue
    const { key: name, value, domain, path, httpOnly, secure, maxAge, expires } = cookie
    const parsed = {
      name,
      value,
      domain: domain ?? '',
      path: path ?? '',
      httpOnly,
      secure,
      maxAge: typeof maxAge === 'number' ? maxAge : 0,
      expires: expires instanceof Date ? expires.getTime() : 0,
    }
    ;(cookies[name] ??= []).push(parsed)
  }
  return cookies
}

/** The cookies of a `Cookie` header, by name. */
export function requestCookies(header: string | undefined): Record<string, RequestCookie[]> {
  const cookies: Record<string, RequestCookie[]> = {}
  for (const pair of header?.split(';') ?? []) {
    const [name = '', ...rest] = pair.trim().split('=')
    ;(cookies[name] ??= []).push({ name, value: rest.join('='), replace: false })
  }
  return cookies
}
