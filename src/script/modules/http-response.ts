import type { RequestEnd, RequestSpec } from '../../engine/host.ts'
import { US_PER_MS } from '../../core/units.ts'
import { errorCodeOf, errorCodeOfStatus } from './http-error.ts'
import type { ResponseType } from './http-params.ts'
import { unsupported } from './unsupported.ts'

/** k6's timings, milliseconds. `duration` = sending + waiting + receiving. */
export interface Timings {
  readonly blocked: number
  readonly connecting: number
  readonly tls_handshaking: number
  readonly sending: number
  readonly waiting: number
  readonly receiving: number
  readonly duration: number
}

/** What a script gets for a request. A failed request gives one too, with status 0 and `error` set. */
export class HttpResponse {
  readonly status: number
  readonly url: string
  readonly error: string
  readonly error_code: number
  readonly #spec: RequestSpec
  readonly #end: RequestEnd
  readonly #type: ResponseType
  #headers: Record<string, string> | undefined
  #text: string | undefined

  constructor(spec: RequestSpec, end: RequestEnd, type: ResponseType) {
    this.#spec = spec
    this.#end = end
    this.#type = type
    this.url = spec.url
    if (end.kind === 'response') {
      this.status = end.response.status
      this.error = ''
      this.error_code = errorCodeOfStatus(this.status)
    } else {
      this.status = 0
      this.error = end.error.message
      this.error_code = errorCodeOf(end.error)
    }
  }

  get status_text(): string {
    return this.#end.kind === 'response' ? `${this.status} ${this.#end.response.statusText}` : ''
  }

  get proto(): string {
    return this.#end.kind === 'response' ? `HTTP/${this.#end.response.httpVersion}` : ''
  }

  /** Canonical names (`Content-Type`), repeated ones joined by `, `. */
  get headers(): Record<string, string> {
    this.#headers ??= this.#end.kind === 'response' ? canonicalHeaders(this.#end.response.headers) : {}
    return this.#headers
  }

  get body(): string | ArrayBuffer | null {
    if (this.#end.kind === 'error' || this.#type === 'none') return null
    const { body } = this.#end.response
    return this.#type === 'binary' ? Uint8Array.from(body).buffer : this.#textOf(body)
  }

  #textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
    this.#text ??= Buffer.from(buffer, byteOffset, byteLength).toString('utf8')
    return this.#text
  }

  get request(): { method: string; url: string; headers: Record<string, string>; body: string } {
    const { method, url, headers, body } = this.#spec
    const text = typeof body === 'string' ? body : Buffer.from(body ?? []).toString('utf8')
    return { method, url, headers: canonicalHeaders(headers), body: text }
  }

  get timings(): Timings {
    const end = this.#end
    const { blockedUs, connectingUs, tlsUs } = end.kind === 'response' ? end.response.timings : end.error
    const phases = { blocked: ms(blockedUs), connecting: ms(connectingUs), tls_handshaking: ms(tlsUs) }
    if (end.kind === 'error') return { ...phases, sending: 0, waiting: 0, receiving: 0, duration: 0 }
    const { sentAtUs, requestEndAtUs, firstByteAtUs, doneAtUs } = end.response.timings
    return {
      ...phases,
      sending: ms(requestEndAtUs - sentAtUs),
      waiting: ms(firstByteAtUs - requestEndAtUs),
      receiving: ms(doneAtUs - firstByteAtUs),
      duration: ms(doneAtUs - sentAtUs),
    }
  }

  /** The body read as JSON. @throws when it is none, as k6 does. */
  json(selector?: unknown): unknown {
    if (selector !== undefined) throw unsupported('Response.json(selector)')
    if (this.#end.kind === 'error' || this.#type === 'none') {
      throw new TypeError(`the reply of ${this.#spec.method} ${this.#spec.name} has no body to read as JSON`)
    }
    return JSON.parse(this.#textOf(this.#end.response.body))
  }
}

function ms(us: number): number {
  return us / US_PER_MS
}

function canonicalHeaders(list: readonly (readonly [string, string])[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of list) {
    const canonical = name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
    const before = headers[canonical]
    headers[canonical] = before === undefined ? value : `${before}, ${value}`
  }
  return headers
}
