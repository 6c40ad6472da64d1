import type { Target } from '../../../engine/host.ts'
import { RequestMistake } from './request-mistake.ts'

/** User info of a URL, decoded. */
export interface Credentials {
  readonly username: string
  readonly password: string
}

export interface SplitUrl {
  readonly target: Target
  /** Path and query, percent-encoded. */
  readonly path: string
  readonly credentials: Credentials | undefined
  /** The URL as it may be shown: without user info. */
  readonly shown: string
}

const DEFAULT_PORT = { 'http:': 80, 'https:': 443 } as const

/** Paths of these characters mean the same before and after normalisation, unless they have dot segments. */
const PLAIN_PATH = /^\/[\w\-.~/%?=&:+,;@!$()*]*$/
const DOT_SEGMENT = /\/\.{1,2}(?:[/?]|$)|%2e/i

/** More distinct origins than this in one script is no load test of an API: the cache starts again. */
const MAX_CACHED_ORIGINS = 1_000

export class InvalidUrlError extends RequestMistake {}

/**
 * Splits absolute URLs, remembering origins: a load test asks the same few hosts millions of times,
 * and a full URL parse costs more than the rest of building a request.
 */
export class UrlSplitter {
  readonly #targets = new Map<string, Target>()
  /** Most requests of a load test go where the one before went. */
  #lastUrl = ''
  #last: SplitUrl | undefined

  /** @throws {InvalidUrlError} for what is no absolute http(s) URL */
  split(url: string): SplitUrl {
    const split = this.trySplit(url)
    if (split !== undefined) return split
    throw new InvalidUrlError(
      `not an absolute http(s) URL: ${JSON.stringify(withoutSecrets(url).slice(0, 200))}`,
    )
  }

  /** `undefined` for what is no absolute http(s) URL. */
  trySplit(url: string): SplitUrl | undefined {
    if (url !== this.#lastUrl) {
      this.#last = this.#split(url)
      this.#lastUrl = url
    }
    return this.#last
  }

  #split(url: string): SplitUrl | undefined {
    const pathAt = url.indexOf('/', 8)
    const target = pathAt < 0 ? undefined : this.#targets.get(url.slice(0, pathAt))
    if (target !== undefined) {
      const path = url.slice(pathAt)
      if (PLAIN_PATH.test(path) && !DOT_SEGMENT.test(path)) {
        return { target, path, credentials: undefined, shown: url }
      }
    }
    return this.#parse(url)
  }

  #parse(text: string): SplitUrl | undefined {
    if (!URL.canParse(text)) return undefined
    const url = new URL(text)
    const { protocol } = url
    if (protocol !== 'http:' && protocol !== 'https:') return undefined
    const target: Target = {
      protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? DEFAULT_PORT[protocol] : Number(url.port),
      authority: url.host,
    }
    if (this.#targets.size >= MAX_CACHED_ORIGINS) this.#targets.clear()
    this.#targets.set(url.origin, target)
    url.hash = ''
    // Not pathname and search, which lose a question mark that nothing follows.
    const path = url.href.slice(url.href.indexOf('/', protocol.length + 2))
    return { target, path, credentials: credentialsOf(url), shown: `${url.origin}${path}` }
  }
}

/** Origins are the same for all VUs. */
export const urls: UrlSplitter = new UrlSplitter()

function credentialsOf({ username, password }: URL): Credentials | undefined {
  if (username === '' && password === '') return undefined
  return { username: percentDecoded(username), password: percentDecoded(password) }
}

export function isSameOrigin(a: Target, b: Target): boolean {
  return a.protocol === b.protocol && a.authority === b.authority
}

/** The `Authorization` of HTTP Basic (RFC 7617). */
export function basicAuthorization({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/** What is not well encoded, such as a password with a bare `%`, is taken as it is. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Of a URL that cannot be read either: no query, no user info. */
function withoutSecrets(url: string): string {
  return defaultName(url).replace(/\/\/[^/]*@/, '//')
}

/** The URL without its query: keys stand there at times, and names get into files. */
export function defaultName(url: string): string {
  return url.replace(/[?#].*$/s, '')
}
