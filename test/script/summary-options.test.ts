import { describe, expect, it } from 'vitest'
import { faultsOf, planOf, SHORT } from './options-fixture.ts'

describe("options of k6's summary", () => {
  it('have defaults', () => {
    expect(planOf(SHORT).summary).toEqual({
      trendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'],
      timeUnit: '',
      handleTimeoutUs: 120_000_000,
      hiddenTags: [],
    })
  })

  it('are taken over', () => {
    const raw = {
      ...SHORT,
      summaryTrendStats: ['p(99.9)', 'count'],
      summaryTimeUnit: 'us',
      handleSummaryTimeout: '5m',
      systemTags: ['status', 'method', 'vu', 'group', 'scenario', 'check', 'proto', 'subproto', 'error'],
    }
    expect(planOf(raw).summary).toEqual({
      trendStats: ['p(99.9)', 'count'],
      timeUnit: 'us',
      handleTimeoutUs: 300_000_000,
      hiddenTags: ['error_code', 'expected_response', 'service', 'tls_version', 'url'],
    })
  })

  it('may be given as flags and variables', () => {
    const flags = { summaryTrendStats: ['min,p(99)'] }
    const variables = { K6_SUMMARY_TIME_UNIT: 's' }
    expect(planOf(SHORT, { flags, variables }).summary).toMatchObject({
      trendStats: ['min', 'p(99)'],
      timeUnit: 's',
    })
  })

  it('are checked', () => {
    const raw = {
      ...SHORT,
      summaryTrendStats: ['avg', 'p95'],
      summaryTimeUnit: 'h',
      handleSummaryTimeout: 'soon',
      systemTags: ['colour'],
    }
    const faults = faultsOf(raw)
    expect(faults).toHaveLength(4)
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([
      'options.summaryTrendStats[1]',
      'options.summaryTimeUnit',
      'options.handleSummaryTimeout',
      'options.systemTags[0]',
    ])
    expect(faults[0]).toContain('must be avg, min, med, max, count or p(N)')
  })
})
