import type { ConnectionFigures } from '../core/connection-figures.ts'
import type { ConnectionPlan } from '../core/connection-plan.ts'
import type { Rng } from '../core/rng.ts'
import { Connection, type ConnectionOwner } from './connection.ts'
import { aborted, type Failure, isShortage } from './errors.ts'
import { Exchange } from './exchange.ts'
import { type Lane, Pool } from './pool.ts'
import type { ProxyLookup } from './proxy.ts'
import { type LookupAll, Resolver } from './resolver.ts'
import { Router } from './router.ts'
import { SecureContexts } from './secure-contexts.ts'
import { SocketFactory } from './socket.ts'
import type { ReplyHandler, Transport, WireRequest } from './transport.ts'

export interface HttpTransportOptions {
  /** The run's clock: integer microseconds, never going back. */
  readonly nowUs: () => number
  /** A clock that goes on where the run's starts again at 0, after set-up. */
  readonly uptimeUs: () => number
  /** Waits until it is what `nowUs` says. Default: it is. */
  readonly catchUp?: () => void
  /** Accept every certificate. k6's option of the same name. */
  readonly insecureSkipTLSVerify: boolean
  readonly connection: ConnectionPlan
  /** Of the choice among several addresses of a name. */
  readonly rng: Rng
  readonly lookup: LookupAll
  readonly proxyFor: ProxyLookup
}

export interface SocketTransport extends Transport {
  /** Requests that have not ended, resolving and connecting included. */
  readonly underWayCount: number
  readonly connectionFigures: ConnectionFigures
}

/** HTTP/1.1 over sockets. Connections are kept open, as many as there are requests at once; nothing waits for a free one. */
export function createHttpTransport(options: HttpTransportOptions): SocketTransport {
  return new HttpTransport(options)
}

class HttpTransport implements SocketTransport, ConnectionOwner {
  readonly nowUs: () => number
  readonly catchUp: () => void
  readonly sockets: SocketFactory
  readonly keepsAlive: boolean
  /** Only there when it is to do something. */
  readonly endIteration?: (group: number) => void
  readonly #router: Router
  readonly #pool = new Pool()
  readonly #connections = new Set<Connection>()
  #underWayCount = 0
  #connectionWaitUs = 0
  #shortageCount = 0
  #isClosed = false

  constructor(options: HttpTransportOptions) {
    this.nowUs = options.nowUs
    this.catchUp = options.catchUp ?? (() => {})
    const { connection: plan, rng, uptimeUs, lookup } = options
    this.keepsAlive = !plan.noConnectionReuse
    this.sockets = new SocketFactory(new SecureContexts(plan.tls, !options.insecureSkipTLSVerify))
    const resolver = new Resolver({ plan: plan.dns, rng, uptimeUs, lookup })
    this.#router = new Router(plan, resolver, options.proxyFor)
    if (plan.noVUConnectionReuse) this.endIteration = (group) => this.#giveUp(group)
  }

  send(request: WireRequest, handler: ReplyHandler): void {
    const nowUs = this.nowUs()
    const exchange = new Exchange(request, handler, nowUs)
    if (this.#isClosed)
      return this.#refuse(exchange, aborted(request.target, 'because the transport is closed'))
    const lane = this.#pool.lane(request.target, request.group)
    const connection = lane.take(nowUs)
    if (connection === undefined) this.#open(lane, exchange)
    else connection.start(exchange)
  }

  get connectionFigures(): ConnectionFigures {
    return { waitUs: this.#connectionWaitUs, shortageCount: this.#shortageCount }
  }

  get underWayCount(): number {
    return this.#underWayCount
  }

  abortAll(): void {
    const connections = Array.from(this.#connections) // a handler may send again, which adds to the set
    for (const connection of connections) connection.abort('because the run ended')
  }

  close(): void {
    this.#isClosed = true
    for (const connection of this.#connections) if (!connection.isBusy) connection.close()
  }

  began(): void {
    this.#underWayCount++
  }

  ended(): void {
    this.#underWayCount--
  }

  idle(connection: Connection): void {
    if (this.#isClosed) connection.close()
    else connection.lane.put(connection)
  }

  closed(connection: Connection): void {
    this.#connections.delete(connection)
    connection.lane.remove(connection)
  }

  opened(tookUs: number, failureCode: string): void {
    this.#connectionWaitUs += tookUs
    if (isShortage(failureCode)) this.#shortageCount++
  }

  retry(exchange: Exchange, lane: Lane): void {
    this.#open(lane, exchange)
  }

  #open(lane: Lane, exchange: Exchange): void {
    const route = this.#router.route(lane.target)
    if ('kind' in route) return this.#refuse(exchange, route)
    const connection = new Connection(lane, route, this)
    this.#connections.add(connection)
    connection.start(exchange)
  }

  #giveUp(group: number): void {
    for (const lane of this.#pool.lanesOf(group)) lane.giveUp()
  }

  #refuse(exchange: Exchange, failure: Failure): void {
    setImmediate(() => exchange.fail(failure, this.nowUs()))
  }
}
