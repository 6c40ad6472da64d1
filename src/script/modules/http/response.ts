import { US_PER_MS } from '../../../core/units.ts'
import type { RequestEnd, RequestSpec, WireResponse } from '../../../engine/host.ts'
import { registerWait } from '../../wait-frame.ts'
import { arrayBufferOf } from '../bytes.ts'
import { parseHTML } from '../html/document.ts'
import type { Selection } from '../html/selection.ts'
import { textOf } from '../text.ts'
import type { Call, Refusal } from './call.ts'
import { decompress } from './compression.ts'
import { CONSTANTS } from './constants.ts'
import { DECOMPRESSION_ERROR_CODE, errorCodeOf, errorCodeOfStatus } from './error-codes.ts'
import { canonicalName, type Header, headerValue } from './headers.ts'
import { selectJson } from './json-path.ts'
import { linkOf, type PageRequest, submissionOf } from './page-requests.ts'
import {
  requestCookies,
  responseCookies,
  type RequestCookie,
  type ResponseCookie,
} from './response-cookies.ts'
import type { Sender } from './sender.ts'

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

/** The request as the script asked for it, before redirects. */
interface AskedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string[]>
  readonly body: string
  readonly cookies: Record<string, RequestCookie[]>
}

/** What was exchanged last: the end of redirects and challenges. */
interface Exchanged {
  readonly call: Call
  readonly spec: RequestSpec
  readonly end: RequestEnd
}

const NO_TIMINGS: Timings = {
  blocked: 0,
  connecting: 0,
  tls_handshaking: 0,
  sending: 0,
  waiting: 0,
  receiving: 0,
  duration: 0,
}

/** The keys of a response when it is written as JSON, as in k6. */
const JSON_KEYS = [
  'remote_ip',
  'remote_port',
  'url',
  'status',
  'status_text',
  'proto',
  'headers',
  'cookies',
  'body',
  'timings',
  'tls_version',
  'tls_cipher_suite',
  'ocsp',
  'error',
  'error_code',
  'request',
] as const

/** What a script gets for a request. A failed request gives one too, with status 0 and `error` set. */
export class HttpResponse {
  status = 0
  readonly url: string
  error = ''
  error_code = 0
  readonly #exchanged: Exchanged | undefined
  readonly #sender: Sender
  /** Decompressed; `undefined` when there is none, or nobody wants it. */
  #content: Uint8Array | undefined
  #headers: Record<string, string> | undefined
  #text: string | undefined
  #json: { readonly value: unknown } | undefined

  constructor(exchanged: Exchanged | undefined, url: string, sender: Sender) {
    this.#exchanged = exchanged
    this.#sender = sender
    this.url = url
    if (exchanged === undefined) return
    const { end, call } = exchanged
    if (end.kind === 'response') this.#receive(end.response, call)
    else this.#fail(end.error.message, errorCodeOf(end.error))
  }

  /** Of a request that could not be sent. */
  static unsent({ url, error, errorCode }: Refusal, sender: Sender): HttpResponse {
    const response = new HttpResponse(undefined, url, sender)
    response.#fail(error, errorCode)
    return response
  }

