import type { Expectation, Observation, Truth } from '../../../src/commands/verify/observation.ts'

/** A second of 20 requests, each answered after 100 ms. */
export const TRUTH: Truth = {
  decisionCount: 20,
  keptCount: 20,
  admittedCount: 20,
  statusCounts: { 200: 20 },
  firstArrivalUs: 500_000,
  latency: { minUs: 1e5, p50Us: 1e5, p90Us: 1e5, p95Us: 1e5, p99Us: 1e5, p999Us: 1e5, maxUs: 1e5 },
  inFlightMaxCount: 2,
  arrivalPeaks: { in100msCount: 2, in1sCount: 20 },
}

export function expectation(truth: Partial<Truth> = {}): Expectation {
  return { load: [{ rateRps: 20, durationS: 1 }], truth: { ...TRUTH, ...truth } }
}

/** Everything right, and nothing late. */
export function observation(overrides: Partial<Observation> = {}): Observation {
  return {
    offeredCount: 20,
    sentCount: 20,
    sentRps: 20,
    acceptedCount: 20,
    throttledCount: 0,
    serviceTime: TRUTH.latency,
    responseTime: TRUTH.latency,
    scheduleDelay: { p90Us: 10, p95Us: 20, p99Us: 100, maxUs: 200 },
    inFlightMaxCount: 2,
    ...overrides,
  }
}

/** Times that are all the same. */
export const times = (us: number): NonNullable<Truth['latency']> => ({
  minUs: us,
  p50Us: us,
  p90Us: us,
  p95Us: us,
  p99Us: us,
  p999Us: us,
  maxUs: us,
})
