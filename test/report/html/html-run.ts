/** Runs for the page, second by second. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Rng } from '../../../src/core/rng.ts'
import type { Outcome } from '../../../src/measure/outcome.ts'
import type { Measure } from '../../../src/measure/snapshot.ts'
import type { HistogramRows, NameSummary, SecondRow } from '../../../src/measure/summary.ts'
import type { ZoomLibrary } from '../../../src/report/html/page.ts'
import type { LatencySpan, PastRun, RunData } from '../../../src/report/html/run-data.ts'
import {
  IDLE_NAME,
  NO_DURATION,
  outcomeCounts,
  quantiles,
  SECOND,
  SUMMARY,
} from '../../support/summary-fixture.ts'

const require = createRequire(import.meta.url)

/** uPlot as the package has it. */
export const UPLOT: ZoomLibrary = {
  script: readFileSync(require.resolve('uplot/dist/uPlot.iife.min.js'), 'utf8'),
  stylesheet: readFileSync(require.resolve('uplot/dist/uPlot.min.css'), 'utf8'),
}

export const NO_LIBRARY: ZoomLibrary = { script: '', stylesheet: '' }

const IDENTITY: RunData['identity'] = {
  runId: 'this',
  scenario: 'rank-reward',
  time: 'real',
  epochMs: Date.parse('2026-11-21T02:17:00.000Z'),
  wallStartedAt: '2026-11-21T02:17:00.000Z',
  exitCode: 99,
  toolVersion: '0.1.0',
  nodeVersion: '20.20.2',
  host: 'runner-7',
  os: 'Linux 6.1',
  cpuModel: 'Example CPU',
  cpuCount: 2,
  commit: 'c0ffee1',
  branch: 'main',
  scriptPath: 'scenarios/rank-reward.ts',
  scriptSha256: 'a'.repeat(64),
  optionsSha256: 'b'.repeat(64),
  options: {},
  seed: 1,
  targetKind: 'mock',
  target: 'mock:personalizer-s0,tps=60',
  limiterWindowsUs: [],
  capConcurrency: 40,
}

/** A second of a run whose load rises above the cap of 60 a second and falls again. */
function busySecond(second: number, totalS: number, random: Rng): SecondRow {
  const offeredCount = 20 + Math.round(60 * Math.sin((Math.PI * second) / totalS))
  const accepted = Math.min(offeredCount, 60)
  const retryCount = offeredCount - accepted
  const p50 = 30_000 + Math.floor(random.next() * 30_000)
  return {
    ...SECOND,
    second,
    offeredCount,
    retryCount,
    sentCount: offeredCount + retryCount,
    outcomeCounts: outcomeCounts({ accepted, throttled: 2 * retryCount }),
    responseTimeAccepted: quantiles(accepted, [p50, p50 * 2, p50 * 3, p50 * 5, p50 * 6, p50 * 7]),
    inflightMaxCount: Math.round(accepted / 5),
    scheduleDelayMaxUs: Math.floor(random.next() * 3_000),
  }
}

/** As latency.hlog has it. */
const MOST_SPANS = 3_600

function latencyOf(startS: number, lengthS: number, random: Rng): LatencySpan {
  const lowUs = Array.from({ length: 60 }, () => Math.round(10_000 * Math.exp(random.next() * 4)))
  return {
    startS,
    lengthS,
    histogram: { lowUs: lowUs.toSorted((a, b) => a - b), counts: lowUs.map(() => 1) },
  }
}

/** Of all names: a log-normal of some sort, and quick refusals. */
const HISTOGRAMS: RunData['summary']['histograms'] = [
  allNames('response_time', 'accepted', 40_000),
  allNames('service_time', 'accepted', 38_000),
  allNames('response_time', 'throttled', 2_000),
]

function allNames(measure: Measure, outcome: Outcome, medianUs: number): HistogramRows {
  const lowUs = Array.from({ length: 200 }, (_, i) => Math.round(medianUs * 1.03 ** (i - 100)))
  const counts = lowUs.map((_, i) => Math.ceil(300 * Math.exp(-(((i - 100) / 30) ** 2))))
  return { name: '_all', measure, outcome, histogram: { lowUs, counts } }
}

export function pastRun(runId: string, day: number, p99Ms: number): PastRun {
  return {
    runId,
    startedAt: `2026-11-${String(day).padStart(2, '0')}T02:17:00.000Z`,
    commit: `c0ffee${day}`,
    exitCode: 0,
    figures: {
      response_time_accepted_p50_ms: 40,
      response_time_accepted_p99_ms: p99Ms,
      accepted_to_cap_ratio: 0.99,
      throttled_ratio: 0.25,
    },
  }
}

