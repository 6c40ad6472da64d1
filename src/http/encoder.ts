/** A request as it goes over the wire (RFC 9112 sections 3 and 6). */
import { isNamed } from '../core/field-name.ts'
import type { WireRequest } from './transport.ts'

/** What the requests of one connection have in common. */
export interface RequestForm {
  /** Value of the Connection header, unless the request has its own. */
  readonly connection: 'keep-alive' | 'close'
  /** Set for a proxy that passes plain requests on: it has to be told the whole URL (RFC 9112 section 3.2.2). */
  readonly proxy: { readonly authorization: string | undefined } | undefined
}

export const DIRECT_FORM: RequestForm = { connection: 'keep-alive', proxy: undefined }

/** Methods whose requests say `Content-Length: 0` when they have no body (RFC 9110 section 8.6). */
const EXPECTS_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

/** What the head of a request is made of. */
type HeadFacts = Pick<WireRequest, 'method' | 'target' | 'path' | 'headers'> & { readonly bodyBytes: number }

/**
 * Encodes the requests of one connection. Most have the head of the one before: to put it together anew left half a kilobyte to
 * be collected.
 */
export class RequestEncoder {
  readonly #form: RequestForm
  #last: HeadFacts | undefined
  #lastHead = ''

  constructor(form: RequestForm = DIRECT_FORM) {
    this.#form = form
  }

  /**
   * Head and body in one piece: a string, to be written as UTF-8, unless the body is bytes.
   * Bytes are copied, so the caller may change them afterwards; the list of headers must not be changed.
   */
  encode(request: WireRequest): string | Buffer {
    const { body } = request
    if (body === null) return this.#head(request, 0)
    if (typeof body === 'string') return this.#head(request, Buffer.byteLength(body)) + body
    return Buffer.concat([Buffer.from(this.#head(request, body.byteLength)), body])
  }

  #head(request: WireRequest, bodyBytes: number): string {
    if (this.#last === undefined || !isHeadOf(this.#last, request, bodyBytes)) {
      const { method, target, path, headers } = request
      this.#last = { method, target, path, headers, bodyBytes }
      this.#lastHead = encodeHead(request, bodyBytes, this.#form)
    }
    return this.#lastHead
  }
}

function isHeadOf(
  last: HeadFacts,
  { method, target, path, headers }: WireRequest,
  bodyBytes: number,
): boolean {
  const isSameTo = last.target === target && last.path === path && last.method === method
  return isSameTo && last.headers === headers && last.bodyBytes === bodyBytes
}

/** True when the request itself tells the server to close the connection after the reply. */
export function asksToClose(request: WireRequest): boolean {
  return request.headers.some(([name, value]) => isNamed(name, 'connection') && /\bclose\b/i.test(value))
}

function encodeHead(request: WireRequest, bodyBytes: number, form: RequestForm): string {
  let fields = ''
  let hasHost = false
  let hasConnection = false
  for (const [name, value] of request.headers) {
    if (isNamed(name, 'content-length') || isNamed(name, 'transfer-encoding')) continue
    hasHost ||= isNamed(name, 'host')
    hasConnection ||= isNamed(name, 'connection')
    fields += `${name}: ${value}\r\n`
  }
  if (bodyBytes > 0 || EXPECTS_BODY.has(request.method)) fields += `Content-Length: ${bodyBytes}\r\n`
  if (!hasConnection) fields += `Connection: ${form.connection}\r\n`
  if (form.proxy !== undefined) fields += proxyField(form.proxy)
  const host = hasHost ? '' : `Host: ${request.target.authority}\r\n`
  const origin = form.proxy === undefined ? '' : `http://${request.target.authority}`
  return `${request.method} ${origin}${request.path} HTTP/1.1\r\n${host}${fields}\r\n`
}

function proxyField({ authorization }: { readonly authorization: string | undefined }): string {
  return authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`
}
