import type { EventEmitter } from 'node:events'
import autocannon from 'autocannon'
import { US_PER_S } from '../../core/units.ts'
import { SystemClock } from '../../engine/system-clock.ts'
import type { EngineSnapshot } from '../../engine/protocol.ts'
import { encodeRequest } from '../../http/encoder.ts'
import { DEFAULT_OUTCOME_RULES, outcomeOfStatus, type Outcome } from '../../measure/outcome.ts'
import { Recorder } from '../../measure/recorder.ts'
import type { SaturateRequest } from './request.ts'

export interface ClosedLoadEnd {
  readonly loadEndUs: number
  readonly statusCounts: Readonly<Record<string, number>>
  readonly wasInterrupted: boolean
}

/** autocannon looks for timeouts with timers of whole milliseconds. */
const TIMEOUT_GRAIN_US = 10_000

/**
 * autocannon's requests in our recorder. There is no plan, so a request is offered when it is sent, and response
 * time and service time are the same.
 */
export class ClosedLoad {
  readonly #request: SaturateRequest
  readonly #post: (snapshot: EngineSnapshot) => void
  readonly #clock = new SystemClock()
  readonly #recorder = new Recorder()
  readonly #nameId: number
  readonly #sentBytes: number
  /** When the request under way on a connection was written. */
  readonly #sentUs = new Map<autocannon.Client, number>()
  #instance: autocannon.Instance | undefined
  #wasInterrupted = false

  constructor(request: SaturateRequest, name: string, post: (snapshot: EngineSnapshot) => void) {
    this.#request = request
    this.#post = post
    this.#nameId = this.#recorder.nameId(name)
    this.#sentBytes = requestSizeBytes(request)
  }

  async run(): Promise<ClosedLoadEnd> {
    const ticker = setInterval(() => this.#tick(), 1_000)
    try {
      const result = await this.#shoot()
      const nowUs = this.#clock.nowUs()
      for (const client of this.#sentUs.keys()) this.#answered(client, 'aborted', 0)
      this.#post(this.#snapshot(nowUs, true))
      return {
        loadEndUs: Math.min(nowUs, this.#request.durationUs),
        statusCounts: statusCounts(result.statusCodeStats ?? {}),
        wasInterrupted: this.#wasInterrupted,
      }
    } finally {
      clearInterval(ticker)
    }
  }

  stop(): void {
    this.#wasInterrupted = true
    this.#instance?.stop?.()
  }

  #shoot(): Promise<autocannon.Result> {
    const { url, connections, durationUs, timeoutUs, method, headers, body } = this.#request
    return new Promise((resolve, reject) => {
      const instance = autocannon(
        {
          url: url.href,
          connections,
          duration: durationUs / US_PER_S,
          timeout: timeoutUs / US_PER_S,
          method: method as NonNullable<autocannon.Options['method']>,
          headers: Object.fromEntries(headers),
          setupClient: (client) => this.#watch(client),
          ...(body !== undefined && { body }),
        },
        (error: unknown, result) => (error ? reject(error) : resolve(result)),
      )
      this.#instance = instance
      instance.on('response', (client, status, sizeBytes) => {
        this.#answered(client, outcomeOfStatus(status, DEFAULT_OUTCOME_RULES), sizeBytes)
      })
    })
  }

  /** A connection has one request under way at a time; it tells of each when it is written. */
  #watch(client: autocannon.Client): void {
    // Its types know of replies only.
    const events: EventEmitter = client
    events.on('request', () => {
      // A new one though the last had no reply: it timed out, or its connection was closed.
      this.#answered(client, this.#isOverdue(client) ? 'timeout' : 'network_error', 0)
      const sentUs = this.#clock.nowUs()
      this.#sentUs.set(client, sentUs)
      this.#recorder.offered(this.#nameId, sentUs)
      this.#recorder.sent(this.#nameId, sentUs, 1)
    })
    events.on('connError', () => this.#answered(client, 'network_error', 0))
  }

  #isOverdue(client: autocannon.Client): boolean {
    const sentUs = this.#sentUs.get(client) ?? Infinity
    return this.#clock.nowUs() - sentUs >= this.#request.timeoutUs - TIMEOUT_GRAIN_US
  }

  /** Ends what the connection has under way, if anything. */
  #answered(client: autocannon.Client, outcome: Outcome, receivedBytes: number): void {
    const sentUs = this.#sentUs.get(client)
    if (sentUs === undefined) return
    this.#sentUs.delete(client)
    this.#recorder.done(this.#nameId, {
      outcome,
      plannedUs: sentUs,
      sentUs,
      doneUs: this.#clock.nowUs(),
      attempt: 1,
      retryAfterUs: undefined,
      sentBytes: this.#sentBytes,
      receivedBytes,
      operation: undefined,
    })
  }

  #tick(): void {
    this.#post(this.#snapshot(this.#clock.nowUs(), false))
  }

  #snapshot(nowUs: number, isFinal: boolean): EngineSnapshot {
    const connections = this.#request.connections
    return {
      nowUs,
      recorder: isFinal ? this.#recorder.close(nowUs) : this.#recorder.snapshot(nowUs, nowUs),
      metrics: { declared: [], sinks: [] },
      checks: [],
      progress: {
        activeVus: connections,
        initializedVus: connections,
        startedCount: 0,
        completedCount: 0,
        interruptedCount: 0,
        exceptionCount: 0,
      },
      loopUtilizationRatio: undefined,
    }
  }
}

function statusCounts(stats: Readonly<Record<string, { count?: number }>>): Record<string, number> {
  return Object.fromEntries(Object.entries(stats).map(([status, { count }]) => [status, count ?? 0]))
}

/** What one request weighs: autocannon tells only of what it received, and it writes the same head as ours. */
function requestSizeBytes({ url, method, headers, body }: SaturateRequest): number {
  const encoded = encodeRequest({
    method,
    target: { protocol: 'http:', hostname: url.hostname, port: 0, authority: url.host },
    path: `${url.pathname}${url.search}`,
    headers,
    body: body ?? null,
    deadlineUs: 0,
    group: 0,
  })
  return Buffer.byteLength(encoded)
}
