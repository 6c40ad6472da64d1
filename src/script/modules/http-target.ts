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
const PLAIN_PATH = /^\/[\w\-.~/%?=&:+,;@!$()*]*$/
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
    const split = this.trySplit(url)
    if (split !== undefined) return split
    throw new TypeError(`not an absolute http(s) URL: ${JSON.stringify(withoutSecrets(url).slice(0, 200))}`)
  }

  /** `undefined` for what is no absolute http(s) URL. */
  trySplit(url: string): SplitUrl | undefined {
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
    return { target, path, authorization: basicAuthorization(url), shown: `${url.origin}${path}` }
  }
}

function basicAuthorization({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined
  const credentials = `${percentDecoded(username)}:${percentDecoded(password)}`
  return `Basic ${Buffer.from(credentials).toString('base64')}`
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
