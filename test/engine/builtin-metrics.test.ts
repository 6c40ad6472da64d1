import { describe, expect, it } from 'vitest'
import { BUILTIN_METRICS, type MetricSelector } from '../../src/measure/metric-types.ts'
import { DEFAULT_TREND_STATS } from '../../src/core/trend-stat.ts'
import { K6_SUMMARY_SELECTORS } from '../../src/report/k6-data.ts'
import { runEngine, type EngineRun } from '../support/engine-run.ts'

/** Five VUs' worth of arrivals on two VUs: two run, the others are dropped. */
const OPTIONS = {
  scenarios: {
    s: { executor: 'constant-arrival-rate', rate: 5, duration: '2s', preAllocatedVUs: 2 },
  },
}

function values({ metrics, last }: EngineRun, metric: string, tags: MetricSelector['tags'] = []): object {
  return metrics.figures({ metric, tags }, last.nowUs, DEFAULT_TREND_STATS)?.values ?? {}
}

describe('built-in metrics of k6', () => {
  it('are all there, and each is what k6 says it is', async () => {
    const result = await runEngine({
      options: OPTIONS,
      selectors: K6_SUMMARY_SELECTORS,
      answer: (_request, _nowUs, index) => ({ afterUs: 100_000, status: index === 0 ? 429 : 200 }),
      script: ({ http, check, group, sleep }) => ({
        default: async () => {
          await group('g', async () => {
            const reply = await http.get('http://target/')
            check(reply, { 'is 200': reply.status === 200 })
          })
          await sleep(0.8)
        },
      }),
    })
    const wanted = BUILTIN_METRICS.filter(({ origin }) => origin === 'k6').map(({ name }) => name)
    const missing = wanted.filter((metric) => !result.metrics.hasSamples({ metric, tags: [] }))
    expect(missing).toEqual([])
    // At each full second the iteration that begins then has not begun.
    expect(values(result, 'vus')).toEqual({ value: 1, min: 1, max: 1 })
    expect(values(result, 'vus_max')).toEqual({ value: 2, min: 2, max: 2 })
    expect(values(result, 'iterations')).toMatchObject({ count: 4 })
    expect(values(result, 'dropped_iterations')).toMatchObject({ count: 6 })
    expect(values(result, 'iteration_duration')).toMatchObject({ min: 900, max: 900 })
    expect(values(result, 'group_duration')).toMatchObject({ avg: 100 })
    expect(values(result, 'checks')).toEqual({ rate: 0.75, passes: 3, fails: 1 })
    expect(values(result, 'http_reqs')).toMatchObject({ count: 4 })
    expect(values(result, 'http_req_failed')).toEqual({ rate: 0.25, passes: 1, fails: 3 })
    expect(values(result, 'http_req_duration')).toMatchObject({ avg: 100, max: 100 })
    expect(
      result.metrics.hasSamples({ metric: 'http_req_duration', tags: [['expected_response', 'true']] }),
    ).toBe(true)
  })

  it('gauge VUs while there is load, not when it has drained', async () => {
    const result = await runEngine({
      options: { scenarios: { s: { ...OPTIONS.scenarios.s, rate: 1, duration: '2s' } } },
      script: ({ sleep }) => ({ default: () => sleep(1.5) }),
    })
    expect(result.last.progress.activeVus).toBe(0)
    expect(values(result, 'vus')).toEqual({ value: 1, min: 1, max: 1 })
  })
})
