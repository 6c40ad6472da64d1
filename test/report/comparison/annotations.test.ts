import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparisonAnnotations, nightsAnnotations } from '../../../src/report/comparison/annotations.ts'
import type { ComparedRun, ComparisonData } from '../../../src/report/comparison/comparison-data.ts'
import type { JudgedMetric, NightsData } from '../../../src/report/comparison/nights-data.ts'
import type { Comparison } from '../../../src/stats/comparison.ts'
import { GATED_METRICS } from '../../../src/stats/metric.ts'
import type { NightComparison } from '../../../src/stats/night-gate.ts'

const [P50, P99, , THROTTLED] = GATED_METRICS
if (P50 === undefined || P99 === undefined || THROTTLED === undefined) throw new Error('metrics are missing')

const RUN: ComparedRun = {
  runId: 'tonight',
  path: 'results/tonight',
  scenario: 'steady',
  startedAt: '2026-11-21T02:17:00.000Z',
  verdict: 'VALID',
  target: 'mock:custom',
  toolVersion: '1.0.0',
  host: 'runner',
  commit: '1a2b3c4',
}

const SLOWER: Comparison = {
  metric: P99,
  name: 'rank',
  base: 251,
  head: 312,
  change: 1.243,
  interval: { low: 1.15, high: 1.342 },
  basis: 'between runs',
  verdict: 'regressed',
  warnings: [],
}

function judged(comparison: Partial<NightComparison>, isConfirmed?: boolean): JudgedMetric {
  const night = { commit: 'abc1234', value: 251 }
  return {
    comparison: {
      ...SLOWER,
      baseCount: 12,
      pValue: 0.001,
      adjustedPValue: 0.006,
      changes: [],
      ...comparison,
    },
    past: Array.from({ length: 12 }, (_, i) => ({
      ...night,
      runId: `run${i}`,
      startedAt: `2026-11-${String(i + 9).padStart(2, '0')}T02:17:00.000Z`,
    })),
    tonight: { ...night, runId: RUN.runId, startedAt: RUN.startedAt, value: 312 },
    isConfirmed,
  }
}

function nights(metrics: readonly JudgedMetric[], rest: Partial<NightsData> = {}): NightsData {
  return { head: RUN, confirmation: undefined, state: 'passed', metrics, noise: [], notes: [], ...rest }
}

function sides(comparisons: readonly Comparison[]): ComparisonData {
  return {
    base: [RUN],
    head: [RUN],
    differences: [],
    comparisons,
    throttling: [],
    quantileRatios: [],
    notes: [],
  }
}

describe('annotations of a night', () => {
  it.each([
    [undefined, '::warning title=candidate%3A response time p99%2C accepted::'],
    [true, '::error title=regression%2C confirmed%3A response time p99%2C accepted::'],
    [false, '::notice title=candidate%2C cleared%3A response time p99%2C accepted::'],
  ])('say of a regression whether it is confirmed: %s', (isConfirmed, head) => {
    expect(nightsAnnotations(nights([judged({}, isConfirmed)]))).toEqual([
      `${head}rank: 251 ms -> 312 ms, +24.3 %25 [+15.0 … +34.2 %25], matters from 10 %25 on, against 12 nights`,
    ])
  })

  it('have a notice for what became better, and nothing for what did not change or cannot be told', () => {
    const metrics = (['improved', 'equivalent', 'inconclusive'] as const).map((verdict) =>
      judged({ verdict }),
    )
    const lines = nightsAnnotations(nights(metrics))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^::notice title=improvement%3A /)
  })

  it('give no verdict on a noisy night', () => {
    const noise = ['control before: p50 26 ms, 19–21 ms expected', 'control after: p50 27 ms']
    expect(nightsAnnotations(nights([judged({})], { state: 'noisy', noise }))).toEqual([
      '::warning title=noisy night%3A no verdict::control before: p50 26 ms, 19–21 ms expected%0Acontrol after: p50 27 ms',
    ])
  })

  it('tell of changes that have lasted since a night of the last week', () => {
    const verdict = 'inconclusive'
    const change = { before: 240, after: 251, pValue: 0.001 }
    const recent = judged({ verdict, changes: [{ ...change, index: 5 }] })
    const old = judged({ verdict, name: 'reward', changes: [{ ...change, index: 4 }] })
    expect(nightsAnnotations(nights([recent, old]))).toEqual([
      '::warning title=lasting change%3A regressed::lasting change since 2026-11-14T02:17:00.000Z ' +
        '(run run5, commit abc1234): rank: response time p99, accepted 240 ms -> 251 ms',
    ])
  })

  it('only mention those for the better', () => {
    const changes = [{ index: 11, before: 0.2, after: 0.1, pValue: 0.001 }]
    const [line] = nightsAnnotations(nights([judged({ metric: THROTTLED, verdict: 'equivalent', changes })]))
    expect(line).toMatch(/^::notice title=lasting change%3A improved::.* 20 %25 -> 10 %25$/)
  })

  it('call everything together all', () => {
    const [line] = nightsAnnotations(nights([judged({ name: '_all' })]))
    expect(line).toContain('::all: 251 ms -> 312 ms')
  })
})

