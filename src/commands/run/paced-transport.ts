import { US_PER_S } from '../../core/units.ts'
import type { Clock, Timer } from '../../engine/clock.ts'
import type { ReplyHandler, Transport, WireRequest } from '../../http/transport.ts'

interface Waiting {
  readonly request: WireRequest
  readonly handler: ReplyHandler
  /** Uptime. */
  readonly sinceUs: number
}

/**
 * k6's option `rps`: lets at most so many requests a second through, evenly; the others wait for their turn, in order.
 * As in k6 the wait takes nothing from a request's timeout. Turns that nobody took are gone: there are no bursts.
 */
export class PacedTransport implements Transport {
  readonly #inner: Transport
  readonly #clock: Clock
  readonly #rps: number
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiting>()
  #timer: Timer | undefined
  /** Uptime of the first turn since requests last came too fast; the others follow from it, so that no error adds up. */
  #firstTurnUs = 0
  #turnCount = 0

  constructor(inner: Transport, clock: Clock, rps: number) {
    this.#inner = inner
    this.#clock = clock
    this.#rps = rps
  }

  send(request: WireRequest, handler: ReplyHandler): void {
    const nowUs = this.#clock.uptimeUs()
    if (this.#waiting.size > 0 || nowUs < this.#nextTurnUs()) {
      this.#waiting.add({ request, handler, sinceUs: nowUs })
      return this.#arm()
    }
    this.#firstTurnUs = nowUs
    this.#turnCount = 1
    this.#inner.send(request, handler)
  }

  abortAll(): void {
    this.#abortWaiting()
    this.#inner.abortAll()
  }

  close(): void {
    this.#abortWaiting()
    this.#inner.close()
  }

  readonly endIteration = (group: number): void => this.#inner.endIteration?.(group)

  #nextTurnUs(): number {
    return this.#firstTurnUs + Math.ceil((this.#turnCount * US_PER_S) / this.#rps)
  }

  /** Timers count in the time of the run, which starts again after set-up. */
  #arm(): void {
    const waitUs = this.#nextTurnUs() - this.#clock.uptimeUs()
    this.#timer ??= this.#clock.schedule(this.#clock.nowUs() + waitUs, this.#letThrough, 'coarse')
  }

  readonly #letThrough = (): void => {
    this.#timer = undefined
    const nowUs = this.#clock.uptimeUs()
    for (const each of this.#waiting) {
      const isOver = each.handler.isOver === true
      if (!isOver && nowUs < this.#nextTurnUs()) break
      this.#waiting.delete(each)
      if (isOver) continue
      this.#turnCount++
      this.#sendLate(each, nowUs - each.sinceUs)
    }
    if (this.#waiting.size > 0) this.#arm()
  }

  #sendLate({ request, handler }: Waiting, waitedUs: number): void {
    this.#inner.send({ ...request, waitedUs, deadlineUs: request.deadlineUs + waitedUs }, handler)
  }

  #abortWaiting(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    this.#timer?.cancel()
    this.#timer = undefined
    for (const each of waiting) this.#abort(each)
  }

  #abort({ request, handler, sinceUs }: Waiting): void {
    handler.onError({
      kind: 'aborted',
      message: `the request to ${request.target.authority} was aborted while it waited for its turn`,
      code: 'ABORTED',
      atUs: this.#clock.nowUs(),
      sentAtUs: undefined,
      blockedUs: this.#clock.uptimeUs() - sinceUs,
      connectingUs: 0,
      tlsUs: 0,
      sentBytes: 0,
      receivedBytes: 0,
    })
  }
}
