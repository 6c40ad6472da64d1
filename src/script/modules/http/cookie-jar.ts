import { createRequire } from 'node:module'
import type { Cookie, CookieJar as ToughJar } from 'tough-cookie'
import type * as ToughCookie from 'tough-cookie'
import { textOf } from '../text.ts'
import { assertCookie } from './cookie-syntax.ts'

const MS_PER_S = 1_000

/** Loaded when the first cookie comes: most load tests have none. */
let library: typeof ToughCookie | undefined

function toughCookie(): typeof ToughCookie {
  library ??= createRequire(import.meta.url)('tough-cookie') as typeof ToughCookie
  return library
}

/** Every site may set cookies for its domain, and what is marked secure goes over https alone, as in k6. */
const RULES = {
  rejectPublicSuffixes: false,
  allowSecureOnLocal: false,
  enforceSecureOriginOnStorage: false,
  prefixSecurity: 'unsafe-disabled',
} as const

/** The cookies of one VU (RFC 6265), on the time of the run. */
export class CookieStore {
  readonly #nowMs: () => number
  #jar: ToughJar | undefined

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** False while there was none, so that nobody need look for them. */
  get hasAny(): boolean {
    return this.#jar !== undefined
  }

  /** Those that go with a request to the URL, the most specific path first. */
  cookiesFor(url: string): Cookie[] {
    const jar = this.#jar
    if (jar === undefined || !URL.canParse(url)) return []
    const nowMs = this.#nowMs()
    // The library would ask the wall clock which of them have expired.
    return jar.getCookiesSync(url, { expire: false }).filter((cookie) => {
      const isAlive = !(cookie.expires instanceof Date) || cookie.expires.getTime() > nowMs
      if (!isAlive) this.#remove(cookie)
      return isAlive
    })
  }

  /** Takes a cookie in, or out if it has expired; one that the URL's host must not set is ignored. */
  add(url: string, cookie: Cookie): void {
    const { CookieJar } = toughCookie()
    const now = new Date(this.#nowMs())
    if (typeof cookie.maxAge === 'number') {
      cookie.setExpires(new Date(now.getTime() + cookie.maxAge * MS_PER_S))
      cookie.maxAge = null
    }
    this.#jar ??= new CookieJar(undefined, RULES)
    this.#jar.setCookieSync(cookie, url, { ignoreError: true, now })
  }

  delete(url: string, name?: string): void {
    for (const cookie of this.cookiesFor(url)) {
      if (name === undefined || cookie.key === name) this.#remove(cookie)
    }
  }

  #remove({ domain, path, key }: Cookie): void {
    void this.#jar?.store.removeCookie(domain, path, key)
  }
}

/** A `Set-Cookie` header; `undefined` when it is malformed. */
export function parseCookie(header: string): Cookie | undefined {
  return toughCookie().Cookie.parse(header)
}

interface CookieOptions {
  readonly domain?: unknown
  readonly path?: unknown
  readonly expires?: unknown
  readonly max_age?: unknown
  readonly secure?: unknown
  readonly http_only?: unknown
}

/** A cookie jar as scripts see it: `http.cookieJar()` and `new http.CookieJar()`. */
export class CookieJar {
  readonly #store: CookieStore

  constructor(store: CookieStore) {
    this.#store = store
  }

  static storeOf(jar: CookieJar): CookieStore {
    return jar.#store
  }

  cookiesForURL(url: unknown): Record<string, string[]> {
    const cookies: Record<string, string[]> = {}
    for (const { key, value } of this.#store.cookiesFor(urlOf(url))) (cookies[key] ??= []).push(value)
    return cookies
  }

  set(url: unknown, name: unknown, value: unknown, options?: CookieOptions | null): boolean {
    this.#store.add(urlOf(url), createCookie(String(name), String(value), options ?? {}))
    return true
  }

  clear(url: unknown): void {
    this.#store.delete(urlOf(url))
  }

  delete(url: unknown, name: unknown): void {
    this.#store.delete(urlOf(url), String(name))
  }
}

function urlOf(url: unknown): string {
  const text = String(url)
  if (!URL.canParse(text)) throw new TypeError('a cookie jar takes absolute URLs')
  return text
}

/** @throws {TypeError} for what no header can carry, and when `expires` is no date */
function createCookie(key: string, value: string, options: CookieOptions): Cookie {
  assertCookie(key, value)
  const { Cookie } = toughCookie()
  const cookie = new Cookie({ key, value })
  if (options.domain !== undefined) cookie.domain = textOf(options.domain).replace(/^\./, '').toLowerCase()
  if (options.path !== undefined) cookie.path = textOf(options.path)
  if (options.max_age !== undefined) cookie.maxAge = Number(options.max_age)
  if (options.expires !== undefined) cookie.setExpires(dateOf(options.expires))
  cookie.secure = options.secure === true
  cookie.httpOnly = options.http_only === true
  return cookie
}

function dateOf(text: unknown): Date {
  const date = new Date(String(text))
  if (Number.isNaN(date.getTime())) {
    throw new TypeError(
      `a cookie expires at a date such as "Mon, 02 Jan 2030 15:04:05 GMT", not ${String(text)}`,
    )
  }
  return date
}