describe('annotations of two sides', () => {
  it.each([
    ['between runs', 'error'],
    ['within and between runs', 'error'],
    ['within-run only', 'warning'],
  ] as const)('call a regression %s an %s', (basis, level) => {
    expect(comparisonAnnotations(sides([{ ...SLOWER, basis }]))).toEqual([
      `::${level} title=regression%3A response time p99%2C accepted::rank: 251 ms -> 312 ms, +24.3 %25 ` +
        `[+15.0 … +34.2 %25], matters from 10 %25 on, ${basis}`,
    ])
  })

  it('count what is inconclusive', () => {
    const inconclusive: Comparison = { ...SLOWER, verdict: 'inconclusive' }
    const equivalent: Comparison = { ...SLOWER, metric: P50, verdict: 'equivalent' }
    expect(comparisonAnnotations(sides([inconclusive, equivalent, inconclusive]))).toEqual([
      '::warning title=inconclusive::The data cannot say whether 2 of 3 figures changed; the summary has them.',
    ])
    expect(comparisonAnnotations(sides([equivalent]))).toEqual([])
  })
})

describe('annotations of whatever there is', () => {
  const verdict = fc.constantFrom('regressed', 'improved', 'inconclusive', 'equivalent')
  const basis = fc.constantFrom('between runs', 'within-run only')
  const name = fc.string({ unit: fc.constantFrom('a', '%', ':', ',', '\r', '\n', '::error::') })
  const comparison = fc.record({ verdict, basis, name }).map((part): Comparison => ({ ...SLOWER, ...part }))

  it('are at most five commands on a line each, the worst first, and count the others', () => {
    fc.assert(
      fc.property(fc.array(comparison, { maxLength: 12 }), (comparisons) => {
        const lines = comparisonAnnotations(sides(comparisons))
        expect(lines.length).toBeLessThanOrEqual(5)
        for (const line of lines)
          expect(line).toMatch(/^::(error|warning|notice) title=[^:,\r\n]+::[^\r\n]*$/)
        const levels = lines.map((line) =>
          ['error', 'warning', 'notice'].indexOf(line.slice(2).split(' ')[0] ?? ''),
        )
        expect(levels).toEqual(levels.toSorted((a, b) => a - b))
        const count = (wanted: Comparison['verdict']): number =>
          comparisons.filter((each) => each.verdict === wanted).length
        const totalCount = count('regressed') + count('improved') + Math.min(1, count('inconclusive'))
        const hiddenCount = Number(/::and (\d+) more/.exec(lines.at(-1) ?? '')?.[1] ?? 0)
        expect(lines.length - Math.min(1, hiddenCount) + hiddenCount).toBe(totalCount)
      }),
    )
  })

  it('escape a name so that it stays a part of its message', () => {
    const [line] = comparisonAnnotations(sides([{ ...SLOWER, name: '50%25\r\n::error::x' }]))
    expect(line).toContain('::50%2525%0D%0A::error::x: 251 ms')
  })
})
