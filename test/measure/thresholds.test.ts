import { describe, expect, test } from 'vitest'
import { MetricStore } from '../../src/measure/metric-store.ts'
import { BUILTIN_METRICS, type Aggregation, type MetricDefinition } from '../../src/measure/metric-types.ts'
import { MetricRegistry } from '../../src/measure/metrics.ts'
import { parseThresholds, type Threshold, type ThresholdSource } from '../../src/measure/threshold-parser.ts'
import { ThresholdWatch, checkThresholds, selectorsOf } from '../../src/measure/thresholds.ts'

const SECOND = 1_000_000
const OURS = 'options.ext.headroom.thresholds'

function source(metric: string, expression: string, more: Partial<ThresholdSource> = {}): ThresholdSource {
  return { metric, expression, abortOnFail: false, delayAbortEvalUs: 0, where: 'options.thresholds', ...more }
}

function parsed(...sources: readonly ThresholdSource[]): readonly Threshold[] {
  const { thresholds, faults } = parseThresholds(sources)
  expect(faults).toEqual([])
  return thresholds
}

function faultOf(metric: string, expression: string): string {
  const { thresholds, faults } = parseThresholds([source(metric, expression)])
  expect(thresholds).toEqual([])
  expect(faults).toHaveLength(1)
  return faults[0]?.what ?? ''
}

describe('an expression', () => {
  test.each<
    [
      expression: string,
      method: Aggregation['method'],
      percent: number | undefined,
      operator: string,
      limit: number,
    ]
  >([
    ['p(95)<500', 'p', 95, '<', 500],
    ['p(99.9) <= 1.5e3', 'p', 99.9, '<=', 1_500],
    ['p( 0 )>=0', 'p', 0, '>=', 0],
    ['  avg > .5 ', 'avg', undefined, '>', 0.5],
    ['min>=-3', 'min', undefined, '>=', -3],
    ['max<+7.', 'max', undefined, '<', 7],
    ['med==2', 'med', undefined, '==', 2],
    ['count===0', 'count', undefined, '===', 0],
    ['rate!=1', 'rate', undefined, '!=', 1],
    ['value<100', 'value', undefined, '<', 100],
  ])('%s', (expression, method, percent, operator, limit) => {
    expect(parsed(source('m', expression))).toMatchObject([
      { aggregation: { method, percent }, operator, limit },
    ])
  })

  test.each([
    ['', 'expected count, rate, value, avg, min, max, med or p(N) at character 1, found the end'],
    ['p95<500', 'expected count, rate, value, avg, min, max, med or p(N) at character 1, found "p95<500"'],
    ['average<500', 'at character 1, found "average<500"'],
    ['avg(5)<500', 'at character 1, found "avg(5)<500"'],
    ['p()<500', 'at character 1, found "p()<500"'],
    ['p(95)=500', 'expected one of < <= > >= == === != at character 6, found "=500"'],
    ['p(95)', 'expected one of < <= > >= == === != at character 6, found the end'],
    ['p(95)<<500', 'expected a number and nothing else at character 7, found "<500"'],
    ['rate<1%', 'expected a number and nothing else at character 6, found "1%"'],
    ['rate<0.1 && rate>0', 'expected a number and nothing else at character 6, found "0.1 && rate>0"'],
    ['p(101)<5', 'p(101): a percentile is at most 100'],
  ])('%o is none', (expression, what) => {
    expect(faultOf('m', expression)).toContain(what)
  })
})

describe('a selector', () => {
  test.each<[text: string, metric: string, tags: string[][]]>([
    ['http_reqs', 'http_reqs', []],
    ['http_reqs{name:rank}', 'http_reqs', [['name', 'rank']]],
    [
      'http_reqs{ name : rank , status:429 }',
      'http_reqs',
      [
        ['name', 'rank'],
        ['status', '429'],
      ],
    ],
    ['http_reqs{url:http://h:1/x}', 'http_reqs', [['url', 'http://h:1/x']]],
    ['http_reqs{"group":"::a b"}', 'http_reqs', [['group', '::a b']]],
  ])('%s', (text, metric, tags) => {
    expect(parsed(source(text, 'count<1'))).toMatchObject([{ selector: { metric, tags } }])
  })

  test.each([
    ['http_reqs{name:rank', 'the braces around the tags do not match'],
    ['http_reqs}', 'the braces around the tags do not match'],
    ['http_reqs{name:rank}x', 'the braces around the tags do not match'],
    ['http_reqs{}', '"" is not a tag and its value'],
    ['http_reqs{rank}', '"rank" is not a tag and its value'],
    ['http_reqs{name:}', '"name:" is not a tag and its value'],
    ['http_reqs{:rank}', '":rank" is not a tag and its value'],
    ['http_reqs{name:a,}', '"" is not a tag and its value'],
  ])('%o is none', (text, what) => {
    expect(faultOf(text, 'count<1')).toContain(what)
  })
})

