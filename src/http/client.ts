import { Connection, type ConnectionOwner } from './connection.ts'
import { aborted } from './errors.ts'
import { Exchange } from './exchange.ts'
import { type Lane, Pool } from './pool.ts'
import { SocketFactory } from './socket.ts'
import type { ReplyHandler, Transport, WireRequest } from './transport.ts'

export interface HttpTransportOptions {
  /** The run's clock: integer microseconds, never going back. */
  readonly nowUs: () => number
  /** Accept every certificate. k6's option of the same name. */
  readonly insecureSkipTLSVerify: boolean
}

/** HTTP/1.1 over sockets. Connections are kept open, as many as there are requests at once; nothing waits for a free one. */
export function createHttpTransport(options: HttpTransportOptions): Transport {
  return new HttpTransport(options)
}

class HttpTransport implements Transport, ConnectionOwner {
  readonly nowUs: () => number
  readonly sockets: SocketFactory
  readonly #pool = new Pool()
  readonly #connections = new Set<Connection>()
  #isClosed = false

  constructor(options: HttpTransportOptions) {
    this.nowUs = options.nowUs
    this.sockets = new SocketFactory(!options.insecureSkipTLSVerify)
  }

  send(request: WireRequest, handler: ReplyHandler): void {
    const nowUs = this.nowUs()
    const exchange = new Exchange(request, handler, nowUs)
    if (this.#isClosed) return this.#refuse(exchange)
    const lane = this.#pool.lane(request.target, request.group)
    const connection = lane.take(nowUs) ?? this.#open(lane)
    connection.start(exchange)
  }

  abortAll(): void {
    const connections = Array.from(this.#connections) // a handler may send again, which adds to the set
    for (const connection of connections) connection.abort('because the run ended')
  }

  close(): void {
    this.#isClosed = true
    for (const connection of this.#connections) if (!connection.isBusy) connection.close()
  }

  idle(connection: Connection): void {
    if (this.#isClosed) connection.close()
    else connection.lane.put(connection)
  }

  closed(connection: Connection): void {
    this.#connections.delete(connection)
    connection.lane.remove(connection)
  }

  retry(exchange: Exchange, lane: Lane): void {
    this.#open(lane).start(exchange)
  }

  #open(lane: Lane): Connection {
    const connection = new Connection(lane, this)
    this.#connections.add(connection)
    return connection
  }

  #refuse(exchange: Exchange): void {
    const failure = aborted(exchange.request.target, 'because the transport is closed')
    setImmediate(() => exchange.fail(failure, this.nowUs()))
  }
}
