import autocannon from 'autocannon'
import { US_PER_MS, US_PER_S } from '../../core/units.ts'
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

/**
 * autocannon's replies in our recorder. It tells of each reply when it has come, with its duration; when the
 * request was sent follows from that. There is no plan, so response time and service time are the same.
 */
export class ClosedLoad {
  readonly #request: SaturateRequest
  readonly #post: (snapshot: EngineSnapshot) => void
  readonly #clock = new SystemClock()
  readonly #recorder = new Recorder()
  readonly #nameId: number
  readonly #sentBytes: number
  #instance: autocannon.Instance | undefined
  #endedCount = 0
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
      this.#abortUnanswered(result.requests.sent - this.#endedCount, nowUs)
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
          ...(body !== undefined && { body }),
        },
        (error: unknown, result) => (error ? reject(error) : resolve(result)),
      )
      this.#instance = instance
      instance.on('response', (_client, status, sizeBytes, durationMs) => {
        this.#ended(
          outcomeOfStatus(status, DEFAULT_OUTCOME_RULES),
          Math.round(durationMs * US_PER_MS),
          sizeBytes,
        )
      })
      instance.on('reqError', (error: Error) => this.#failed(error))
    })
  }

  #failed(error: Error): void {
    const isTimeout = error.message === 'request timed out'
    this.#ended(isTimeout ? 'timeout' : 'network_error', isTimeout ? this.#request.timeoutUs : 0, 0)
  }

  #ended(outcome: Outcome, durationUs: number, receivedBytes: number): void {
    const doneUs = this.#clock.nowUs()
    this.#record(outcome, Math.max(0, doneUs - durationUs), doneUs, receivedBytes)
  }

  #record(outcome: Outcome, sentUs: number, doneUs: number, receivedBytes: number): void {
    this.#endedCount++
    this.#recorder.offered(this.#nameId, sentUs)
    this.#recorder.sent(this.#nameId, sentUs, 1)
    this.#recorder.done(this.#nameId, {
      outcome,
      plannedUs: sentUs,
      sentUs,
      doneUs,
      attempt: 1,
      retryAfterUs: undefined,
      sentBytes: this.#sentBytes,
      receivedBytes,
      operation: undefined,
    })
  }

  /** What autocannon had under way when it stopped. */
  #abortUnanswered(count: number, nowUs: number): void {
    for (let i = 0; i < count; i++)
      this.#record('aborted', Math.min(nowUs, this.#request.durationUs), nowUs, 0)
  }

  #tick(): void {
    this.#post(this.#snapshot(this.#clock.nowUs(), false))
  }

  /** A second stays open until the slowest reply that counts in it must have come. */
  #snapshot(nowUs: number, isFinal: boolean): EngineSnapshot {
    const openUs = Math.max(0, nowUs - this.#request.timeoutUs)
    const connections = this.#request.connections
    return {
      nowUs,
      recorder: isFinal ? this.#recorder.close(nowUs) : this.#recorder.snapshot(nowUs, openUs),
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
