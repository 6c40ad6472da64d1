import type { Socket } from 'node:net'
import { DEFAULT_LIMITS, ResponseParser } from './parser.ts'
import type { Proxy } from './proxy.ts'
import { bareHost, type Target } from './transport.ts'

/**
 * Asks a proxy for a tunnel to the target (RFC 9110 section 9.3.6) over an open connection.
 *
 * @param onEnd hears once what is wrong with the answer, said of the proxy; `''` when the tunnel is open. It hears nothing when the connection ends before.
 */
export function openTunnel(
  socket: Socket,
  target: Target,
  proxy: Proxy,
  onEnd: (fault: string) => void,
): void {
  const parser = new ResponseParser(DEFAULT_LIMITS)
  // Like the reply to HEAD, the one that opens a tunnel has no body, whatever its head says.
  parser.start('HEAD')
  const onData = (bytes: Buffer): void => {
    const usedBytes = parser.read(bytes, 0, bytes.length)
    if (!parser.done && !parser.faulty) return
    socket.off('data', onData)
    onEnd(faultOf(parser, usedBytes === bytes.length))
  }
  socket.on('data', onData)
  socket.write(encodeConnect(target, proxy), 'latin1')
}

/** @param isClean nothing came behind the head: a TLS server waits to be spoken to. */
function faultOf(parser: ResponseParser, isClean: boolean): string {
  if (parser.faulty) return `gave a reply that ${parser.fault}`
  if (parser.status < 200 || parser.status > 299) return `answered with status ${parser.status}`
  return isClean ? '' : 'sent bytes that nobody asked for'
}

function encodeConnect(target: Target, { authorization }: Proxy): string {
  const host = bareHost(target.hostname)
  const authority = `${host.includes(':') ? `[${host}]` : host}:${target.port}`
  const credentials = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`
  return `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credentials}\r\n`
}