test('all faults come at once, each with its place', () => {
  const { thresholds, faults } = parseThresholds([
    source('http_reqs{x', 'count<1'),
    source('http_reqs', 'count<1'),
    source('retry_after', 'p95<1', { where: OURS }),
  ])
  expect(thresholds).toHaveLength(1)
  expect(faults.map(({ where }) => where)).toEqual([
    "options.thresholds['http_reqs{x']",
    "options.ext.headroom.thresholds['retry_after']",
  ])
})

describe('checking against the metrics there are', () => {
  const SCORE: MetricDefinition = { name: 'score', type: 'trend', contains: 'default', origin: 'script' }
  const check = (...sources: readonly ThresholdSource[]) =>
    checkThresholds(parsed(...sources), [...BUILTIN_METRICS, SCORE])

  test.each([
    ['http_req_duration{name:rank}', 'p(95)<500', 'options.thresholds'],
    ['http_reqs', 'rate>10', 'options.thresholds'],
    ['vus', 'value<10', 'options.thresholds'],
    ['checks', 'rate>0.9', 'options.thresholds'],
    ['score', 'med>0', 'options.thresholds'],
    ['http_req_throttled{name:rank}', 'rate<0.1', OURS],
    ['schedule_delay', 'p(99)<5', OURS],
  ])('%s %s in %s is right', (metric, expression, where) => {
    expect(check(source(metric, expression, { where }))).toEqual([])
  })

  test.each([
    ['http_reqs', 'p(95)<5', 'http_reqs is a counter, which has no p(N)', 'use count, rate'],
    ['vus', 'rate<5', 'vus is a gauge, which has no rate', 'use value'],
    ['http_req_failed', 'avg<5', 'http_req_failed is a rate, which has no avg', 'use rate'],
    [
      'http_req_duration',
      'count<5',
      'http_req_duration is a trend, which has no count',
      'use avg, min, max, med, p(N)',
    ],
  ])('%s has no %s', (metric, expression, what, todo) => {
    const [fault, ...others] = check(source(metric, expression))
    expect(others).toEqual([])
    expect(fault?.what).toContain(what)
    expect(fault?.todo).toBe(todo)
  })

  test.each([
    ['http_request_duration', 'did you mean http_req_duration?'],
    ['iteration_durations', 'did you mean iteration_duration or iterations or operation_duration?'],
    ['scores', 'did you mean score?'],
    ['zzz', 'declare it in the script, or use a built-in one'],
  ])('%s does not exist', (metric, todo) => {
    expect(check(source(metric, 'p(95)<1'))).toEqual([
      { where: `options.thresholds['${metric}']`, what: `there is no metric "${metric}"`, todo },
    ])
  })

  test.each([
    ['schedule_delay', 'options.thresholds', OURS, 'a metric of headroom, which k6 does not know'],
    ['http_req_duration', OURS, 'options.thresholds', 'a metric that k6 knows'],
    ['score', OURS, 'options.thresholds', 'a metric that k6 knows'],
  ])('%s in %s stands in the wrong place', (metric, where, right, whose) => {
    expect(check(source(metric, 'p(95)<1', { where }))).toEqual([
      { where: `${where}['${metric}']`, what: `${metric} is ${whose}`, todo: `move it to ${right}` },
    ])
  })
})

/** A store with 100 requests in 10 s: 25 throttled; durations of 1 … 100 ms; a gauge of 7; 3,000 bytes sent. */
function filledStore(thresholds: readonly Threshold[]): MetricStore {
  const metrics = new MetricRegistry({ selectors: selectorsOf(thresholds), warmupUs: 0 })
  for (let i = 1; i <= 100; i++) {
    const status = i % 4 === 0 ? '429' : '200'
    const tags = { tag: (key: string) => (key === 'status' ? status : undefined) }
    metrics.add(metrics.id('http_reqs'), 1, tags, 0)
    metrics.add(metrics.id('http_req_throttled'), status === '429' ? 1 : 0, tags, 0)
    metrics.add(metrics.id('http_req_duration'), i, tags, 0)
    metrics.add(metrics.id('data_sent'), 30, tags, 0)
    metrics.add(metrics.id('vus'), 7, tags, 0)
  }
  const store = new MetricStore(0)
  store.merge(metrics.delta())
  return store
}