/** A run of so many seconds, the last of some nights. */
export function busyRun(totalS: number, parts: Partial<RunData> = {}): RunData {
  const random = new Rng('html-run')
  const seconds = Array.from({ length: totalS }, (_, second) => busySecond(second, totalS, random))
  const spanS = Math.max(1, Math.ceil(totalS / MOST_SPANS))
  return {
    identity: IDENTITY,
    summary: { ...SUMMARY, histograms: HISTOGRAMS },
    seconds,
    latency: Array.from({ length: Math.ceil(totalS / spanS) }, (_, i) => latencyOf(i * spanS, spanS, random)),
    history: [pastRun('a', 19, 240), pastRun('b', 20, 250), pastRun('this', 21, 312)],
    baseline: undefined,
    comparison: undefined,
    summaryCsv: 'schema_version,run_id\r\n1,this\r\n',
    lacks: [],
    ...parts,
  }
}

/** A run in which every request was refused with another 4xx. */
export function refusedRun(totalS: number): RunData {
  const seconds = Array.from({ length: totalS }, (_, second): SecondRow => ({
    ...SECOND,
    second,
    offeredCount: 20,
    retryCount: 0,
    sentCount: 20,
    outcomeCounts: outcomeCounts({ client_error: 20 }),
    responseTimeAccepted: NO_DURATION,
    responseTimeThrottledP50Us: undefined,
    capRps: undefined,
  }))
  const row = (name: string): NameSummary => ({
    ...IDLE_NAME,
    name,
    offeredCount: 20 * totalS,
    sentCount: 20 * totalS,
    outcomeCounts: outcomeCounts({ client_error: 20 * totalS }),
  })
  return busyRun(totalS, {
    seconds,
    latency: [],
    history: [],
    summary: { ...SUMMARY, names: [row('_all'), row('rank')], burst: [], histograms: [] },
  })
}

/** What an import of Locust's files has: counts, and of some failures no reason; nothing of samples, plan or machine. */
export function countsOnlyRun(totalS: number): RunData {
  const unexplained = outcomeCounts({ accepted: 15, throttled: 0 })
  const seconds = Array.from({ length: totalS }, (_, second): SecondRow => ({
    ...SECOND,
    second,
    offeredCount: 20,
    retryCount: 0,
    sentCount: 20,
    outcomeCounts: unexplained,
    responseTimeAccepted: NO_DURATION,
    responseTimeThrottledP50Us: undefined,
    inflightMaxCount: 0,
    scheduleDelayMaxUs: undefined,
    capRps: undefined,
  }))
  const row = (name: string): NameSummary => ({
    ...IDLE_NAME,
    name,
    offeredCount: 20 * totalS,
    sentCount: 20 * totalS,
    operationsCount: 20 * totalS,
    outcomeCounts: {
      accepted: 15 * totalS,
      throttled: NaN,
      client_error: NaN,
      server_error: NaN,
      timeout: NaN,
      network_error: NaN,
      aborted: 0,
    },
    throttledRatio: undefined,
    scheduleDelay: undefined,
  })
  return busyRun(totalS, {
    seconds,
    latency: [],
    history: [{ ...pastRun('this', 21, 1), figures: {} }],
    identity: {
      ...IDENTITY,
      targetKind: 'imported',
      target: 'imported:locust',
      capConcurrency: undefined,
      seed: 0,
      host: '',
      os: '',
      cpuModel: '',
      cpuCount: 0,
      nodeVersion: '',
    },
    summary: { ...SUMMARY, names: [row('_all'), row('rank')], burst: [], histograms: [], metrics: [] },
  })
}

/** A saturation: nothing is due, and nothing is retried. */
export function saturation(totalS: number): RunData {
  const run = busyRun(totalS)
  return {
    ...run,
    seconds: run.seconds.map((second) => ({
      ...second,
      retryCount: 0,
      scheduleDelayMaxUs: undefined,
      capRps: undefined,
    })),
    identity: { ...IDENTITY, targetKind: 'remote', options: { model: 'closed' }, capConcurrency: undefined },
    summary: { ...run.summary, burst: run.summary.burst.map((row) => ({ ...row, traffic: 'sent' })) },
  }
}

/** A run that ended before its first second was over. */
export function unbegunRun(): RunData {
  return busyRun(0, {
    history: [],
    summary: {
      ...SUMMARY,
      durationS: 0,
      names: [{ ...IDLE_NAME, name: '_all', durationS: 0 }],
      burst: [],
      histograms: [],
      thresholds: [],
      checks: [],
      metrics: [],
    },
  })
}
