import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeRun, type ClaimMaker } from '../../../src/commands/verify/claim.ts'
import {
  serviceTimeClaims,
  stallClaims,
  stallQuantileUs,
} from '../../../src/commands/verify/claims/latency.ts'
import { bytesClaims, outcomeClaims, retryAfterClaims } from '../../../src/commands/verify/claims/limits.ts'
import {
  arrivalClaims,
  concurrencyClaim,
  peakClaims,
  rateClaims,
  scheduleDelayClaim,
  sentClaim,
} from '../../../src/commands/verify/claims/traffic.ts'
import { TRAFFIC } from '../../../src/measure/snapshot.ts'
import type { Load } from '../../../src/commands/verify/load.ts'
import type { Expectation, Observation, Truth } from '../../../src/commands/verify/observation.ts'
import { expectation, observation, times, TRUTH } from './fixture.ts'

const STALL = { fromUs: 2_000_000, stallUs: 1_000_000, latencyUs: 10_000 }
const LATE = { p90Us: 2_000, p95Us: 3_000, p99Us: 30_000, maxUs: 90_000 }

function resultsOf(maker: ClaimMaker, expected: Expectation, observed: Observation): Record<string, string> {
  return Object.fromEntries(judgeRun([maker], expected, observed).map(({ claim, result }) => [claim, result]))
}

/** The result that all rows have. */
function resultOf(maker: ClaimMaker, truth: Partial<Truth>, observed: Partial<Observation>): string {
  const results = new Set(Object.values(resultsOf(maker, expectation(truth), observation(observed))))
  return [...results].join(' ')
}

describe('claims', () => {
  it.each<[string, ClaimMaker, Partial<Truth>, Partial<Observation>, string]>([
    ['service times, right', serviceTimeClaims, {}, {}, 'pass'],
    ['service times, 2 % off', serviceTimeClaims, {}, { serviceTime: times(102_000) }, 'pass'],
    ['service times, 2.5 % off', serviceTimeClaims, {}, { serviceTime: times(102_500) }, 'fail'],
    [
      'short ones, 1 ms off',
      serviceTimeClaims,
      { latency: times(10_000) },
      { serviceTime: times(11_000) },
      'pass',
    ],
    [
      'short ones, 1.5 ms off',
      serviceTimeClaims,
      { latency: times(10_000) },
      { serviceTime: times(11_500) },
      'fail',
    ],
    ['times of a late engine', serviceTimeClaims, {}, { scheduleDelay: LATE }, 'not_judged'],
    ['times of a late mock', serviceTimeClaims, { lateness: times(5_000) }, {}, 'not_judged'],
    [
      'times of a mock that is late by less than counts',
      serviceTimeClaims,
      { lateness: times(3_000) },
      {},
      'pass',
    ],
    ['times that the engine does not have', serviceTimeClaims, {}, { serviceTime: undefined }, 'no_figure'],
    ['plan carried out', rateClaims, {}, {}, 'pass'],
    ['plan missed by 5 %', rateClaims, {}, { offeredCount: 19, sentRps: 19 }, 'fail'],
    ['as many sent as came', sentClaim, {}, {}, 'pass'],
    ['as many as with the warm-up', sentClaim, { keptCount: 30 }, { sentCount: 30 }, 'pass'],
    ['as many as came, however late', sentClaim, {}, { scheduleDelay: LATE }, 'pass'],
    ['one more sent than came', sentClaim, {}, { sentCount: 21 }, 'fail'],
    ['even arrivals', arrivalClaims, {}, {}, 'pass'],
    ['arrivals in bursts', arrivalClaims, { arrivalPeaks: { in100msCount: 20, in1sCount: 40 } }, {}, 'fail'],
    ['arrivals of a late engine', arrivalClaims, {}, { scheduleDelay: LATE }, 'not_judged'],
    ['in flight, another one on its way', concurrencyClaim, {}, { inFlightMaxCount: 3 }, 'pass'],
    ['in flight, two too many', concurrencyClaim, {}, { inFlightMaxCount: 4 }, 'fail'],
    ['outcomes', outcomeClaims, {}, {}, 'pass'],
    ['outcomes, none accepted', outcomeClaims, {}, { acceptedCount: 0, throttledCount: 20 }, 'fail'],
    [
      'Retry-After',
      retryAfterClaims({ p50S: 2, maxS: 3 }),
      {},
      { retryAfter: { p50Us: 2_001_000, maxUs: 3e6 } },
      'pass',
    ],
    [
      'Retry-After in ms',
      retryAfterClaims({ p50S: 2, maxS: 3 }),
      {},
      { retryAfter: { p50Us: 2_000, maxUs: 3_000 } },
      'fail',
    ],
    ['no Retry-After', retryAfterClaims({ p50S: 2, maxS: 3 }), {}, {}, 'no_figure'],
    [
      'bytes',
      bytesClaims,
      { wire: { sentBytes: 9, receivedBytes: 7 } },
      { sentBytes: 9, receivedBytes: 7 },
      'pass',
    ],
    [
      'bytes, mixed up',
      bytesClaims,
      { wire: { sentBytes: 9, receivedBytes: 7 } },
      { sentBytes: 7, receivedBytes: 9 },
      'fail',
    ],
    ['bytes that nobody counted', bytesClaims, {}, { sentBytes: 9, receivedBytes: 7 }, 'not_judged'],
    ['in time', scheduleDelayClaim, {}, {}, 'pass'],
    ['late', scheduleDelayClaim, {}, { scheduleDelay: LATE }, 'not_judged'],
    ['lateness unknown', scheduleDelayClaim, {}, { scheduleDelay: undefined }, 'no_figure'],
  ])('%s', (_story, maker, truth, observed, expected) => {
    expect(resultOf(maker, truth, observed)).toBe(expected)
  })

  it('p99.9 is claimed from a thousand requests on', () => {
    const shown = (rateRps: number): string[] =>
      Object.keys(
        resultsOf(serviceTimeClaims, { load: [{ rateRps, durationS: 1 }], truth: TRUTH }, observation()),
      )
    expect(shown(999)).toEqual(['min', 'p50', 'p90', 'p99'].map((name) => `service time ${name}`))
    expect(shown(1_000)).toContain('service time p99.9')
  })

  it('one late request spoils p99.9 and nothing else', () => {
    const late = observation({ scheduleDelay: { p90Us: 10, p95Us: 20, p99Us: 100, maxUs: 90_000 } })
    const expected = { load: [{ rateRps: 1_000, durationS: 1 }], truth: TRUTH } as const
    const results = resultsOf(serviceTimeClaims, expected, late)
    expect(Object.values(results)).toEqual(['pass', 'pass', 'pass', 'pass', 'not_judged'])
  })
})