describe('evaluating', () => {
  test.each<[metric: string, expression: string, observed: number | undefined, unit: string, result: string]>(
    [
      ['http_reqs', 'count>=100', 100, 'count', 'pass'],
      ['http_reqs', 'count<100', 100, 'count', 'fail'],
      ['http_reqs', 'rate==10', 10, 'rps', 'pass'],
      ['http_reqs{status:429}', 'count===25', 25, 'count', 'pass'],
      ['http_reqs{status:500}', 'count>0', undefined, 'count', 'no_data'],
      ['http_req_throttled', 'rate<0.25', 0.25, 'ratio', 'fail'],
      ['http_req_throttled', 'rate<=0.25', 0.25, 'ratio', 'pass'],
      ['http_req_duration', 'avg<50.5', 50.5, 'ms', 'fail'],
      ['http_req_duration', 'max!=100', 100, 'ms', 'fail'],
      ['http_req_duration', 'min>0.5', 1, 'ms', 'pass'],
      ['data_sent', 'count>2999', 3_000, 'bytes', 'pass'],
      ['data_sent', 'rate>300', 300, 'bytes/s', 'fail'],
      ['vus', 'value!=8', 7, '', 'pass'],
      ['dropped_iterations', 'count<1', undefined, 'count', 'no_data'],
    ],
  )('%s %s', (metric, expression, observed, unit, result) => {
    const thresholds = parsed(source(metric, expression))
    const { results, abort } = new ThresholdWatch(thresholds).evaluate(
      filledStore(thresholds),
      10 * SECOND,
      true,
    )
    expect(results).toEqual([{ metric, expression, observed, unit, result, aborted: false }])
    expect(abort).toBe(false)
  })

  test('sees percentiles as k6 does', () => {
    const thresholds = parsed(
      source('http_req_duration{status:200}', 'p(95)<95'),
      source('http_req_duration', 'med<50.4'),
    )
    const { results } = new ThresholdWatch(thresholds).evaluate(filledStore(thresholds), SECOND, true)
    // 1 … 99 without the multiples of 4: rank 0.95 · 74 = 70.3, between 94 and 95.
    expect(Math.abs((results[0]?.observed ?? 0) - 94.3)).toBeLessThan(0.095)
    expect(Math.abs((results[1]?.observed ?? 0) - 50.5)).toBeLessThan(0.051)
    expect(results.map(({ result }) => result)).toEqual(['pass', 'fail'])
  })
})

describe('abortOnFail', () => {
  const failing = source('http_reqs', 'count<100', { abortOnFail: true, delayAbortEvalUs: 5 * SECOND })

  test('ends the run when it fails, not before its delay, and stays failed', () => {
    const thresholds = parsed(failing, source('vus', 'value>100'))
    const store = filledStore(thresholds)
    const watch = new ThresholdWatch(thresholds)
    const early = watch.evaluate(store, 5 * SECOND - 1, false)
    expect(early.abort).toBe(false)
    expect(early.results.map(({ result, aborted }) => [result, aborted])).toEqual([
      ['fail', false],
      ['fail', false],
    ])
    const late = watch.evaluate(store, 5 * SECOND, false)
    expect(late.abort).toBe(true)
    expect(late.results.map(({ aborted }) => aborted)).toEqual([true, false])
    // More requests come in while the run drains.
    store.merge({ declared: [], sinks: [{ key: 'http_reqs', data: { kind: 'counter', sum: 900 } }] })
    expect(watch.evaluate(store, 9 * SECOND, true).results[0]).toMatchObject({ observed: 100, aborted: true })
  })

  test('ends nothing that is over, nor without a sample', () => {
    const thresholds = parsed(failing)
    const store = filledStore(thresholds)
    expect(new ThresholdWatch(thresholds).evaluate(store, 9 * SECOND, true)).toMatchObject({
      abort: false,
      results: [{ result: 'fail', aborted: false }],
    })
    const empty = new ThresholdWatch(thresholds).evaluate(new MetricStore(0), 9 * SECOND, false)
    expect(empty).toMatchObject({ abort: false, results: [{ result: 'no_data' }] })
  })
})
