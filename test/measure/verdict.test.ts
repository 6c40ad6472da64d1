import { describe, expect, test } from 'vitest'
import { DurationHistogram } from '../../src/measure/histogram.ts'
import type { DurationSummary } from '../../src/measure/summary.ts'
import { judge, type VerdictInput } from '../../src/measure/verdict.ts'

function allAt(us: number): DurationSummary {
  const histogram = new DurationHistogram()
  histogram.record(us)
  return histogram.summary()
}

const GOOD: VerdictInput = {
  scheduleDelay: allAt(200),
  serviceTimeAccepted: allAt(20_000),
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

test('the worst reason decides, and all are told', () => {
  const verdict = judge({ ...GOOD, scheduleDelay: allAt(30_000), iterationsDroppedCount: 2 })
  expect(verdict.level).toBe('INVALID')
  expect(verdict.reasons.map(({ code, level }) => [code, level])).toEqual([
    ['schedule_delay', 'INVALID'],
    ['dropped', 'SUSPECT'],
  ])
})
