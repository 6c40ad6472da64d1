import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { US_PER_MS } from '../core/units.ts'
import { asksToClose, DIRECT_FORM, RequestEncoder, type RequestForm } from './encoder.ts'
import {
  aborted,
  closedEarly,
  closedIdle,
  explain,
  type Failure,
  isReset,
  malformed,
  noTunnel,
  type Peer,
  type Phase,
  timedOut,
} from './errors.ts'
import type { Exchange } from './exchange.ts'
import { idleLimitUs } from './keep-alive.ts'
import { DEFAULT_LIMITS, ResponseParser } from './parser.ts'
import type { Lane } from './pool.ts'
import { remoteEndOf } from './remote-end.ts'
import { ForbiddenError, type Route } from './router.ts'
import type { OnRead, SocketFactory } from './socket.ts'
import { openTunnel } from './tunnel.ts'
import type { RemoteEnd, Target } from './transport.ts'

/** The longest wait that setTimeout knows. */
const TIMER_LIMIT_MS = 2 ** 31 - 1

/** With more than this of a request still to be sent when its reply is complete, closing is cheaper than sending on. */
const UNSENT_LIMIT_BYTES = 16_384

/** Methods that may be repeated without harm (RFC 9110 section 9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

/** Who keeps the connections. */
export interface ConnectionOwner {
  readonly nowUs: () => number
  /** To be called before a request leaves: it may have been prepared ahead of its time. */
  readonly catchUp: () => void
  readonly sockets: SocketFactory
  /** Whether connections are used again. */
  readonly keepsAlive: boolean
  /** A request is under way: on its way to the connection, or served by it. */
  began(): void
  /** It is no longer, however it went. */
  ended(): void
  /** The connection is open and has no request. */
  idle(connection: Connection): void
  /** A connection is open, or cannot be opened: `failureCode` is not empty then. */
  opened(tookUs: number, failureCode: string): void
  closed(connection: Connection): void
  /** The request was lost together with an idle connection and can be sent again without harm. */
  retry(exchange: Exchange, lane: Lane): void
}

/** One socket and the request it serves: at most one at a time, one after another. */
export class Connection {
  readonly lane: Lane
  /** Of the lane, when the connection was opened. */
  readonly generation: number
  readonly #owner: ConnectionOwner
  readonly #route: Route
  readonly #encoder: RequestEncoder
  readonly #createdAtUs: number
  readonly #parser = new ResponseParser(DEFAULT_LIMITS)
  #socket: Socket
  #state: 'resolving' | 'connecting' | 'tunnelling' | 'securing' | 'open' | 'closed'
  #exchange: Exchange | undefined
  #remote: RemoteEnd | undefined
  #hasServed = false
  #idleSinceUs = 0
  #idleLimitUs = Infinity
  #keepAlive: string | undefined
  #timer: NodeJS.Timeout | undefined
  #timerAtUs = 0

