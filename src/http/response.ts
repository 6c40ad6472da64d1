import { isNamed } from '../core/field-name.ts'
import { trimBlanks } from './fields.ts'
import type { RemoteEnd, WireResponse, WireTimings } from './transport.ts'

type Header = readonly [name: string, value: string]

/** A reply as it came: its head stays text until somebody asks, since most replies are only counted. */
export class ReceivedResponse implements WireResponse {
  readonly status: number
  readonly httpVersion: string
  readonly body: Uint8Array
  readonly timings: WireTimings
  readonly sentBytes: number
  readonly receivedBytes: number
  readonly remote: RemoteEnd | undefined
  readonly #head: string
  #headers: readonly Header[] | undefined

  /** @param head status line, valid header fields and the empty line after them. */
  constructor(
    head: string,
    status: number,
    httpVersion: string,
    body: Uint8Array,
    timings: WireTimings,
    sentBytes: number,
    receivedBytes: number,
    remote?: RemoteEnd,
  ) {
    this.#head = head
    this.status = status
    this.httpVersion = httpVersion
    this.body = body
    this.timings = timings
    this.sentBytes = sentBytes
    this.receivedBytes = receivedBytes
    this.remote = remote
  }

  get statusText(): string {
    return trimBlanks(this.#head.slice('HTTP/1.1 200'.length, this.#head.indexOf('\r')))
  }

  get headers(): readonly Header[] {
    this.#headers ??= this.#head.slice(0, -'\r\n\r\n'.length).split('\r\n').slice(1).map(headerOf)
    return this.#headers
  }

  header(lowerCaseName: string): string | undefined {
    // Most questions are about headers that are not there; they need no list.
    if (this.#headers === undefined && !patternOf(lowerCaseName).test(this.#head)) return undefined
    const values = this.headers.filter(([name]) => isNamed(name, lowerCaseName)).map(([, value]) => value)
    return values.length === 0 ? undefined : values.join(', ')
  }
}

/** One for each name that is ever asked for: a handful. */
const patterns = new Map<string, RegExp>()

function patternOf(lowerCaseName: string): RegExp {
  let pattern = patterns.get(lowerCaseName)
  if (pattern === undefined) {
    pattern = new RegExp(`\\n${lowerCaseName.replaceAll(/[^a-z0-9]/g, '\\$&')}:`, 'i')
    patterns.set(lowerCaseName, pattern)
  }
  return pattern
}

function headerOf(line: string): Header {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), trimBlanks(line.slice(colon + 1))]
}
