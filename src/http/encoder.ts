/** A request as it goes over the wire (RFC 9112 sections 3 and 6). */
import type { WireRequest } from './transport.ts'

/** Methods whose requests say `Content-Length: 0` when they have no body (RFC 9110 section 8.6). */
const EXPECTS_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

/**
 * Head and body in one piece: a string, to be written as UTF-8, unless the body is bytes.
 * Bytes are copied, so the caller may change them afterwards.
 */
export function encodeRequest(request: WireRequest): string | Buffer {
  const { body } = request
  if (body === null) return encodeHead(request, 0)
  if (typeof body === 'string') return encodeHead(request, Buffer.byteLength(body)) + body
  return Buffer.concat([Buffer.from(encodeHead(request, body.byteLength)), body])
}

/** True when the request itself tells the server to close the connection after the reply. */
export function asksToClose(request: WireRequest): boolean {
  return request.headers.some(([name, value]) => isNamed(name, 'connection') && /\bclose\b/i.test(value))
}

function encodeHead(request: WireRequest, bodyBytes: number): string {
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
  if (!hasConnection) fields += 'Connection: keep-alive\r\n'
  const host = hasHost ? '' : `Host: ${request.target.authority}\r\n`
  return `${request.method} ${request.path} HTTP/1.1\r\n${host}${fields}\r\n`
}

/** The length first: most names differ in it already. */
function isNamed(name: string, lowerCaseName: string): boolean {
  return name.length === lowerCaseName.length && name.toLowerCase() === lowerCaseName
}
