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
    const { recent, names, nameCount } = bench.window.at(2.5 * US_PER_S)
    expect(recent).toMatchObject({
      offeredRps: 8,
      sentRps: 8,
      acceptedRps: 6,
      throttledRatio: 0.25,
      errorRatio: 0,
    })
    expect(recent.p50Us).toBeGreaterThan(19_900)
    expect(recent.p99Us).toBeLessThan(20_100)
    expect(names).toMatchObject([{ name: 'a', sentRps: 8, throttledRatio: 0.25 }])
    expect(nameCount).toBe(1)
  })

  it('means over several seconds, idle ones included', () => {
    const bench = new Bench(10)
    for (let second = 0; second < 5; second++) bench.request(second * US_PER_S, 1_000, 'accepted')
    bench.take(11 * US_PER_S)
    expect(bench.window.at(11 * US_PER_S).recent).toMatchObject({ sentRps: 0.4, acceptedRps: 0.4 })
  })

  it('means over what there was, when that is less', () => {
    const bench = new Bench(10)
    for (let i = 0; i < 30; i++) bench.request(i * 100_000, 1_000, 'accepted')
    bench.take(3 * US_PER_S)
    const { recent, names } = bench.window.at(3 * US_PER_S)
    expect(recent).toMatchObject({ sentRps: 10, acceptedRps: 10 })
    expect(names).toMatchObject([{ sentRps: 10 }])
  })

  it('takes percentiles from ten seconds also where rates are those of one', () => {
    const bench = new Bench(1)
    for (let second = 0; second < 12; second++) {
      bench.request(second * US_PER_S, second < 3 ? 900_000 : 10_000, 'accepted')
    }
    bench.take(12 * US_PER_S)
    const { recent, names } = bench.window.at(12 * US_PER_S)
    expect(recent.sentRps).toBe(1)
    expect([recent.p99Us, names[0]?.p99Us].every((us) => (us ?? 0) > 899_000)).toBe(true)
    expect(recent.p50Us).toBeLessThan(10_100)
  })

  it('keeps the last sixty seconds for drawing, and a name that is idle', () => {
    const bench = new Bench(1)
    for (let second = 0; second < 70; second++) {
      if (second < 20) bench.request(second * US_PER_S, 10_000, 'throttled')
      bench.take((second + 1) * US_PER_S)
    }
    const { history, names } = bench.window.at(70 * US_PER_S)
    expect(history).toHaveLength(60)
    expect(history[0]).toEqual({ acceptedCount: 0, throttledRatio: 1, p99Us: undefined })
    expect(history.at(-1)).toEqual({ acceptedCount: 0, throttledRatio: undefined, p99Us: undefined })
    expect(names).toEqual([{ name: 'a', sentRps: 0, throttledRatio: undefined, p99Us: undefined }])
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
    expect(window.at(0)).toMatchObject({
      recent: { sentRps: 0, throttledRatio: undefined, p50Us: undefined },
      history: [],
      names: [],
      nameCount: 0,
    })
  })
})
