import { parseDurationUs } from '../../../core/units.ts'
import type { StatusTest } from '../../../engine/host.ts'
import { readTags } from '../tags.ts'
import { unsupported } from '../unsupported.ts'
import { readCompression } from './compression.ts'
import { CookieJar } from './cookie-jar.ts'
import { assertCookie } from './cookie-syntax.ts'
import { readResponseCallback } from './expected-statuses.ts'
import type { ParamCookie } from './request-cookies.ts'
import { RequestMistake } from './request-mistake.ts'

/** The default of k6. */
const DEFAULT_TIMEOUT_US = 60_000_000

export type ResponseType = 'text' | 'binary' | 'none'

/** What a request says about itself; `undefined` where it leaves it to the options. */
export interface RequestParams {
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly tags: Readonly<Record<string, string>> | undefined
  readonly timeoutUs: number
  readonly responseType: ResponseType | undefined
  readonly maxRedirects: number | undefined
  readonly throws: boolean | undefined
  /** `null`: see `http.setResponseCallback(null)`. */
  readonly expects: StatusTest | null | undefined
  readonly cookies: readonly ParamCookie[]
  readonly jar: CookieJar | undefined
  readonly auth: 'basic' | 'digest'
  /** In the order in which they are applied. */
  readonly compression: readonly string[]
}

const DEFAULTS: RequestParams = {
  headers: [],
  tags: undefined,
  timeoutUs: DEFAULT_TIMEOUT_US,
  responseType: undefined,
  maxRedirects: undefined,
  throws: undefined,
  expects: undefined,
  cookies: [],
  jar: undefined,
  auth: 'basic',
  compression: [],
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** Visible characters, spaces and tabs; what is beyond Latin-1 cannot stand in a header. */
// oxlint-disable-next-line no-control-regex
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

type Read = (params: Writable<RequestParams>, value: unknown) => void

const READERS: Readonly<Record<string, Read>> = {
  headers: (params, value) => (params.headers = readHeaders(value)),
  tags: (params, value) => (params.tags = readTags(value)),
  timeout: (params, value) => (params.timeoutUs = readTimeoutUs(value)),
  responseType: (params, value) => (params.responseType = readResponseType(value)),
  redirects: (params, value) => (params.maxRedirects = readRedirects(value)),
  throw: (params, value) => (params.throws = Boolean(value)),
  responseCallback: (params, value) => (params.expects = readResponseCallback(value)),
  cookies: (params, value) => (params.cookies = readCookies(value)),
  jar: (params, value) => (params.jar = readJar(value)),
  auth: (params, value) => (params.auth = readAuth(value)),
  compression: (params, value) => (params.compression = readCompression(value)),
}

const KNOWN = Object.keys(READERS).join(', ')

/**
 * Reads the `params` argument of a request.
 *
 * @param warnOnce hears of keys that mean nothing, which k6 ignores too
 * @throws {RequestMistake} for what is malformed, ScriptError for what k6 has and we do not
 */
export function readParams(params: unknown, warnOnce: (text: string) => void): RequestParams {
  if (params === undefined || params === null) return DEFAULTS
  if (typeof params !== 'object')
    throw new RequestMistake(`request params must be an object, not ${typeof params}`)
  const result = { ...DEFAULTS }
  for (const [key, value] of Object.entries(params)) {
    const read = READERS[key]
    if (read === undefined)
      warnOnce(`the request parameter "${key}" is ignored, as in k6; known are: ${KNOWN}`)
    // As in k6, what is undefined or null was not given, but for the callback that can be turned off.
    else if (value !== undefined && (value !== null || key === 'responseCallback')) read(result, value)
  }
  return result
}

function readHeaders(headers: unknown): [string, string][] {
  if (typeof headers !== 'object' || headers === null) throw new RequestMistake('headers must be an object')
  const list: [string, string][] = []
  for (const [name, raw] of Object.entries(headers)) {
    const value = String(raw)
    if (!HEADER_NAME.test(name)) throw new RequestMistake(`not a header name: ${JSON.stringify(name)}`)
    if (!HEADER_VALUE.test(value)) {
      throw new RequestMistake(`the value of header ${name} has a character that no header can carry`)
    }
    list.push([name, value])
  }
  return list
}

function readTimeoutUs(timeout: unknown): number {
  const us = typeof timeout === 'string' || typeof timeout === 'number' ? parseDurationUs(timeout) : undefined
  if (us === undefined || us === 0) {
    throw new RequestMistake(
      `timeout must be a duration such as "10s" or a number of milliseconds, not ${String(timeout)}`,
    )
  }
  return us
}

function readResponseType(type: unknown): ResponseType {
  if (type === 'text' || type === 'binary' || type === 'none') return type
  throw new RequestMistake(`responseType must be "text", "binary" or "none", not ${JSON.stringify(type)}`)
}

function readRedirects(redirects: unknown): number {
  if (typeof redirects === 'number' && Number.isInteger(redirects) && redirects >= 0) return redirects
  throw new RequestMistake(`redirects must be a whole number from 0, not ${String(redirects)}`)
}

function readJar(jar: unknown): CookieJar {
  if (jar instanceof CookieJar) return jar
  throw new RequestMistake('jar must be made by http.cookieJar() or new http.CookieJar()')
}

function readAuth(auth: unknown): 'basic' | 'digest' {
  if (auth === 'basic' || auth === 'digest') return auth
  if (auth === 'ntlm') throw unsupported('NTLM authentication')
  throw new RequestMistake(`auth must be "basic" or "digest", not ${JSON.stringify(auth)}`)
}

function readCookies(cookies: unknown): ParamCookie[] {
  if (typeof cookies !== 'object' || cookies === null) throw new RequestMistake('cookies must be an object')
  return Object.entries(cookies).map(([name, given]: [string, unknown]) => {
    const isObject = typeof given === 'object' && given !== null
    const { value, replace } = (isObject ? given : { value: given }) as { value?: unknown; replace?: unknown }
    const text = String(value)
    assertCookie(name, text)
    return { name, value: text, replaces: replace === true }
  })
}
