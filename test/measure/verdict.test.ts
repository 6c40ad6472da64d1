import { describe, expect, test } from 'vitest'
import { DurationHistogram } from '../../src/measure/histogram.ts'
import type { DurationSummary } from '../../src/measure/summary.ts'
import { judge, type VerdictInput } from '../../src/measure/verdict.ts'
import type { VitalsSummary } from '../../src/measure/vitals.ts'

function allAt(us: number): DurationSummary {
  const histogram = new DurationHistogram()
  histogram.record(us)
  return histogram.summary()
}

const CALM: VitalsSummary = {
  loopDelayP99Us: 900,
  cpuDelayP99Us: 1_100,
  clockStepUs: 12,
  connections: { waitUs: 100_000, shortageCount: 0 },
}

const GOOD: VerdictInput = {
  scheduleDelay: allAt(200),
  serviceTimeAccepted: allAt(20_000),
  responseTimeAccepted: allAt(20_200),
  sentCount: 1_000,
  loopUtilizationMaxRatio: 0.5,
  wantsConnections: false,
  vitals: CALM,
  iterationsDueCount: 1_000,
  iterationsDroppedCount: 0,
  iterationsPlannedCount: 1_000,
}

test('a run that went as planned is VALID without a reason', () => {
  expect(judge(GOOD)).toEqual({ level: 'VALID', reasons: [] })
})

describe('schedule delay p99 against service time p50', () => {
  test.each([
    ['5 ms spoil 2 ms', 5_000, 2_000, 'SUSPECT'],
    ['5 ms do not spoil 3 s', 5_000, 3_000_000, 'VALID'],
    ['3 ms are what a timer costs', 3_000, 2_000, 'VALID'],
    ['a bit more is not', 3_001, 2_000, 'SUSPECT'],
    ['20 ms of 2 ms', 20_000, 2_000, 'SUSPECT'],
    ['more than 20 ms of 2 ms', 20_001, 2_000, 'INVALID'],
    ['a tenth of 200 ms', 20_000, 200_000, 'VALID'],
    ['more than a tenth of 200 ms', 20_001, 200_000, 'SUSPECT'],
    ['half of 200 ms', 100_000, 200_000, 'SUSPECT'],
    ['more than half of 200 ms', 100_001, 200_000, 'INVALID'],
  ])('%s', (_story, delayUs, serviceUs, level) => {
    const verdict = judge({ ...GOOD, scheduleDelay: allAt(delayUs), serviceTimeAccepted: allAt(serviceUs) })
    expect(verdict.level).toBe(level)
    expect(verdict.reasons.map(({ code }) => code)).toEqual(level === 'VALID' ? [] : ['schedule_delay'])
  })

  test('counts alone when nothing was accepted', () => {
    const nothing = new DurationHistogram().summary()
    const verdict = judge({ ...GOOD, scheduleDelay: allAt(21_000), serviceTimeAccepted: nothing })
    expect(verdict.reasons).toEqual([
      {
        level: 'INVALID',
        code: 'schedule_delay',
        what: '1 % of the iterations started 21 ms or more after they were due',
        todo: 'lower the rate, give the generator more CPU, or make the script do less per iteration',
      },
    ])
    expect(judge({ ...GOOD, scheduleDelay: nothing, serviceTimeAccepted: nothing }).level).toBe('VALID')
  })
})

describe('dropped iterations', () => {
  test.each([
    [1, 'VALID'],
    [2, 'SUSPECT'],
    [10, 'SUSPECT'],
    [11, 'INVALID'],
  ])('%d of 1000 are %s', (iterationsDroppedCount, level) => {
    const { reasons, ...verdict } = judge({ ...GOOD, iterationsDroppedCount })
    expect(verdict.level).toBe(level)
    expect(reasons.map((reason) => [reason.code, reason.level])).toEqual(
      level === 'VALID' ? [] : [['dropped', level]],
    )
  })

  test('say how many and what to raise', () => {
    expect(judge({ ...GOOD, iterationsDroppedCount: 25 }).reasons).toMatchObject([
      {
        what: '25 of 1000 iterations (2.5 %) were dropped: no VU was free',
        todo: 'raise maxVUs of the scenario',
      },
    ])
  })
})

describe('planned iterations that came up', () => {
  test.each([
    [990, 'VALID'],
    [989, 'SUSPECT'],
    [950, 'SUSPECT'],
    [949, 'INVALID'],
    [1_000, 'VALID'],
  ])('%d of 1000 are %s', (iterationsDueCount, level) => {
    const { reasons, ...verdict } = judge({ ...GOOD, iterationsDueCount })
    expect(verdict.level).toBe(level)
    expect(reasons.map(({ code }) => code)).toEqual(level === 'VALID' ? [] : ['achieved_rate'])
  })

  test('are not asked of the closed model', () => {
    expect(judge({ ...GOOD, iterationsDueCount: 1, iterationsPlannedCount: undefined }).level).toBe('VALID')
  })

  test('of a plan without arrivals are all of them', () => {
    expect(judge({ ...GOOD, iterationsDueCount: 0, iterationsPlannedCount: 0 }).level).toBe('VALID')
  })
})

