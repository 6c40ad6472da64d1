import { connect as connectPlain, isIP, type OnReadOpts, type Socket } from 'node:net'
import {
  connect as connectSecure,
  type ConnectionOptions,
  createSecureContext,
  type SecureContext,
} from 'node:tls'
import type { Target } from './transport.ts'

/** 64 KiB is what libuv offers to a read. */
const READ_BUFFER_BYTES = 65_536

/** Opens sockets that read into one shared buffer and, for https, share a context (the trusted certificates). */
export class SocketFactory {
  /**
   * Node fills the buffer and calls back in one go, past the streams. So one serves all sockets as long as a
   * callback uses nothing of it after returning or after calling foreign code.
   */
  readonly readBuffer: Buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)
  readonly #verifiesCertificates: boolean
  #secureContext: SecureContext | undefined

  constructor(verifiesCertificates: boolean) {
    this.#verifiesCertificates = verifiesCertificates
  }

  /**
   * Starts connecting.
   *
   * @param session of an earlier connection, so that the handshake can be a short one.
   * @param onRead so many bytes are in `readBuffer`.
   */
  open(target: Target, session: Buffer | undefined, onRead: (countBytes: number) => void): Socket {
    const onread: OnReadOpts = {
      buffer: this.readBuffer,
      callback(countBytes) {
        onRead(countBytes)
        return true
      },
    }
    const host = target.hostname.replace(/^\[|\]$/g, '')
    const address = { host, port: target.port, onread }
    const isSecure = target.protocol === 'https:'
    const socket = isSecure
      ? connectSecure({ ...address, ...this.#secureOptions(host, session) })
      : connectPlain(address)
    return socket.setNoDelay(true)
  }

  #secureOptions(host: string, session: Buffer | undefined): ConnectionOptions {
    this.#secureContext ??= createSecureContext()
    const options: ConnectionOptions = {
      secureContext: this.#secureContext,
      rejectUnauthorized: this.#verifiesCertificates,
      ALPNProtocols: ['http/1.1'],
    }
    if (session !== undefined) options.session = session
    // An address is no server name (RFC 6066 section 3).
    if (isIP(host) === 0) options.servername = host
    return options
  }
}
