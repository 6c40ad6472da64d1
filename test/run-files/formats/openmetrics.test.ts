import { describe, expect, it } from 'vitest'
import type { RunSummary } from '../../../src/measure/summary.ts'
import { OUTCOMES } from '../../../src/measure/outcome.ts'
import { openMetrics } from '../../../src/run-files/formats/openmetrics.ts'
import { IDENTITY } from '../../support/identity-fixture.ts'
import { SUMMARY } from '../../support/summary-fixture.ts'

interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  readonly timestampS: number
}

const LINE = /^(\w+)\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\} (\S+) (\S+)$/

/** Reads what was written; a line that is neither a comment nor a sample is an error. */
function samplesOf(text: string): Sample[] {
  expect(text.endsWith('# EOF\n')).toBe(true)
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => {
    const [, name = '', labels = '', value = '', timestamp = ''] = LINE.exec(line) ?? []
    if (name === '') throw new Error(`no sample: ${line}`)
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text_]) => [key, text_])
    return {
      name,
      labels: Object.fromEntries(pairs),
      value: Number(value.replace('+Inf', 'Infinity')),
      timestampS: Number(timestamp),
    }
  })
}

function metricsOf(summary: RunSummary = SUMMARY): Sample[] {
  return samplesOf(openMetrics(IDENTITY, summary, summary.histograms))
}

function find(samples: readonly Sample[], name: string, labels: Record<string, string> = {}): Sample[] {
  return samples.filter(
    (each) =>
      each.name === name && Object.entries(labels).every(([key, value]) => each.labels[key] === value),
  )
}

describe('openMetrics', () => {
  it('gives every sample the time of the start and what makes a series of runs', () => {
    const samples = metricsOf()
    expect(new Set(samples.map(({ timestampS }) => timestampS))).toEqual(new Set([IDENTITY.epochMs / 1_000]))
    expect(new Set(samples.map(({ labels }) => labels['scenario']))).toEqual(new Set([IDENTITY.scenario]))
  })

  it('counts requests by name and outcome, not those of all names once more', () => {
    const samples = metricsOf()
    expect(find(samples, 'headroom_requests_throttled_total', { name: 'rank' })).toMatchObject([
      { value: 3_917, labels: { phase: 'measure' } },
    ])
    const sumOf = (kind: string): number =>
      find(samples, `headroom_requests_${kind}_total`).reduce((sum, { value }) => sum + value, 0)
    expect(sumOf('sent')).toBe(24_000)
    expect(OUTCOMES.reduce((sum, outcome) => sum + sumOf(outcome), 0)).toBe(24_000)
  })

  it.each([
    ['VALID', 0],
    ['SUSPECT', 1],
    ['INVALID', 2],
  ] as const)('says what the verdict %s and the thresholds were', (level, value) => {
    const samples = metricsOf({ ...SUMMARY, verdict: { level, reasons: [] } })
    expect(find(samples, 'headroom_verdict')).toMatchObject([{ value }])
    expect(find(samples, 'headroom_threshold_passed').map((sample) => sample.value)).toEqual([1, 0])
  })

  it('has no sample of what an imported run does not know', () => {
    const [all] = SUMMARY.names
    const names = [{ ...all, iterationsDueCount: undefined, capRps: undefined }] as RunSummary['names']
    const samples = metricsOf({ ...SUMMARY, names })
    expect(find(samples, 'headroom_iterations_due_total')).toEqual([])
    expect(find(samples, 'headroom_cap_per_second')).toEqual([])
  })

  it('has cumulative buckets that hold what histogram.csv has', () => {
    const histogram = { lowUs: [1_000, 2_000, 4_000_768], counts: [5, 3, 2] }
    const rows = [{ name: 'rank', outcome: 'accepted', measure: 'response_time', histogram }] as const
    const samples = metricsOf({ ...SUMMARY, histograms: rows })
    const buckets = find(samples, 'headroom_response_time_seconds_bucket')
    const upTo = (seconds: number): number =>
      Math.max(
        0,
        ...buckets.filter(({ labels }) => Number(labels['le']) <= seconds).map(({ value }) => value),
      )
    expect([upTo(0.000_9), upTo(0.001_1), upTo(0.002_2), upTo(3.9), upTo(4.4)]).toEqual([0, 5, 8, 8, 10])
    expect(buckets.at(-1)).toMatchObject({ labels: { le: '+Inf' }, value: 10 })
    const bounds = buckets.slice(0, -1).map(({ labels }) => Number(labels['le']))
    for (const [i, bound] of bounds.slice(1).entries())
      expect(bound / (bounds[i] ?? 0)).toBeCloseTo(2 ** (1 / 8), 4)
    expect(find(samples, 'headroom_response_time_seconds_count')).toMatchObject([{ value: 10 }])
    const [sum] = find(samples, 'headroom_response_time_seconds_sum')
    const exact = (5 * 0.001 + 3 * 0.002 + 2 * 4.000_768) / 1
    expect(Math.abs((sum?.value ?? 0) / exact - 1)).toBeLessThan(0.001)
  })

  it('escapes what comes from the script', () => {
    const [, rank] = SUMMARY.names
    if (rank === undefined) throw new Error('no rank')
    const names = [{ ...rank, name: 'a"b\\c\nd' }]
    const [offered] = find(metricsOf({ ...SUMMARY, names }), 'headroom_requests_offered_total')
    expect(offered?.labels['name']).toBe('a\\"b\\\\c\\nd')
  })

  it('leaves out families without a sample', () => {
    expect(openMetrics(IDENTITY, { ...SUMMARY, thresholds: [] }, [])).not.toMatch(/threshold|histogram/)
  })
})