describe('the achieved rate', () => {
  const load: Load = [{ rateRps: 100, durationS: 20 }]
  const expected: Expectation = { load }

  it.each([
    ['may have two requests of 2000 behind its end', 29_000, 99.9, 'pass'],
    ['is not judged when three may be', 30_000, 99.9, 'not_judged'],
    ['fails when so many are missing that none can have been late', 9_000, 99.8, 'fail'],
  ])('%s', (_story, maxUs, sentRps, result) => {
    const observed = observation({ offeredCount: 2_000, sentRps, scheduleDelay: { maxUs } })
    expect(resultsOf(rateClaims, expected, observed)['achieved rate']).toBe(result)
  })
})

describe('a stall', () => {
  it('has the quantiles that requests have when they come one by one', () => {
    const plans = fc.record({
      stallMs: fc.integer({ min: 50, max: 2_000 }),
      latencyMs: fc.integer({ min: 0, max: 50 }),
      share: fc.constantFrom(0.5, 0.9, 0.99),
    })
    fc.assert(
      fc.property(plans, ({ stallMs, latencyMs, share }) => {
        const durationS = 5
        // One request each millisecond; the stall lies from 2 s on.
        const sortedMs = Array.from({ length: durationS * 1_000 }, (_, atMs) => {
          const dueMs = atMs + latencyMs
          return dueMs >= 2_000 && dueMs < 2_000 + stallMs ? 2_000 + stallMs - atMs : latencyMs
        }).sort((a, b) => a - b)
        const plainMs = sortedMs[Math.ceil(share * sortedMs.length) - 1] ?? 0
        const stall = { fromUs: 2_000_000, stallUs: stallMs * 1_000, latencyUs: latencyMs * 1_000 }
        expect(Math.abs(stallQuantileUs(stall, durationS, share) / 1_000 - plainMs)).toBeLessThanOrEqual(1)
      }),
    )
  })

  const expected: Expectation = { load: [{ rateRps: 100, durationS: 5 }], truth: TRUTH }
  const seen = (p50Us: number, p90Us: number, p99Us: number): Observation =>
    observation({ responseTime: { p50Us, p90Us, p99Us } })
  const claims = stallClaims(STALL)

  it('shows in the response times of an open model', () => {
    expect(resultsOf(claims, expected, seen(10_000, 510_000, 960_000))).toEqual({
      'response time p50': 'pass',
      'response time p90': 'pass',
      'response time p99': 'pass',
    })
  })

  it('is missing where a closed model waits for the reply', () => {
    expect(resultsOf(claims, expected, seen(10_000, 10_000, 10_000))).toEqual({
      'response time p50': 'pass',
      'response time p90': 'fail',
      'response time p99': 'fail',
    })
  })

  it('is not judged when the load began after it', () => {
    const late = { ...expected, truth: { ...TRUTH, firstArrivalUs: 2_000_000 } }
    expect(new Set(Object.values(resultsOf(claims, late, seen(10_000, 10_000, 10_000))))).toEqual(
      new Set(['not_judged']),
    )
  })
})

describe('peaks', () => {
  const load: Load = [
    { rateRps: 40, durationS: 4 },
    { rateRps: 80, durationS: 1 },
    { rateRps: 40, durationS: 5 },
  ]
  const peaksOf = (ratio: number): Observation['peaks'] =>
    (['offered', 'sent', 'accepted'] as const).flatMap((traffic) =>
      [100, 1_000, 10_000].map((windowMs) => ({
        traffic,
        windowMs,
        peakToAverageRatio: windowMs === 10_000 ? 1 : ratio,
      })),
    )

  it('are claimed of all traffic and of every window that fits', () => {
    const results = resultsOf(peakClaims(TRAFFIC), { load }, observation({ peaks: peaksOf(80 / 44) }))
    expect(Object.keys(results)).toHaveLength(9)
    expect(new Set(Object.values(results))).toEqual(new Set(['pass']))
  })

  it('a request in the wrong window fails them', () => {
    const results = resultsOf(peakClaims(TRAFFIC), { load }, observation({ peaks: peaksOf(81 / 44) }))
    expect(results['sent peak, 1 s']).toBe('fail')
    expect(results['sent peak, 10 s']).toBe('pass')
  })

  it('what is due is exact however late the engine is, what is sent is not', () => {
    const late = observation({ peaks: peaksOf(80 / 44), scheduleDelay: LATE })
    const results = resultsOf(peakClaims(TRAFFIC), { load }, late)
    expect(results['offered peak, 100 ms']).toBe('pass')
    expect(results['sent peak, 100 ms']).toBe('not_judged')
  })
})
