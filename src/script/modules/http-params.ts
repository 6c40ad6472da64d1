import { parseDurationUs } from '../../core/units.ts'
import { unsupported } from './unsupported.ts'

/** The default of k6. */
const DEFAULT_TIMEOUT_US = 60_000_000
const DEFAULT_MAX_REDIRECTS = 10

export type ResponseType = 'text' | 'binary' | 'none'

export interface RequestParams {
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly tags: Readonly<Record<string, string>> | undefined
  readonly timeoutUs: number
  readonly responseType: ResponseType | undefined
  readonly maxRedirects: number
}

const DEFAULTS: RequestParams = {
  headers: [],
  tags: undefined,
  timeoutUs: DEFAULT_TIMEOUT_US,
  responseType: undefined,
  maxRedirects: DEFAULT_MAX_REDIRECTS,
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** Visible characters, spaces and tabs; what is beyond Latin-1 cannot stand in a header. */
// oxlint-disable-next-line no-control-regex
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** Reads the `params` argument of a request. @throws for what is malformed, ScriptError for what k6 has and we do not. */
export function readParams(params: unknown): RequestParams {
  if (params === undefined || params === null) return DEFAULTS
  if (typeof params !== 'object')
    throw new TypeError(`request params must be an object, not ${typeof params}`)
  const result = { ...DEFAULTS }
  for (const [key, value] of Object.entries(params)) {
    // As in k6, what is undefined or null was not given.
    if (value !== undefined && value !== null) readParam(result, key, value)
  }
  return result
}

function readParam(params: Writable<RequestParams>, key: string, value: unknown): void {
  switch (key) {
    case 'headers':
      params.headers = readHeaders(value)
      return
    case 'tags':
      params.tags = readTags(value)
      return
    case 'timeout':
      params.timeoutUs = readTimeoutUs(value)
      return
    case 'responseType':
      params.responseType = readResponseType(value)
      return
    case 'redirects':
      params.maxRedirects = readRedirects(value)
      return
    default:
      throw unsupported(`the request parameter "${key}"`)
  }
}

function readHeaders(headers: unknown): [string, string][] {
  if (typeof headers !== 'object' || headers === null) throw new TypeError('headers must be an object')
  const list: [string, string][] = []
  for (const [name, raw] of Object.entries(headers)) {
    const value = String(raw)
    if (!HEADER_NAME.test(name)) throw new TypeError(`not a header name: ${JSON.stringify(name)}`)
    if (!HEADER_VALUE.test(value)) {
      throw new TypeError(`the value of header ${name} has a character that no header can carry`)
    }
    list.push([name, value])
  }
  return list
}

/** Tags as k6 takes them: values become strings. */
export function readTags(tags: unknown): Record<string, string> {
  if (typeof tags !== 'object' || tags === null) throw new TypeError('tags must be an object')
  const result: Record<string, string> = {}
  for (const [key, value] of Object.entries(tags)) result[key] = String(value)
  return result
}

function readTimeoutUs(timeout: unknown): number {
  const us = typeof timeout === 'string' || typeof timeout === 'number' ? parseDurationUs(timeout) : undefined
  if (us === undefined || us === 0) {
    throw new TypeError(
      `timeout must be a duration such as "10s" or a number of milliseconds, not ${String(timeout)}`,
    )
  }
  return us
}

function readResponseType(type: unknown): ResponseType {
  if (type === 'text' || type === 'binary' || type === 'none') return type
  throw new TypeError(`responseType must be "text", "binary" or "none", not ${JSON.stringify(type)}`)
}

function readRedirects(redirects: unknown): number {
  if (typeof redirects === 'number' && Number.isInteger(redirects) && redirects >= 0) return redirects
  throw new TypeError(`redirects must be a whole number from 0, not ${String(redirects)}`)
}