  #fail(error: string, code: number): void {
    this.error = error
    this.error_code = code
  }

  #receive(response: WireResponse, { responseType }: Call): void {
    const coding = responseType === 'none' ? undefined : response.header('content-encoding')
    try {
      if (responseType !== 'none') {
        this.#content = coding === undefined ? response.body : decompress(response.body, coding)
      }
      this.status = response.status
      this.error_code = errorCodeOfStatus(response.status)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#fail(`the body cannot be decompressed (${coding}): ${reason}`, DECOMPRESSION_ERROR_CODE)
    }
  }

  get #reply(): WireResponse | undefined {
    const end = this.#exchanged?.end
    return end?.kind === 'response' ? end.response : undefined
  }

  get status_text(): string {
    return this.#reply === undefined ? '' : `${this.#reply.status} ${this.#reply.statusText}`
  }

  get proto(): string {
    return this.#reply === undefined ? '' : `HTTP/${this.#reply.httpVersion}`
  }

  get remote_ip(): string {
    return this.#reply?.remote?.address ?? ''
  }

  get remote_port(): number {
    return this.#reply?.remote?.port ?? 0
  }

  get tls_version(): string {
    return this.#reply?.remote?.tls?.version ?? ''
  }

  get tls_cipher_suite(): string {
    return this.#reply?.remote?.tls?.cipher ?? ''
  }

  /** Servers are not asked for stapled answers, so that the status is never known. */
  get ocsp(): Record<string, string | number> {
    const status = this.tls_version === '' ? '' : CONSTANTS.OCSP_STATUS_UNKNOWN
    return { produced_at: 0, this_update: 0, next_update: 0, revocation_reason: '', revoked_at: 0, status }
  }

  /** Canonical names (`Content-Type`), repeated ones joined by `, `. */
  get headers(): Record<string, string> {
    this.#headers ??= joinedHeaders(this.#reply?.headers ?? [])
    return this.#headers
  }

  get cookies(): Record<string, ResponseCookie[]> {
    return this.#reply === undefined ? {} : responseCookies(this.#reply)
  }

  get body(): string | ArrayBuffer | null {
    if (this.#content === undefined) return null
    return this.#exchanged?.call.responseType === 'binary'
      ? arrayBufferOf(this.#content)
      : this.#textOf(this.#content)
  }

  #textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
    this.#text ??= Buffer.from(buffer, byteOffset, byteLength).toString('utf8')
    return this.#text
  }

  get request(): AskedRequest {
    if (this.#exchanged === undefined)
      return { method: '', url: this.url, headers: {}, body: '', cookies: {} }
    const { spec, body } = this.#exchanged.call
    const { method, url, headers } = spec
    const text = typeof body === 'string' ? body : Buffer.from(body ?? []).toString('utf8')
    const cookies = requestCookies(headerValue(headers, 'cookie'))
    return { method, url, headers: listedHeaders(headers), body: text, cookies }
  }

  get timings(): Timings {
    const end = this.#exchanged?.end
    if (end === undefined) return NO_TIMINGS
    const { blockedUs, connectingUs, tlsUs } = end.kind === 'response' ? end.response.timings : end.error
    const phases = { blocked: ms(blockedUs), connecting: ms(connectingUs), tls_handshaking: ms(tlsUs) }
    if (end.kind === 'error') return { ...NO_TIMINGS, ...phases }
    const { sentAtUs, requestEndAtUs, firstByteAtUs, doneAtUs } = end.response.timings
    return {
      ...phases,
      sending: ms(requestEndAtUs - sentAtUs),
      waiting: ms(firstByteAtUs - requestEndAtUs),
      receiving: ms(doneAtUs - firstByteAtUs),
      duration: ms(doneAtUs - sentAtUs),
    }
  }

  /**
   * The body read as JSON, or what a path of gjson finds in it: `undefined` for nothing found, `null` for a JSON null.
   *
   * @throws {TypeError} when there is no body, {SyntaxError} when it is not JSON; with a selector, that is `undefined`
   */
  json(selector?: unknown): unknown {
    if (this.#content === undefined) {
      throw new TypeError(`the reply of ${this.#title()} has no body to read as JSON`)
    }
    const text = this.#textOf(this.#content)
    if (selector === undefined) return this.#parsed(text)
    try {
      this.#parsed(text)
    } catch {
      return undefined
    }
    return selectJson(this.#parsed(text), textOf(selector))
  }

  #parsed(text: string): unknown {
    this.#json ??= { value: JSON.parse(text) as unknown }
    return this.#json.value
  }

  /** @throws {TypeError} when there is no body */
  html(selector?: unknown): Selection {
    if (this.#content === undefined) {
      throw new TypeError(`the reply of ${this.#title()} has no body to read as HTML`)
    }
    const document = parseHTML(this.#textOf(this.#content), this.url)
    return selector === undefined ? document : document.find(selector)
  }

  /** Waits like the functions of `k6/http`. @throws {Error} when there is no such form */
  submitForm(args?: unknown): Promise<HttpResponse> {
    return this.#open(submissionOf(this.html(), this.url, args))
  }

  /** Waits like the functions of `k6/http`. @throws {Error} when there is no such link */
  clickLink(args?: unknown): Promise<HttpResponse> {
    return this.#open(linkOf(this.html(), this.url, args))
  }

  /** Nothing says that the receiver of such a call is a response, so that waiting for it is decided when it happens. */
  #open({ method, url, body, params }: PageRequest): Promise<HttpResponse> {
    const wait = this.#sender.send(method, url, body, params)
    registerWait(wait, { claim: () => wait })
    return wait
  }

  /** For messages: a URL may hold a key. */
  #title(): string {
    const spec = this.#exchanged?.spec
    return spec === undefined ? 'a request that was not sent' : `${spec.method} ${spec.name}`
  }

  toJSON(): Record<string, unknown> {
    return Object.fromEntries(JSON_KEYS.map((key) => [key, this[key]]))
  }
}

function ms(us: number): number {
  return us / US_PER_MS
}

function joinedHeaders(list: readonly Header[]): Record<string, string> {
  const lists = Object.entries(listedHeaders(list))
  return Object.fromEntries(lists.map(([name, values]) => [name, values.join(', ')]))
}

function listedHeaders(list: readonly Header[]): Record<string, string[]> {
  const headers: Record<string, string[]> = {}
  for (const [name, value] of list) (headers[canonicalName(name)] ??= []).push(value)
  return headers
}
