import { describe, expect, it } from 'vitest'
import { LiveWindow } from '../../../src/commands/run/live-window.ts'
import { Recorder } from '../../../src/measure/recorder.ts'

const US_PER_S = 1_000_000

/** A recorder with one name, `a`, and the window that looks at it. */
class Bench {
  readonly recorder = new Recorder()
  readonly window: LiveWindow
  readonly #nameId = this.recorder.nameId('a')

  constructor(seconds: number) {
    this.window = new LiveWindow(seconds)
  }

  send(atUs: number): void {
    this.recorder.offered(this.#nameId, atUs)
    this.recorder.sent(this.#nameId, atUs, 1)
  }

  end(sentUs: number, doneUs: number, outcome: 'accepted' | 'throttled' | 'timeout'): void {
    const sizes = { sentBytes: 1, receivedBytes: 1, retryAfterUs: undefined, operation: undefined }
    this.recorder.done(this.#nameId, { outcome, plannedUs: sentUs, sentUs, doneUs, attempt: 1, ...sizes })
  }

  request(sentUs: number, durationUs: number, outcome: 'accepted' | 'throttled' | 'timeout'): void {
    this.send(sentUs)
    this.end(sentUs, sentUs + durationUs, outcome)
  }

  take(nowUs: number): void {
    this.window.take(this.recorder.snapshot(nowUs, nowUs))
  }
}

describe('LiveWindow', () => {
  it('shows the last whole second, not the one under way', () => {
    const bench = new Bench(1)
    bench.request(0, 10_000, 'accepted')
    for (let i = 0; i < 8; i++) bench.request(US_PER_S + i, 20_000, i < 6 ? 'accepted' : 'throttled')
    bench.request(2 * US_PER_S, 10_000, 'timeout')
    bench.take(2.5 * US_PER_S)
    const recent = bench.window.recent(2.5 * US_PER_S)
    expect(recent).toMatchObject({
      offeredRps: 8,
      sentRps: 8,
      acceptedRps: 6,
      throttledRatio: 0.25,
      errorRatio: 0,
    })
    expect(recent.p50Us).toBeGreaterThan(19_900)
    expect(recent.p99Us).toBeLessThan(20_100)
    expect(bench.window.names(2.5 * US_PER_S)).toMatchObject([
      { name: 'a', sentRps: 8, throttledRatio: 0.25 },
    ])
  })

  it('means over several seconds, idle ones included', () => {
    const bench = new Bench(10)
    for (let second = 0; second < 5; second++) bench.request(second * US_PER_S, 1_000, 'accepted')
    bench.take(11 * US_PER_S)
    expect(bench.window.recent(11 * US_PER_S)).toMatchObject({ sentRps: 0.4, acceptedRps: 0.4 })
  })

  it('sees seconds that a slow reply keeps open', () => {
    const bench = new Bench(1)
    bench.send(0)
    bench.request(100, 50, 'accepted')
    bench.take(5 * US_PER_S)
    expect(bench.window.inflightCount).toBe(1)
    expect(bench.window.openCounts(0)).toEqual({
      sentCount: 2,
      throttledCount: 0,
      errorCount: 0,
      droppedCount: 0,
      inflightMaxCount: 2,
    })
    bench.end(0, 6 * US_PER_S, 'timeout')
    bench.take(8 * US_PER_S)
    expect(bench.window.inflightCount).toBe(0)
    expect(bench.window.openCounts(0)).toMatchObject({ sentCount: 0, errorCount: 0 })
  })

  it('leaves open seconds of the warm-up out of the counts', () => {
    const bench = new Bench(1)
    bench.request(0, 10, 'throttled')
    bench.request(US_PER_S, 10, 'timeout')
    bench.recorder.iterationDropped(US_PER_S)
    bench.take(US_PER_S + 100)
    expect(bench.window.openCounts(US_PER_S)).toMatchObject({
      sentCount: 1,
      throttledCount: 0,
      errorCount: 1,
      droppedCount: 1,
    })
  })

  it('has nothing to show before the first second is over', () => {
    const { recorder, window } = new Bench(1)
    window.take(recorder.snapshot(0, 0))
    expect(window.recent(0)).toMatchObject({ sentRps: 0, throttledRatio: undefined, p50Us: undefined })
    expect(window.names(0)).toEqual([])
  })
})
