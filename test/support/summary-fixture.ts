/** A finished run as literals: figures that add up, two request names, one failed threshold. */
import type { Outcome } from '../../src/measure/outcome.ts'
import type {
  DurationSummary,
  NameSummary,
  PeakSummary,
  RunSummary,
  SecondRow,
} from '../../src/measure/summary.ts'
import type { RunEnd, RunFacts } from '../../src/run-files/run-facts.ts'

export const NO_DURATION: DurationSummary = {
  count: 0,
  minUs: undefined,
  meanUs: undefined,
  p50Us: undefined,
  p90Us: undefined,
  p95Us: undefined,
  p99Us: undefined,
  p999Us: undefined,
  maxUs: undefined,
}

const NO_PEAK: PeakSummary = {
  peakRps: undefined,
  meanRps: undefined,
  peakToAverageRatio: undefined,
  dispersionRatio: undefined,
}

export function outcomeCounts(counts: Partial<Record<Outcome, number>>): Record<Outcome, number> {
  return {
    accepted: 0,
    throttled: 0,
    client_error: 0,
    server_error: 0,
    timeout: 0,
    network_error: 0,
    aborted: 0,
    ...counts,
  }
}

function peak(peakRps: number, meanRps: number, dispersionRatio: number): PeakSummary {
  return { peakRps, meanRps, peakToAverageRatio: peakRps / meanRps, dispersionRatio }
}

/** A name that nothing was sent under, to be overridden. */
export const IDLE_NAME: NameSummary = {
  name: 'idle',
  durationS: 300,
  offeredCount: 0,
  retryCount: 0,
  sentCount: 0,
  outcomeCounts: outcomeCounts({}),
  iterationsDueCount: undefined,
  iterationsDroppedCount: undefined,
  operationsCount: 0,
  operationsFailedCount: 0,
  offeredRps: 0,
  sentRps: 0,
  acceptedRps: 0,
  capRps: undefined,
  acceptedToCapRatio: undefined,
  throttledRatio: undefined,
  expectedThrottledRatio: undefined,
  errorRatio: undefined,
  peak1s: { offered: NO_PEAK, sent: NO_PEAK, accepted: NO_PEAK },
  retryAmplificationRatio: undefined,
  inflightMeanCount: 0,
  inflightMaxCount: 0,
  responseTimeAccepted: NO_DURATION,
  serviceTimeAccepted: NO_DURATION,
  responseTimeThrottled: NO_DURATION,
  operationDuration: NO_DURATION,
  retryAfter: NO_DURATION,
  scheduleDelay: undefined,
  loopUtilizationMaxRatio: undefined,
  sentBytes: 0,
  receivedBytes: 0,
}

/** Quantiles in µs: p50, p90, p95, p99, p99.9, max. */
export function quantiles(
  count: number,
  us: readonly [number, number, number, number, number, number],
): DurationSummary {
  const [p50Us, p90Us, p95Us, p99Us, p999Us, maxUs] = us
  return { count, minUs: 1_204, meanUs: 48_210.4567, p50Us, p90Us, p95Us, p99Us, p999Us, maxUs }
}

const RANK: NameSummary = {
  ...IDLE_NAME,
  name: 'rank',
  offeredCount: 12_000,
  retryCount: 3_000,
  sentCount: 15_000,
  outcomeCounts: outcomeCounts({ accepted: 11_071, throttled: 3_917, server_error: 7, timeout: 5 }),
  operationsCount: 12_000,
  operationsFailedCount: 929,
  offeredRps: 40,
  sentRps: 50,
  acceptedRps: 11_071 / 300,
  throttledRatio: 3_917 / 15_000,
  errorRatio: 12 / 15_000,
  retryAmplificationRatio: 1.25,
  responseTimeAccepted: quantiles(11_071, [40_100, 88_200, 114_300, 312_400, 480_500, 611_600]),
  serviceTimeAccepted: quantiles(11_071, [39_100, 87_200, 113_300, 302_400, 470_500, 601_600]),
  responseTimeThrottled: quantiles(3_917, [3_100, 5_200, 6_300, 11_400, 20_500, 44_600]),
  sentBytes: 9_000_000,
  receivedBytes: 21_000_000,
}

const REWARD: NameSummary = {
  ...IDLE_NAME,
  name: 'reward',
  offeredCount: 7_204,
  retryCount: 1_796,
  sentCount: 9_000,
  outcomeCounts: outcomeCounts({ accepted: 6_773, throttled: 2_227 }),
  operationsCount: 7_204,
  operationsFailedCount: 431,
  offeredRps: 7_204 / 300,
  sentRps: 30,
  acceptedRps: 6_773 / 300,
  throttledRatio: 2_227 / 9_000,
  errorRatio: 0,
  retryAmplificationRatio: 9_000 / 7_204,
  responseTimeAccepted: quantiles(6_773, [61_100, 130_200, 171_300, 398_400, 700_500, 980_600]),
  sentBytes: 2_345_678,
  receivedBytes: 1_000_000,
}

