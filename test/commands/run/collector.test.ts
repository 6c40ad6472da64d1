import { describe, expect, it } from 'vitest'
import { Collector } from '../../../src/commands/run/collector.ts'
import type { EngineProgress, EngineSnapshot } from '../../../src/engine/protocol.ts'
import { Recorder } from '../../../src/measure/recorder.ts'
import type { Vitals } from '../../../src/measure/vitals.ts'

const SECOND = 1_000_000

const NOTHING = { lowUs: [], counts: [], sumUs: 0, minUs: 0, maxUs: 0 }

function vitals(clockStepUs: number): Vitals {
  return {
    loopDelay: NOTHING,
    cpuDelay: NOTHING,
    clockStepUs,
    connections: { waitUs: 0, shortageCount: 0 },
  }
}

const ACCEPTED = {
  outcome: 'accepted',
  attempt: 1,
  retryAfterUs: undefined,
  sentBytes: 1,
  receivedBytes: 1,
  operation: undefined,
} as const

/** A run of one iteration a second, the first of which is warm-up. */
class Bench {
  readonly recorder = new Recorder()
  readonly collector = new Collector({
    scenario: 'test',
    warmupUs: SECOND,
    loadEndUs: 4 * SECOND,
    capRps: undefined,
    thresholds: [],
    plannedCount: undefined,
    liveWindowS: 1,
    onSecond: () => {},
    onCells: () => {},
  })

  iterate(dueUs: number): void {
    this.recorder.iterationDue(dueUs)
    this.recorder.iterationStarted(dueUs, dueUs)
  }

  request(sentUs: number): void {
    const nameId = this.recorder.nameId('rank')
    this.recorder.offered(nameId, sentUs)
    this.recorder.sent(nameId, sentUs, 1)
    this.recorder.done(nameId, { ...ACCEPTED, plannedUs: sentUs, sentUs, doneUs: sentUs + 1_000 })
  }

