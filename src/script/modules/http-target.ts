import type { Target } from '../../engine/host.ts'

export interface SplitUrl {
  readonly target: Target
  /** Path and query, percent-encoded. */
  readonly path: string
  /** `Authorization` value from user info in the URL, if it had any. */
  readonly authorization: string | undefined
  /** The URL as it may be shown: without user info. */
  readonly shown: string
}

const DEFAULT_PORT = { 'http:': 80, 'https:': 443 } as const

/** Paths of these characters mean the same before and after normalisation, unless they have dot segments. */
const PLAIN_PATH = /^\/[\w\-.~/%?=&:+,;@!$'()*]*$/
const DOT_SEGMENT = /\/\.{1,2}(?:[/?]|$)|%2e/i

/** More distinct origins than this in one script is no load test of an API: the cache starts again. */
const MAX_CACHED_ORIGINS = 1_000

/**
 * Splits absolute URLs, remembering origins: a load test asks the same few hosts millions of times,
 * and a full URL parse costs more than the rest of building a request.
 */
export class UrlSplitter {
  readonly #targets = new Map<string, Target>()

  /** @throws TypeError for what is no absolute http(s) URL. */
  split(url: string): SplitUrl {
    const pathAt = url.indexOf('/', 8)
    const target = pathAt < 0 ? undefined : this.#targets.get(url.slice(0, pathAt))
    if (target !== undefined) {
      const path = url.slice(pathAt)
      if (PLAIN_PATH.test(path) && !DOT_SEGMENT.test(path)) {
        return { target, path, authorization: undefined, shown: url }
      }
    }
    return this.#parse(url)
  }

  #parse(text: string): SplitUrl {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
      throw new TypeError(`not an absolute http(s) URL: ${JSON.stringify(text.slice(0, 200))}`)
    }
    const target: Target = {
      protocol: url.protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? DEFAULT_PORT[url.protocol] : Number(url.port),
      authority: url.host,
    }
    if (this.#targets.size >= MAX_CACHED_ORIGINS) this.#targets.clear()
    this.#targets.set(url.origin, target)
    const path = `${url.pathname}${url.search}`
    return { target, path, authorization: basicAuthorization(url), shown: `${url.origin}${path}` }
  }
}

function basicAuthorization({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return `Basic ${Buffer.from(credentials).toString('base64')}`
}

/** The URL without its query: keys stand there at times, and names get into files. */
export function defaultName(url: string): string {
  return url.replace(/[?#].*$/s, '')
}