const ALL: NameSummary = {
  ...IDLE_NAME,
  name: '_all',
  offeredCount: 19_204,
  retryCount: 4_796,
  sentCount: 24_000,
  outcomeCounts: outcomeCounts({ accepted: 17_844, throttled: 6_144, server_error: 7, timeout: 5 }),
  iterationsDueCount: 19_206,
  iterationsDroppedCount: 2,
  operationsCount: 19_204,
  operationsFailedCount: 1_360,
  offeredRps: 19_204 / 300,
  sentRps: 80,
  acceptedRps: 17_844 / 300,
  capRps: 60,
  acceptedToCapRatio: 17_844 / 300 / 60,
  throttledRatio: 6_144 / 24_000,
  expectedThrottledRatio: 0.25,
  errorRatio: 12 / 24_000,
  peak1s: {
    offered: peak(69, 19_204 / 300, 0.04),
    sent: peak(96, 80, 1.7),
    accepted: peak(60, 17_844 / 300, 0.01),
  },
  retryAmplificationRatio: 24_000 / 19_204,
  inflightMeanCount: 5.4321,
  inflightMaxCount: 22,
  responseTimeAccepted: quantiles(17_844, [46_100, 104_200, 138_300, 341_400, 590_500, 980_600]),
  serviceTimeAccepted: quantiles(17_844, [45_100, 103_200, 137_300, 331_400, 580_500, 970_600]),
  responseTimeThrottled: quantiles(6_144, [3_100, 5_200, 6_300, 11_400, 20_500, 44_600]),
  operationDuration: quantiles(19_204, [52_000, 1_400_000, 2_300_000, 4_600_000, 5_000_000, 5_100_000]),
  retryAfter: quantiles(6_144, [1_000_000, 1_000_000, 2_000_000, 2_000_000, 2_000_000, 2_500_000]),
  scheduleDelay: quantiles(19_204, [120, 300, 400, 800, 2_000, 9_000]),
  loopUtilizationMaxRatio: 0.2345678,
  sentBytes: 11_345_678,
  receivedBytes: 22_000_000,
}

export const SUMMARY: RunSummary = {
  durationS: 300,
  verdict: { level: 'VALID', reasons: [] },
  names: [ALL, RANK, REWARD],
  burst: [
    { name: '_all', traffic: 'offered', windowMs: 1_000, ...peak(69, 19_204 / 300, 0.04) },
    { name: '_all', traffic: 'offered', windowMs: 60_000, ...NO_PEAK },
  ],
  histograms: [
    {
      name: 'rank',
      outcome: 'accepted',
      measure: 'response_time',
      histogram: { lowUs: [7, 2_047, 2_048, 311_808], counts: [1, 2, 3, 11_065] },
    },
    {
      name: '_all',
      outcome: null,
      measure: 'schedule_delay',
      histogram: { lowUs: [0, 120], counts: [4, 19_200] },
    },
  ],
  thresholds: [
    {
      metric: 'http_req_throttled',
      expression: 'rate<0.3',
      observed: 0.256,
      unit: 'ratio',
      result: 'pass',
      aborted: false,
    },
    {
      metric: 'http_req_response_time{name:rank,outcome:accepted}',
      expression: 'p(99)<250',
      observed: 312.4,
      unit: 'ms',
      result: 'fail',
      aborted: false,
    },
    {
      metric: 'checks{name:absent}',
      expression: 'rate>0.99',
      observed: undefined,
      unit: 'ratio',
      result: 'no_data',
      aborted: false,
    },
  ],
  checks: [
    { name: 'status is 201', passes: 11_071, fails: 0 },
    { name: 'has a reward action id', passes: 11_000, fails: 71 },
  ],
  metrics: [
    { name: 'chosen_action_rank', type: 'trend', isTime: false, values: { avg: 1.25, 'p(95)': 3, max: 5 } },
    { name: 'think_time', type: 'trend', isTime: true, values: { avg: 812.345, 'p(95)': 1_500 } },
  ],
  iterations: {
    dueCount: 19_206,
    droppedCount: 2,
    startedCount: 19_204,
    completedCount: 19_204,
    interruptedCount: 0,
  },
  warnings: ['2 iterations were dropped because every VU was busy: raise maxVUs of scenario rank above 50.'],
}

export const FACTS: RunFacts = {
  runId: '1a2b3c4d5e6f708192a3b4c5d6e7f8090a1b2c3d',
  scenario: 'personalizer-rank-reward',
  time: 'real',
  epochMs: Date.UTC(2026, 10, 21, 2, 17),
  wallStartedAtMs: Date.UTC(2026, 10, 21, 2, 17),
  toolVersion: '0.1.0',
  nodeVersion: 'v20.19.0',
  host: 'runner-7',
  os: 'linux 6.1 x64',
  cpuModel: 'Example CPU',
  cpuCount: 2,
  scriptPath: 'scenarios/personalizer-rank-reward.ts',
  scriptSha256: 'a'.repeat(64),
  options: { scenarios: { rank: { executor: 'constant-arrival-rate', rate: 64 } } },
  optionsSha256: 'b'.repeat(64),
  seed: 1,
  targetKind: 'mock',
  target: 'mock:personalizer-s0,tps=60',
  envNames: [],
  envValues: [],
  mockConfig: { profile: 'personalizer-s0', tps: 60 },
  commit: 'c0ffee1',
  branch: 'main',
}

export const END: RunEnd = {
  wallFinishedAtMs: Date.UTC(2026, 10, 21, 2, 22, 1),
  exitCode: 99,
  mockCounters: { admittedCount: 17_844, throttledCount: 6_144 },
}

export const SECOND: SecondRow = {
  second: 0,
  phase: 'measure',
  name: '_all',
  offeredCount: 64,
  retryCount: 3,
  sentCount: 67,
  outcomeCounts: outcomeCounts({ accepted: 60, throttled: 7 }),
  responseTimeAcceptedSumUs: 2_812_345,
  responseTimeAccepted: quantiles(60, [46_100, 104_200, 138_300, 141_400, 141_500, 141_600]),
  responseTimeThrottledP50Us: 3_100,
  inflightMaxCount: 9,
  capRps: 60,
  scheduleDelayMaxUs: 812,
  iterationsDueCount: 64,
  iterationsDroppedCount: 0,
}
