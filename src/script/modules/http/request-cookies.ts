import { isNamed } from '../../../core/field-name.ts'
import type { VuHost, WireResponse } from '../../../engine/host.ts'
import { CookieJar, CookieStore, parseCookie } from './cookie-jar.ts'
import type { Header } from './headers.ts'
import type { RequestParams } from './params.ts'

/** A cookie of `params.cookies`. */
export interface ParamCookie {
  readonly name: string
  readonly value: string
  /** Goes instead of those of its name in the jar, not beside them. */
  readonly replaces: boolean
}

/** The cookies that one VU sends and receives. */
export class RequestCookies {
  readonly #host: VuHost
  readonly #nowMs: () => number
  #store: CookieStore
  #iteration = 0

  constructor(host: VuHost, nowMs: () => number) {
    this.#host = host
    this.#nowMs = nowMs
    this.#store = new CookieStore(nowMs)
  }

  /** The VU's jar: a new one in each iteration unless `noCookiesReset`. */
  get current(): CookieStore {
    const { iterationCount, http } = this.#host
    if (iterationCount !== this.#iteration) {
      this.#iteration = iterationCount
      if (this.#store.hasAny && !http.noCookiesReset) this.#store = new CookieStore(this.#nowMs)
    }
    return this.#store
  }

  /**
   * The headers with what there is to send to the URL: after what they themselves say, what is in the jar last. The same list
   * where there is nothing.
   */
  addedTo(headers: readonly Header[], url: string, params: RequestParams): readonly Header[] {
    const store = this.#storeFor(params)
    if (!store.hasAny && params.cookies.length === 0) return headers
    const replaced = new Set(params.cookies.filter(({ replaces }) => replaces).map(({ name }) => name))
    const kept = store.cookiesFor(url).filter(({ key }) => !replaced.has(key))
    const pairs = [
      ...params.cookies.map(({ name, value }) => `${name}=${value}`),
      ...kept.map(({ key, value }) => `${key}=${value}`),
    ]
    if (pairs.length === 0) return headers
    const at = headers.findIndex(([name]) => isNamed(name, 'cookie'))
    const given = headers[at]
    const value = [...(given === undefined ? [] : [given[1]]), ...pairs].join('; ')
    return [...headers.filter((_, index) => index !== at), ['Cookie', value]]
  }

  /** Keeps what a reply sets. */
  take(url: string, response: WireResponse, params: RequestParams): void {
    if (response.header('set-cookie') === undefined) return
    const store = this.#storeFor(params)
    for (const [name, value] of response.headers) {
      const cookie = isNamed(name, 'set-cookie') ? parseCookie(value) : undefined
      if (cookie !== undefined) store.add(url, cookie)
    }
  }

  #storeFor({ jar }: RequestParams): CookieStore {
    return jar === undefined ? this.current : CookieJar.storeOf(jar)
  }
}
