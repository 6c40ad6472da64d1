import { connect as connectPlain, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectSecure } from 'node:tls'
import type { Route } from './router.ts'
import type { SecureContexts } from './secure-contexts.ts'
import { bareHost, type Target } from './transport.ts'

/** 64 KiB is what libuv offers to a read. */
const READ_BUFFER_BYTES = 65_536

/** So many bytes came; they stand at the beginning of the buffer. */
export type OnRead = (bytes: Buffer, countBytes: number) => void

/** Opens sockets that read into one shared buffer. */
export class SocketFactory {
  /**
   * Node fills the buffer and calls back in one go, past the streams. So one serves all sockets as long as a
   * callback uses nothing of it after returning or after calling foreign code.
   */
  readonly #readBuffer: Buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)
  readonly #contexts: SecureContexts

  constructor(contexts: SecureContexts) {
    this.#contexts = contexts
  }

  /**
   * Starts connecting to the target, or to the proxy on the way to it.
   *
   * @param session of an earlier connection, so that the handshake can be a short one.
   */
  open(target: Target, route: Route, session: Buffer | undefined, onRead: OnRead): Socket {
    const { host, port, lookup } = route
    const address = { host, port, ...(lookup !== undefined && { lookup, autoSelectFamily: false }) }
    const isSecure = target.protocol === 'https:'
    // A tunnel is read in the ordinary way until it is open.
    if (isSecure && route.proxy !== undefined) return connectPlain(address).setNoDelay(true)
    const reading = { ...address, onread: this.#reader(onRead) }
    const socket = isSecure
      ? connectSecure({ ...reading, ...this.#contexts.optionsFor(bareHost(target.hostname), session) })
      : connectPlain(reading)
    return socket.setNoDelay(true)
  }

  /** Speaks TLS with the target through an open tunnel. */
  secure(tunnel: Socket, target: Target, session: Buffer | undefined, onRead: OnRead): Socket {
    const options = this.#contexts.optionsFor(bareHost(target.hostname), session)
    // Node ignores `onread` for a socket that is there already.
    return connectSecure({ ...options, socket: tunnel }).on('data', (bytes: Buffer) =>
      onRead(bytes, bytes.length),
    )
  }

  #reader(onRead: OnRead): OnReadOpts {
    const buffer = this.#readBuffer
    return {
      buffer,
      callback(countBytes) {
        onRead(buffer, countBytes)
        return true
      },
    }
  }
}