  constructor(lane: Lane, route: Route, owner: ConnectionOwner) {
    this.lane = lane
    this.generation = lane.generation
    this.#owner = owner
    this.#route = route
    this.#encoder = new RequestEncoder(formOf(lane.target, route, owner.keepsAlive))
    this.#createdAtUs = owner.nowUs()
    this.#state = route.lookup === undefined ? 'connecting' : 'resolving'
    this.#socket = owner.sockets.open(lane.target, route, lane.session, this.#onRead)
    this.#socket
      .on('lookup', (error: Error | null) => this.#onLookup(error))
      .on('connect', () => this.#onConnect())
    this.#listen(this.#socket)
  }

  get isBusy(): boolean {
    return this.#exchange !== undefined
  }

  /** True when it has been idle for so long that the server may be closing it. */
  isStale(nowUs: number): boolean {
    return nowUs - this.#idleSinceUs > this.#idleLimitUs
  }

  /** Serves the request: at once when open, else as soon as it is. Not to be called on a busy connection. */
  start(exchange: Exchange): void {
    this.#exchange = exchange
    this.#owner.began()
    this.#arm(exchange.request.deadlineUs)
    if (this.#state === 'open') this.#send(exchange)
  }

  /** Ends the request under way, if any. @param why `because …`. */
  abort(why: string): void {
    if (this.#exchange !== undefined) this.#fail(aborted(this.lane.target, why))
  }

  /** A request under way hears nothing of it. */
  close(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    clearTimeout(this.#timer)
    this.#socket.destroy()
    this.#owner.closed(this)
  }

  #listen(socket: Socket): void {
    socket
      .on('secureConnect', () => this.#onSecureConnect())
      .on('session', (session: Buffer) => (this.lane.session = session))
      .on('end', () => this.#onEnd())
      .on('close', () => this.#onEnd())
      .on('error', (error) => this.#onError(error))
  }

  #onLookup(error: Error | null): void {
    // It comes also when the connection was closed meanwhile.
    if (error !== null || this.#state === 'closed') return
    this.#state = 'connecting'
    this.#exchange?.resolved(this.#owner.nowUs())
  }

  #onConnect(): void {
    const { target } = this.lane
    const { proxy } = this.#route
    if (proxy === undefined || target.protocol === 'http:') return this.#onConnected()
    this.#state = 'tunnelling'
    openTunnel(this.#socket, target, proxy, (fault) => this.#onTunnel(fault))
  }

  #onConnected(): void {
    this.#exchange?.connected(this.#owner.nowUs())
    if (this.#socket instanceof TLSSocket) this.#state = 'securing'
    else this.#onOpen()
  }

  /** The proxy has answered: TLS begins, with the target. */
  #onTunnel(fault: string): void {
    const { target, session } = this.lane
    if (this.#state === 'closed') return
    if (fault !== '') return this.#fail(noTunnel(this.#peer, target, fault))
    this.#socket = this.#owner.sockets.secure(this.#socket, target, session, this.#onRead)
    this.#listen(this.#socket)
    this.#onConnected()
  }

  #onSecureConnect(): void {
    this.#exchange?.secured(this.#owner.nowUs())
    this.#onOpen()
  }

  #onOpen(): void {
    this.#state = 'open'
    this.#owner.opened(this.#owner.nowUs() - this.#createdAtUs, '')
    this.#remote = remoteEndOf(this.#socket)
    if (this.#exchange !== undefined) this.#send(this.#exchange)
  }

  #send(exchange: Exchange): void {
    const data = this.#encoder.encode(exchange.request)
    const sentBytes = typeof data === 'string' ? Buffer.byteLength(data) : data.length
    this.#parser.start(exchange.request.method, exchange.request.dropsBody !== true)
    this.#owner.catchUp()
    const nowUs = this.#owner.nowUs()
    // As many bytes as characters means ASCII, for which latin1 is the cheapest encoding.
    this.#socket.write(data, sentBytes === data.length ? 'latin1' : 'utf8')
    if (this.#socket.writableLength === 0) exchange.flushed(this.#owner.nowUs())
    // A callback of the write itself takes a tick of its own, with half a kilobyte of garbage, for every request.
    else this.#socket.write('', this.#onWritten)
    exchange.sent(nowUs, sentBytes)
  }

  readonly #onWritten = (): void => {
    const exchange = this.#exchange
    if (exchange === undefined || exchange.isFlushed || this.#socket.writableLength > 0) return
    exchange.flushed(this.#owner.nowUs())
  }

  readonly #onRead: OnRead = (bytes, countBytes) => {
    const exchange = this.#exchange
    // Bytes that nobody asked for: no later reply on this connection could be trusted.
    if (exchange === undefined) return this.close()
    const nowUs = this.#owner.nowUs()
    const usedBytes = this.#parser.read(bytes, 0, countBytes)
    exchange.received(nowUs, usedBytes)
    if (this.#parser.done) this.#complete(exchange, nowUs, usedBytes === countBytes)
    else if (this.#parser.faulty) this.#fail(malformed(this.lane.target, this.#parser.fault))
  }

  /** @param isClean nothing came behind the reply, and the connection is still open. */
  #complete(exchange: Exchange, nowUs: number, isClean: boolean): void {
    const parser = this.#parser
    this.#endExchange()
    this.#hasServed = true
    const isUnsent = this.#socket.writableLength > UNSENT_LIMIT_BYTES
    const mayStay = this.#owner.keepsAlive && parser.persistent && !asksToClose(exchange.request)
    if (isClean && !isUnsent && mayStay) this.#rest(nowUs)
    else this.close()
    exchange.respond(parser, nowUs, this.#remote)
  }

  #rest(nowUs: number): void {
    const { keepAlive } = this.#parser
    if (keepAlive !== this.#keepAlive) {
      this.#keepAlive = keepAlive
      this.#idleLimitUs = idleLimitUs(keepAlive)
    }
    this.#idleSinceUs = nowUs
    this.#owner.idle(this)
  }

  /** The server has closed its side. */
  #onEnd(): void {
    const exchange = this.#exchange
    if (this.#state === 'closed') return
    if (exchange === undefined) return this.close()
    if (!exchange.isReplying) return this.#onLost(exchange)
    this.#parser.end()
    if (this.#parser.done) this.#complete(exchange, this.#owner.nowUs(), false)
    else this.#fail(closedEarly(this.#peer, this.#phase(exchange)))
  }

  #onError(error: Error): void {
    const exchange = this.#exchange
    if (this.#state === 'closed') return
    if (exchange === undefined) return this.close()
    if (error instanceof ForbiddenError) return this.#fail(error.failure)
    if (isReset(error)) return this.#onLost(exchange)
    const isCertificate = this.#socket instanceof TLSSocket && Boolean(this.#socket.authorizationError)
    this.#fail(explain(error, this.#peer, this.#phase(exchange), isCertificate))
  }

  /** The connection is gone. When it was an idle one, the server may have closed it just before the request. */
  #onLost(exchange: Exchange): void {
    const peer = this.#peer
    if (!this.#hasServed || exchange.isReplying) return this.#fail(closedEarly(peer, this.#phase(exchange)))
    const { method } = exchange.request
    if (!IDEMPOTENT.has(method)) return this.#fail(closedIdle(peer, method))
    this.#endExchange()
    this.close()
    exchange.retry()
    this.#owner.retry(exchange, this.lane)
  }

  #fail(failure: Failure): void {
    const exchange = this.#exchange
    const nowUs = this.#owner.nowUs()
    if (this.#state !== 'open') this.#owner.opened(nowUs - this.#createdAtUs, failure.code)
    this.#endExchange()
    this.close()
    exchange?.fail(failure, nowUs)
  }

  #endExchange(): void {
    if (this.#exchange === undefined) return
    this.#exchange = undefined
    this.#owner.ended()
  }

  #phase(exchange: Exchange): Phase {
    if (this.#state !== 'open' && this.#state !== 'closed') return this.#state
    if (exchange.isReplying) return 'receiving'
    return exchange.isFlushed ? 'waiting' : 'sending'
  }

  /** Who is at the other end: the proxy until it has let us through. */
  get #peer(): Peer {
    const { proxy } = this.#route
    const isBefore = ['resolving', 'connecting', 'tunnelling'].includes(this.#state)
    if (proxy === undefined || !isBefore) return this.lane.target
    return { hostname: proxy.hostname, authority: `the proxy ${proxy.authority}` }
  }

  /** Sees to it that the timer fires at the deadline or before; it looks then at what is really due. */
  #arm(deadlineUs: number): void {
    if (this.#timer !== undefined && this.#timerAtUs <= deadlineUs) return
    clearTimeout(this.#timer)
    const waitMs = Math.ceil((deadlineUs - this.#owner.nowUs()) / US_PER_MS)
    this.#timer = setTimeout(this.#onTimer, Math.min(waitMs, TIMER_LIMIT_MS)).unref()
    this.#timerAtUs = deadlineUs
  }

  readonly #onTimer = (): void => {
    this.#timer = undefined
    const exchange = this.#exchange
    if (exchange === undefined) return
    const { deadlineUs } = exchange.request
    if (this.#owner.nowUs() < deadlineUs) this.#arm(deadlineUs)
    else this.#fail(timedOut(this.#peer, this.#phase(exchange)))
  }
}

/** A proxy passes plain requests on; through a tunnel the target itself is spoken to. */
function formOf(target: Target, route: Route, keepsAlive: boolean): RequestForm {
  const proxy = target.protocol === 'http:' ? route.proxy : undefined
  if (keepsAlive && proxy === undefined) return DIRECT_FORM
  return { connection: keepsAlive ? 'keep-alive' : 'close', proxy }
}
