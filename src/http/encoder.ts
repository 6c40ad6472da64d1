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

/**
 * Head and body in one piece: a string, to be written as UTF-8, unless the body is bytes.
 * Bytes are copied, so the caller may change them afterwards.
 */
export function encodeRequest(request: WireRequest, form: RequestForm = DIRECT_FORM): string | Buffer {
  const { body } = request
  if (body === null) return encodeHead(request, 0, form)
  if (typeof body === 'string') return encodeHead(request, Buffer.byteLength(body), form) + body
  return Buffer.concat([Buffer.from(encodeHead(request, body.byteLength, form)), body])
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