  take(nowUs: number, progress: Partial<EngineProgress>, more: Partial<EngineSnapshot> = {}): void {
    this.collector.take(this.#snapshot(nowUs, progress, more))
  }

  /** How many requests whoever watches sees as sent, after each step. */
  sentCountsWhile(nowUs: number, more: Partial<EngineSnapshot>): number[] {
    const steps = this.collector.takeInSteps(this.#snapshot(nowUs, {}, more))
    const counts: number[] = []
    do counts.push(this.collector.live().totals.sentCount)
    while (steps.next().done !== true)
    return counts.slice(1)
  }

  #snapshot(nowUs: number, progress: Partial<EngineProgress>, more: Partial<EngineSnapshot>): EngineSnapshot {
    return {
      nowUs,
      loadEndUs: 4 * SECOND,
      metrics: { declared: [], sinks: [] },
      checks: [],
      progress: {
        activeVus: 0,
        initializedVus: 1,
        startedCount: 0,
        completedCount: 0,
        interruptedCount: 0,
        exceptionCount: 0,
        unbegunCount: 0,
        ...progress,
      },
      loopUtilizationRatio: undefined,
      ...more,
      recorder: more.recorder ?? this.recorder.close(nowUs),
    }
  }

  iterations(): object {
    return this.collector.finish({ stopReason: undefined, loadEndUs: 4 * SECOND }, []).iterations
  }
}

describe('Collector', () => {
  it('shows every second once, between the steps of a snapshot as well', () => {
    const bench = new Bench()
    for (const second of [1, 2, 3]) bench.request(second * SECOND)
    // The arrival that is still due in it keeps the second open, and those after it.
    const opened = bench.recorder.snapshot(4 * SECOND, SECOND)
    expect(new Set(bench.sentCountsWhile(4 * SECOND, { recorder: opened }))).toEqual(new Set([3]))
    const closed = bench.recorder.snapshot(5 * SECOND, Infinity)
    expect(closed.closed.map(({ second }) => second)).toEqual([1, 2, 3])
    const counts = bench.sentCountsWhile(5 * SECOND, { recorder: closed })
    expect(counts.length).toBeGreaterThan(5)
    expect(new Set(counts)).toEqual(new Set([3]))
  })

  it('counts iterations due after the warm-up, and none else, in all of its counts', () => {
    const bench = new Bench()
    for (const second of [0, 1, 2, 3]) bench.iterate(second * SECOND)
    bench.recorder.iterationDue(3.5 * SECOND)
    bench.recorder.iterationDropped(3.5 * SECOND)
    bench.take(5 * SECOND, { startedCount: 4, completedCount: 3, interruptedCount: 1 })
    expect(bench.iterations()).toEqual({
      dueCount: 4,
      droppedCount: 1,
      startedCount: 3,
      completedCount: 2,
      interruptedCount: 1,
    })
  })

  it('does not take for completed what still ran when the engine was last heard of', () => {
    const bench = new Bench()
    for (const second of [0, 1, 2, 3]) bench.iterate(second * SECOND)
    bench.take(4 * SECOND, { startedCount: 4, completedCount: 3, activeVus: 1 })
    expect(bench.iterations()).toMatchObject({ startedCount: 3, completedCount: 2, interruptedCount: 0 })
  })

  it('doubts figures during which the wall clock was set', () => {
    const bench = new Bench()
    bench.take(SECOND, {}, { vitals: vitals(0) })
    bench.take(2 * SECOND, {}, { vitals: vitals(-3 * SECOND) })
    bench.take(3 * SECOND, {}, { vitals: vitals(200_000) })
    const { verdict } = bench.collector.finish({ stopReason: undefined, loadEndUs: 4 * SECOND }, [])
    expect(verdict.level).toBe('INVALID')
    expect(verdict.reasons).toEqual([
      expect.objectContaining({
        code: 'clock_step',
        what: 'the clock of this machine was set back by 3000 ms',
      }),
    ])
  })

  it('leaves what befell the engine in the warm-up out of the verdict, and of nothing else', () => {
    const lateUs = 30_000
    const bench = new Bench()
    const bad = { vitals: vitals(3 * SECOND), loopUtilizationRatio: 0.99 }
    bench.take(SECOND + lateUs, {}, bad)
    bench.take(2 * SECOND, {}, { vitals: vitals(0), loopUtilizationRatio: 0.2 })
    expect(bench.collector.live().verdict).toBe('VALID')
    bench.take(3 * SECOND, {}, bad)
    const summary = bench.collector.finish({ stopReason: undefined, loadEndUs: 4 * SECOND }, [])
    expect(summary.verdict.reasons.map(({ code }) => code)).toEqual(['loop_utilization', 'clock_step'])
    expect(summary.names[0]?.loopUtilizationMaxRatio).toBe(0.99)
  })

  it('tells the live view the worst reason for its verdict', () => {
    const bench = new Bench()
    bench.take(2 * SECOND, {}, { vitals: vitals(0), loopUtilizationRatio: 0.95 })
    expect(bench.collector.live().reason).toMatch(/^the event loop was 95 % busy/)
    bench.take(3 * SECOND, {}, { vitals: vitals(2 * SECOND) })
    const { verdict, reason } = bench.collector.live()
    expect(verdict).toBe('INVALID')
    expect(reason).toMatch(/^the clock of this machine was set forward by 2000 ms/)
  })

  it('keeps the checks of each group for k6, and adds them up for the summary', () => {
    const bench = new Bench()
    const place = { scenario: 's', passes: 2, fails: 1 }
    const checks = [
      { ...place, name: 'a', group: '' },
      { ...place, name: 'a', group: '::g' },
    ]
    bench.take(SECOND, {}, { checks, groups: ['::g', '::empty'] })
    const { checks: total } = bench.collector.finish({ stopReason: undefined, loadEndUs: SECOND }, [])
    expect(total).toEqual([{ name: 'a', passes: 4, fails: 2 }])
    expect(bench.collector.k6Facts()).toMatchObject({
      checks,
      groups: ['::g', '::empty'],
      nowUs: SECOND,
      warmupUs: SECOND,
    })
  })
})
