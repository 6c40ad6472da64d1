import type { EventEmitter } from 'node:events'
import autocannon from 'autocannon'
import { US_PER_MS, US_PER_S } from '../../core/units.ts'
import type { Clock } from '../../engine/clock.ts'
import { outcomeOfStatus, type Outcome, type OutcomeRules } from '../../measure/outcome.ts'
import type { Recorder } from '../../measure/recorder.ts'
import type { ClosedCall } from './request.ts'

/** What the steps of a saturation have in common. */
export interface ClosedLoad {
  readonly clock: Clock
  readonly recorder: Recorder
  readonly call: ClosedCall
  readonly timeoutUs: number
  readonly outcomeRules: OutcomeRules
}

/** What a step is, and where it stands in the run. */
export interface ClosedStepPlan {
  /** The request name under which it is counted. */
  readonly name: string
  readonly connections: number
  readonly startUs: number
  readonly durationUs: number
}

export interface ClosedStepEnd extends ClosedStepPlan {
  readonly endUs: number
  /** Replies by status. */
  readonly statusCounts: Readonly<Record<string, number>>
  /** Accepted replies by the second of the step in which they came; whole seconds only. */
  readonly acceptedPerSecond: readonly number[]
  /** Connections given up because the process may open no more files. */
  readonly unopenedCount: number
}

/** autocannon looks for timeouts with timers of whole milliseconds. */
const TIMEOUT_GRAIN_US = 10 * US_PER_MS
/** How often autocannon looks whether it was told to stop. */
const STOP_GRAIN_MS = 20
/** When autocannon would stop by itself: never before it is told to. */
const MARGIN_S = 60

/** A connection of autocannon with what its types leave out. */
interface Sender extends EventEmitter {
  getRequestBuffer(): Buffer
  destroy(): void
}

/**
 * One step of autocannon's requests in our recorder. There is no plan, so a request is offered when it is sent, and
 * response time and service time are the same.
 */
export class ClosedStep {
  readonly #load: ClosedLoad
  readonly #plan: ClosedStepPlan
  readonly #nameId: number
  /** When the request under way on a connection was written. */
  readonly #sentUs = new Map<Sender, number>()
  readonly #acceptedPerSecond: number[] = []
  #unopenedCount = 0
  #instance: autocannon.Instance | undefined

  constructor(load: ClosedLoad, plan: ClosedStepPlan) {
    this.#load = load
    this.#plan = plan
    this.#nameId = load.recorder.nameId(plan.name)
  }

  async run(): Promise<ClosedStepEnd> {
    const timer = setTimeout(() => this.stop(), this.#plan.durationUs / US_PER_MS)
    try {
      const result = await this.#shoot()
      for (const sender of this.#sentUs.keys()) this.#ended(sender, 'aborted', 0)
      const endUs = this.#load.clock.nowUs()
      return {
        ...this.#plan,
        endUs,
        statusCounts: countsOf(result.statusCodeStats ?? {}),
        acceptedPerSecond: this.#wholeSeconds(endUs),
        unopenedCount: this.#unopenedCount,
      }
    } finally {
      clearTimeout(timer)
    }
  }

  stop(): void {
    this.#instance?.stop?.()
  }

  #shoot(): Promise<autocannon.Result> {
    const { url, method, headers, body } = this.#load.call
    const { connections, durationUs } = this.#plan
    return new Promise((resolve, reject) => {
      const instance = autocannon(
        {
          url: url.href,
          connections,
          duration: durationUs / US_PER_S + MARGIN_S,
          sampleInt: STOP_GRAIN_MS,
          timeout: this.#load.timeoutUs / US_PER_S,
          method: method as NonNullable<autocannon.Options['method']>,
          headers: Object.fromEntries(headers),
          setupClient: (client) => this.#watch(client as EventEmitter as Sender),
          ...(body !== undefined && { body: typeof body === 'string' ? body : Buffer.from(body) }),
        },
        (error: unknown, result) => (error ? reject(error) : resolve(result)),
      )
      this.#instance = instance
      instance.on('response', (client, status, sizeBytes) => {
        const outcome = outcomeOfStatus(status, this.#load.outcomeRules)
        this.#ended(client as EventEmitter as Sender, outcome, sizeBytes)
      })
    })
  }

  /** A connection has one request under way at a time; it tells of each when it is written. */
  #watch(sender: Sender): void {
    const { clock, recorder } = this.#load
    sender.on('request', () => {
      // A new one though the last had no reply: it timed out, or its connection was closed.
      this.#ended(sender, this.#isOverdue(sender) ? 'timeout' : 'network_error', 0)
      const sentUs = clock.nowUs()
      this.#sentUs.set(sender, sentUs)
      recorder.offered(this.#nameId, sentUs)
      recorder.sent(this.#nameId, sentUs, 1)
    })
    sender.on('connError', (error: NodeJS.ErrnoException) => {
      this.#ended(sender, 'network_error', 0)
      if (error.code === 'EMFILE' || error.code === 'ENFILE') this.#giveUp(sender)
    })
  }

  /** autocannon would try again at once and for ever, without a turn of the event loop in between. */
  #giveUp(sender: Sender): void {
    this.#unopenedCount++
    sender.destroy()
  }

  #isOverdue(sender: Sender): boolean {
    const sentUs = this.#sentUs.get(sender) ?? Infinity
    return this.#load.clock.nowUs() - sentUs >= this.#load.timeoutUs - TIMEOUT_GRAIN_US
  }

  /** Ends what the connection has under way, if anything. */
  #ended(sender: Sender, outcome: Outcome, receivedBytes: number): void {
    const sentUs = this.#sentUs.get(sender)
    if (sentUs === undefined) return
    this.#sentUs.delete(sender)
    const doneUs = this.#load.clock.nowUs()
    if (outcome === 'accepted') this.#countAccepted(doneUs)
    this.#load.recorder.done(this.#nameId, {
      outcome,
      plannedUs: sentUs,
      sentUs,
      doneUs,
      attempt: 1,
      retryAfterUs: undefined,
      sentBytes: sender.getRequestBuffer().length,
      receivedBytes,
      operation: undefined,
    })
  }

  #countAccepted(doneUs: number): void {
    const second = Math.floor((doneUs - this.#plan.startUs) / US_PER_S)
    this.#acceptedPerSecond[second] = (this.#acceptedPerSecond[second] ?? 0) + 1
  }

  #wholeSeconds(endUs: number): number[] {
    const length = Math.floor((endUs - this.#plan.startUs) / US_PER_S)
    return Array.from({ length }, (_, second) => this.#acceptedPerSecond[second] ?? 0)
  }
}

function countsOf(stats: Readonly<Record<string, { count?: number }>>): Record<string, number> {
  return Object.fromEntries(Object.entries(stats).map(([status, { count }]) => [status, count ?? 0]))
}
