import { describe, expect, it } from 'vitest'
import {
  changeText,
  doubtLines,
  intervalText,
  metricLabel,
  metricValue,
  nameLabel,
  subjectLabel,
  verdictCounts,
} from '../../../src/report/comparison/words.ts'
import { withoutInterval } from '../../../src/stats/comparison.ts'
import { COMPARED_METRICS, type Metric } from '../../../src/stats/metric.ts'

function ratio(column: string): Metric {
  return { column, kind: 'ratio', better: 'lower', leastChange: 0.1 }
}

const SHARE: Metric = { column: 'throttled_ratio', kind: 'share', better: 'lower', leastChange: 0.02 }

describe('metricLabel', () => {
  it.each([
    ['response_time_accepted_p99_ms', 'response time p99, accepted'],
    ['response_time_throttled_p50_ms', 'response time p50, throttled'],
    ['operation_duration_p99_ms', 'operation duration p99'],
    ['accepted_to_cap_ratio', 'accepted / cap'],
    ['retry_amplification_ratio', 'sent / offered'],
    ['inflight_max_count', 'inflight max'],
  ])('%s: %s', (column, label) => {
    expect(metricLabel(ratio(column))).toBe(label)
  })

  it('tells all compared metrics apart', () => {
    expect(new Set(COMPARED_METRICS.map(metricLabel)).size).toBe(COMPARED_METRICS.length)
  })
})

it('calls everything together by its name', () => {
  expect(nameLabel('_all')).toBe('all')
  expect(nameLabel('rank')).toBe('rank')
  expect(subjectLabel({ metric: SHARE, name: '_all' })).toBe('all: throttled / sent')
})

describe('metricValue', () => {
  it.each([
    [ratio('response_time_accepted_p99_ms'), 312.4, '312 ms'],
    [ratio('response_time_accepted_p99_ms'), 0.05, '0.05 ms'],
    [ratio('accepted_rps'), 59.5, '59.5/s'],
    [ratio('accepted_to_cap_ratio'), 0.992, '99.2 %'],
    [ratio('retry_amplification_ratio'), 1.25, '1.25 x'],
    [ratio('inflight_max_count'), 22, '22'],
    [SHARE, 0.256, '25.6 %'],
    [SHARE, 0.0001, '<0.1 %'],
    [SHARE, undefined, '-'],
  ])('%o %d: %s', (metric, value, text) => {
    expect(metricValue(metric, value)).toBe(text)
  })
})

describe('changes', () => {
  it.each([
    [ratio('accepted_rps'), 1.2414, '+24.1 %'],
    [ratio('accepted_rps'), 0.5, '-50.0 %'],
    [ratio('accepted_rps'), 1, '0.0 %'],
    [ratio('accepted_rps'), 0.9999, '0.0 %'],
    [SHARE, 0.006, '+0.6 pp'],
    [SHARE, -0.0125, '-1.25 pp'],
    [SHARE, undefined, '-'],
  ])('%o %d: %s', (metric, change, text) => {
    expect(changeText(metric, change)).toBe(text)
  })

  it('have intervals of the same kind', () => {
    expect(intervalText(ratio('accepted_rps'), { low: 0.95, high: 1.342 })).toBe('[-5.0 … +34.2 %]')
    expect(intervalText(SHARE, { low: -0.001, high: 0.02 })).toBe('[-0.1 … +2.0 pp]')
    expect(intervalText(SHARE, undefined)).toBe('-')
  })
})

it('counts verdicts, the worst first, and leaves out what nothing has', () => {
  const verdicts = ['equivalent', 'regressed', 'equivalent', 'inconclusive'] as const
  expect(verdictCounts(verdicts.map((verdict) => ({ verdict })))).toBe(
    '1 regressed, 2 equivalent, 1 inconclusive',
  )
  expect(verdictCounts([])).toBe('')
})

describe('doubtLines', () => {
  it('names each warning once, with no more than six of what it is about', () => {
    const names = ['_all', 'a', 'b', 'c', 'd', 'e', 'f']
    const of = (name: string, warnings: readonly string[]): ReturnType<typeof withoutInterval> =>
      withoutInterval({ metric: SHARE, name, base: 0.1, head: 0.2 }, warnings)
    expect(doubtLines([...names.map((name) => of(name, ['too short'])), of('a', ['too few'])])).toEqual([
      `too short (${['all', 'a', 'b', 'c', 'd', 'e'].map((name) => `${name}: throttled / sent`).join('; ')} and 1 more)`,
      'too few (a: throttled / sent)',
    ])
  })
})
