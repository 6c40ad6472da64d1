import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { RemoteEnd } from './transport.ts'

/** The other end of an open connection. */
export function remoteEndOf(socket: Socket): RemoteEnd {
  const { remoteAddress = '', remotePort = 0 } = socket
  const tls = socket instanceof TLSSocket ? tlsOf(socket) : undefined
  return { address: remoteAddress, port: remotePort, tls }
}

function tlsOf(socket: TLSSocket): RemoteEnd['tls'] {
  const cipher = cipherName(socket.getCipher().standardName)
  return { version: versionName(socket.getProtocol() ?? ''), cipher }
}

/** `tls1.3` for what Node calls `TLSv1.3`. */
function versionName(protocol: string): string {
  return protocol
    .toLowerCase()
    .replace('v', '')
    .replace(/^tls1$/, 'tls1.0')
}

/** Go, and so k6, leaves the hash out of the names of two suites of TLS 1.2. */
function cipherName(standardName: string): string {
  return standardName.replace(/^(TLS_ECDHE_\w+_CHACHA20_POLY1305)_SHA256$/, '$1')
}