/** What is told of an otherwise good run: level, and codes of the reasons. */
function told(change: Partial<VerdictInput>): readonly [string, readonly string[]] {
  const { level, reasons } = judge({ ...GOOD, ...change })
  return [level, reasons.map(({ code }) => code)]
}

describe.each([
  ['loopDelayP99Us', 'loop_delay'],
  ['cpuDelayP99Us', 'cpu_delay'],
] as const)('%s against service time p50', (figure, code) => {
  test.each([
    [10_000, 2_000, 'VALID'],
    [10_001, 2_000, 'SUSPECT'],
    [50_000, 2_000, 'SUSPECT'],
    [50_001, 2_000, 'INVALID'],
    [20_001, 200_000, 'SUSPECT'],
    [100_001, 200_000, 'INVALID'],
    [100_001, 3_000_000, 'VALID'],
  ])('%d µs of %d µs', (delayUs, serviceUs, level) => {
    const change = { serviceTimeAccepted: allAt(serviceUs), vitals: { ...CALM, [figure]: delayUs } }
    expect(told(change)).toEqual([level, level === 'VALID' ? [] : [code]])
  })

  test('of a run without a reading is none', () => {
    expect(told({ vitals: { ...CALM, [figure]: undefined } })).toEqual(['VALID', []])
  })
})

describe('the event loop', () => {
  test.each([
    [0.9, 'VALID'],
    [0.91, 'SUSPECT'],
    [1, 'SUSPECT'],
    [undefined, 'VALID'],
  ])('busy to %s is %s', (loopUtilizationMaxRatio, level) => {
    expect(told({ loopUtilizationMaxRatio })).toEqual([level, level === 'VALID' ? [] : ['loop_utilization']])
  })
})

describe('waits for a connection', () => {
  const waiting = (meanUs: number, responseUs: number): Partial<VerdictInput> => ({
    responseTimeAccepted: allAt(responseUs),
    vitals: { ...CALM, connections: { waitUs: 1_000 * meanUs, shortageCount: 0 } },
  })

  test.each([
    ['1 ms is what a handshake costs', 1_000, 2_000, 'VALID'],
    ['a bit more, of 2 ms', 1_001, 2_000, 'SUSPECT'],
    ['a tenth of 200 ms', 20_000, 200_000, 'VALID'],
    ['more than a tenth of 200 ms', 20_001, 200_000, 'SUSPECT'],
    ['nothing but waiting', 900_000, 901_000, 'SUSPECT'],
  ])('%s', (_story, meanUs, responseUs, level) => {
    expect(told(waiting(meanUs, responseUs))).toEqual([level, level === 'VALID' ? [] : ['connection_wait']])
  })

  test('are what a script measures that wants a new one every time', () => {
    expect(told({ ...waiting(900_000, 901_000), wantsConnections: true })).toEqual(['VALID', []])
  })

  test.each([
    [1, 'SUSPECT'],
    [10, 'SUSPECT'],
    [11, 'INVALID'],
  ])('%d requests of 1000 that this machine had none for', (shortageCount, level) => {
    const vitals = { ...CALM, connections: { waitUs: 0, shortageCount } }
    expect(told({ vitals })).toEqual([level, ['connection_shortage']])
  })

  test('spoil nothing when nothing was sent', () => {
    const vitals = { ...CALM, connections: { waitUs: 0, shortageCount: 0 } }
    expect(told({ vitals, sentCount: 0 })).toEqual(['VALID', []])
  })
})

describe('a step of the wall clock', () => {
  test.each([
    [100_000, 'VALID'],
    [100_001, 'SUSPECT'],
    [-1_000_000, 'SUSPECT'],
    [1_000_001, 'INVALID'],
    [-1_000_001, 'INVALID'],
  ])('of %d µs is %s', (clockStepUs, level) => {
    const vitals = { ...CALM, clockStepUs }
    expect(told({ vitals })).toEqual([level, level === 'VALID' ? [] : ['clock_step']])
  })

  test.each([
    [3_600_000_000, 'the clock of this machine was set forward by 3600000 ms, or the machine was suspended'],
    [-2_000_000, 'the clock of this machine was set back by 2000 ms'],
  ])('of %d µs is told with its direction', (clockStepUs, what) => {
    expect(judge({ ...GOOD, vitals: { ...CALM, clockStepUs } }).reasons).toMatchObject([{ what }])
  })
})

test('the worst reason decides, and all are told', () => {
  const verdict = judge({ ...GOOD, scheduleDelay: allAt(30_000), iterationsDroppedCount: 2 })
  expect(verdict.level).toBe('INVALID')
  expect(verdict.reasons.map(({ code, level }) => [code, level])).toEqual([
    ['schedule_delay', 'INVALID'],
    ['dropped', 'SUSPECT'],
  ])
})
