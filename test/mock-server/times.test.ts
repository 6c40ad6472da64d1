import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../mock-server/app.ts'
import type { DecisionRecord } from '../../mock-server/oracle.ts'
import { timesOf } from '../../mock-server/times.ts'
import { configOf, json, request } from './requests.ts'

const MS = 1_000

function decision(atUs: number, tookUs: number, status = 200): DecisionRecord {
  const verdict = status === 200 ? 'admitted' : 'refused'
  return {
    atUs,
    resource: 'main',
    operation: 'request',
    verdict,
    rule: status === 200 ? null : 'rate',
    status,
    replyAtUs: atUs + tookUs,
    faults: [],
  }
}

describe('times of decisions', () => {
  test('of none there is none', () => {
    expect(timesOf([])).toEqual({
      decisionCount: 0,
      keptCount: 0,
      admittedCount: 0,
      statusCounts: {},
      inFlightMaxCount: 0,
      arrivalPeaks: { in100msCount: 0, in1sCount: 0 },
    })
  })

  test('a refusal is quick, and has no part in the latency', () => {
    const times = timesOf([decision(7, 50), decision(8, 0, 429), decision(9, 70)])
    expect(times).toMatchObject({
      decisionCount: 3,
      admittedCount: 2,
      statusCounts: { 200: 2, 429: 1 },
      firstArrivalUs: 7,
      latency: { minUs: 50, p50Us: 50, p90Us: 70, p95Us: 70, maxUs: 70 },
    })
  })

  test.each([
    [1, { p50Us: 1, p90Us: 1, p95Us: 1, p99Us: 1, p999Us: 1 }],
    [10, { p50Us: 5, p90Us: 9, p95Us: 10, p99Us: 10, p999Us: 10 }],
    [1_000, { p50Us: 500, p90Us: 900, p95Us: 950, p99Us: 990, p999Us: 999 }],
    [1_001, { p50Us: 501, p90Us: 901, p95Us: 951, p99Us: 991, p999Us: 1_000 }],
  ])('quantiles of 1 to %i are nearest ranks', (count, expected) => {
    const decisions = Array.from({ length: count }, (_, n) => decision(n, count - n))
    expect(timesOf(decisions).latency).toEqual({ minUs: 1, ...expected, maxUs: count })
  })

  test.each<[string, readonly DecisionRecord[], number]>([
    ['one after the other', [decision(0, 10), decision(10, 10)], 1],
    ['overlapping', [decision(0, 11), decision(10, 10)], 2],
    ['a long one around short ones', [decision(0, 100), decision(10, 5), decision(20, 5)], 2],
  ])('in flight: %s', (_story, decisions, expected) => {
    expect(timesOf(decisions).inFlightMaxCount).toBe(expected)
  })

  test('a window is half-open: what came just its length ago is out of it', () => {
    const arrivals = [0, 50, 100, 149, 150].map((ms) => decision(ms * MS, 0))
    expect(timesOf(arrivals).arrivalPeaks).toEqual({ in100msCount: 3, in1sCount: 5 })
  })

  test('what left late took longer and was in flight longer', () => {
    const late = (one: DecisionRecord, lateUs: number): DecisionRecord => ({ ...one, lateUs })
    const times = timesOf([late(decision(0, 10), 3), late(decision(12, 10), 0), late(decision(40, 10), 1)])
    expect(times).toMatchObject({
      latency: { minUs: 10, p50Us: 11, maxUs: 13 },
      lateness: { minUs: 0, p50Us: 1, maxUs: 3 },
      inFlightMaxCount: 2,
    })
  })

  test('of lateness that nobody noted nothing is said', () => {
    expect(timesOf([decision(0, 10)]).lateness).toBeUndefined()
  })

  test('counts are those of a plain search', () => {
    const each = fc.record({ gapUs: fc.integer({ min: 1, max: 90_000 }), tookUs: fc.nat(200_000) })
    fc.assert(
      fc.property(fc.array(each, { minLength: 1, maxLength: 60 }), (requests) => {
        let atUs = 0
        const decisions = requests.map(({ gapUs, tookUs }) => decision((atUs += gapUs), tookUs))
        const { inFlightMaxCount, arrivalPeaks } = timesOf(decisions)
        const countAt = (holds: (one: DecisionRecord, nowUs: number) => boolean): number =>
          Math.max(...decisions.map(({ atUs: nowUs }) => decisions.filter((one) => holds(one, nowUs)).length))
        expect(inFlightMaxCount).toBe(countAt((one, nowUs) => one.atUs <= nowUs && one.replyAtUs > nowUs))
        expect(arrivalPeaks.in100msCount).toBe(
          countAt((one, nowUs) => one.atUs <= nowUs && one.atUs > nowUs - 100 * MS),
        )
      }),
    )
  })

  test('the admin API tells them of the decisions that are kept', () => {
    const app = createApp({ ...configOf('custom,tps=2,latency=7ms'), decisionsKeptCount: 10 }, 1)
    for (const atUs of [10, 20, 30]) app.handle(request(), atUs)
    expect(json(app.handle(request({ path: '/__mock/times' }), 50))).toEqual({
      decisionCount: 3,
      keptCount: 3,
      admittedCount: 2,
      statusCounts: { 200: 2, 429: 1 },
      firstArrivalUs: 10,
      latency: {
        minUs: 7_000,
        p50Us: 7_000,
        p90Us: 7_000,
        p95Us: 7_000,
        p99Us: 7_000,
        p999Us: 7_000,
        maxUs: 7_000,
      },
      inFlightMaxCount: 2,
      arrivalPeaks: { in100msCount: 3, in1sCount: 3 },
    })
  })

  test('without the first ones', () => {
    const app = createApp({ ...configOf('custom'), decisionsKeptCount: 10 }, 1)
    for (const atUs of [10, 20, 30]) app.handle(request(), atUs)
    const times = (query: string): object => {
      const { status, body } = app.handle(request({ path: `/__mock/times${query}` }), 50)
      return { status, ...(JSON.parse(body) as object) }
    }
    const all = { status: 200, keptCount: 3 }
    expect(times('?skip=2')).toMatchObject({ ...all, decisionCount: 1, firstArrivalUs: 30 })
    expect(times('?skip=9')).toMatchObject({ ...all, decisionCount: 0 })
    expect(times('?skip=-1')).toMatchObject({ status: 400 })
  })
})
