import { describe, expect, it } from 'vitest'
import { parseTrendStat } from '../../src/core/trend-stat.ts'
import { k6Summary, type K6Data } from '../../src/report/k6-data.ts'
import { k6ExportJson } from '../../src/report/k6-export.ts'
import { SETTINGS, smallRun, type SmallRun, type Stage } from '../support/k6-facts.ts'

function dataOf(run: SmallRun, settings: Partial<typeof SETTINGS> = {}): K6Data {
  return k6Summary(smallRun(run), { ...SETTINGS, ...settings }).data
}

/** The identifiers are those that k6 gave groups and checks of these paths. */
const ROOT_ID = 'd41d8cd98f00b204e9800998ecf8427e'
const CHECK_ID = '548d37ca5f33793206f7832e7cea54fb'
const CHECK_IN_GROUP_ID = 'c7553eca92d3e034b5808332296d304a'

function playChecks(stage: Stage): void {
  stage.check('is status 200', true)
  stage.check('is status 200', false)
  stage.check('check3', true, '::child')
  stage.check('check3', false, '::child', 'other')
  stage.check('deep', true, '::outer::inner')
  stage.checks.seeGroup('::empty')
}

describe('data of handleSummary', () => {
  it('has a tree of groups with their checks, of all scenarios together', () => {
    const { root_group } = dataOf({ play: playChecks })
    expect(root_group).toMatchObject({
      name: '',
      path: '',
      id: ROOT_ID,
      checks: [{ name: 'is status 200', path: '::is status 200', id: CHECK_ID, passes: 1, fails: 1 }],
    })
    expect(root_group.groups.map(({ name, path }) => [name, path])).toEqual([
      ['empty', '::empty'],
      ['child', '::child'],
      ['outer', '::outer'],
    ])
    const [empty, child, outer] = root_group.groups
    expect(empty).toMatchObject({ checks: [], groups: [] })
    expect(child?.checks).toEqual([
      { name: 'check3', path: '::child::check3', id: CHECK_IN_GROUP_ID, passes: 1, fails: 1 },
    ])
    expect(outer).toMatchObject({
      checks: [],
      groups: [{ name: 'inner', path: '::outer::inner', checks: [{ name: 'deep', passes: 1 }] }],
    })
  })

  it('tells options and state under their names in k6', () => {
    const { options, state } = dataOf({}, { timeUnit: 'ms' })
    expect(options).toEqual({
      summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'],
      summaryTimeUnit: 'ms',
      noColor: false,
    })
    expect(state).toEqual({ isStdOutTTY: false, isStdErrTTY: true, testRunDurationMs: 5_000 })
  })

  it('has values by type, and only metrics with samples', () => {
    const { metrics } = dataOf({
      play: (stage) => {
        stage.add('vus', 3)
        stage.add('iterations', 1)
        for (const ms of [10, 30]) stage.request(ms)
        stage.request(50, 429)
        stage.add('http_req_throttled', 1)
      },
    })
    expect(Object.keys(metrics)).toEqual([
      'data_received',
      'data_sent',
      'http_req_duration',
      'http_req_duration{expected_response:true}',
      'http_req_failed',
      'http_req_receiving',
      'http_req_waiting',
      'http_reqs',
      'iterations',
      'vus',
    ])
    expect(metrics['vus']).toEqual({
      type: 'gauge',
      contains: 'default',
      values: { value: 3, min: 3, max: 3 },
    })
    expect(metrics['http_reqs']).toEqual({
      type: 'counter',
      contains: 'default',
      values: { count: 3, rate: 0.6 },
    })
    expect(metrics['data_sent']).toMatchObject({ contains: 'data', values: { count: 300, rate: 60 } })
    expect(metrics['http_req_failed']).toEqual({
      type: 'rate',
      contains: 'default',
      values: { rate: 1 / 3, passes: 1, fails: 2 },
    })
    expect(metrics['http_req_duration']).toMatchObject({
      type: 'trend',
      contains: 'time',
      values: { avg: 30, min: 10, max: 50 },
    })
    expect(metrics['http_req_duration{expected_response:true}']?.values).toMatchObject({ avg: 20, max: 30 })
  })

  it('has the chosen statistics of trends', () => {
    const trendStats = ['p(99.9)', 'count', 'med'].map(parseTrendStat).filter((stat) => stat !== undefined)
    const play = (stage: Stage): void => {
      for (const ms of [10, 20, 30]) stage.request(ms)
    }
    const { options, metrics } = dataOf({ play }, { trendStats })
    expect(options.summaryTrendStats).toEqual(['p(99.9)', 'count', 'med'])
    const { values = {} } = metrics['http_req_duration'] ?? {}
    expect(Object.keys(values)).toEqual(['p(99.9)', 'count', 'med'])
    expect(values['count']).toBe(3)
    expect(values['med']).toBeCloseTo(20, 1)
  })

  it('shows every threshold at what it looks at, with samples or without', () => {
    const { metrics } = dataOf({
      thresholds: {
        http_req_duration: ['p(95)<5', 'avg<500'],
        'http_reqs{status:404}': ['count<1'],
        'http_req_throttled{name:rank}': ['rate<0.5'],
        vus: ['value<9'],
      },
      play: (stage) => stage.request(10),
    })
    expect(metrics['http_req_duration']?.thresholds).toEqual({
      'p(95)<5': { ok: false },
      'avg<500': { ok: true },
    })
    expect(metrics['http_reqs{status:404}']).toEqual({
      type: 'counter',
      contains: 'default',
      values: { count: 0, rate: 0 },
      thresholds: { 'count<1': { ok: true } },
    })
    expect(metrics['http_req_throttled{name:rank}']?.thresholds).toEqual({ 'rate<0.5': { ok: true } })
    expect(metrics).not.toHaveProperty('http_req_throttled')
    expect(metrics['vus']?.values).toEqual({ value: 0, min: 0, max: 0 })
  })

  it('survives JSON as it is', () => {
    const data = dataOf({
      thresholds: { vus: ['value<9'], iteration_duration: ['p(95)<1'] },
      play: playChecks,
    })
    expect(JSON.parse(JSON.stringify(data))).toEqual(data)
  })
})

describe('file of --summary-export', () => {
  it('has groups and checks by name, a rate as value, and true for a threshold that was crossed', () => {
    const data = dataOf({
      thresholds: { checks: ['rate>0.9', 'rate>0.1'], http_reqs: ['count>0'] },
      play: (stage) => {
        playChecks(stage)
        stage.request(10)
      },
    })
    const exported = JSON.parse(k6ExportJson(data)) as Record<string, unknown>
    expect(Object.keys(exported)).toEqual(['root_group', 'metrics'])
    expect(exported['root_group']).toMatchObject({
      name: '',
      id: ROOT_ID,
      checks: { 'is status 200': { id: CHECK_ID, passes: 1, fails: 1 } },
      groups: { child: { checks: { check3: { passes: 1, fails: 1 } } }, outer: { groups: { inner: {} } } },
    })
    expect(exported['metrics']).toMatchObject({
      checks: { value: 0.6, passes: 3, fails: 2, thresholds: { 'rate>0.9': true, 'rate>0.1': false } },
      http_reqs: { count: 1, rate: 0.2, thresholds: { 'count>0': false } },
      http_req_duration: { avg: 10, min: 10, max: 10 },
    })
    expect(exported).not.toHaveProperty(['metrics', 'checks', 'rate'])
  })
})

describe('parts of the full summary', () => {
  it('are scenarios and the groups of each, with what happened in them', () => {
    const facts = smallRun({
      byPart: true,
      play: (stage) => {
        stage.request(10, 200, { scenario: 'left' })
        stage.request(20, 200, { scenario: 'left', group: '::shop' })
        stage.request(30, 500, { scenario: 'right' })
        stage.check('a', true, '::shop', 'left')
        stage.check('a', false, '', 'right')
        stage.add('vus', 3)
        stage.add('http_reqs', 1, { group: '::setup' })
      },
    })
    const { parts, checks } = k6Summary(facts, SETTINGS)
    expect(checks).toEqual([{ name: 'a', passes: 1, fails: 1 }])
    expect(parts.map(({ scenario, group }) => [scenario, group])).toEqual([
      ['left', undefined],
      ['left', '::shop'],
      ['right', undefined],
    ])
    expect(parts.map(({ metrics }) => metrics['http_reqs']?.values['count'])).toEqual([2, 1, 1])
    expect(parts.map(({ metrics }) => metrics['http_req_duration']?.values['avg'])).toEqual([15, 20, 30])
    expect(parts.map(({ checks }) => checks.map(({ passes, fails }) => [passes, fails]))).toEqual([
      [[1, 0]],
      [[1, 0]],
      [[0, 1]],
    ])
    expect(parts.flatMap(({ metrics }) => Object.keys(metrics))).not.toContain('vus')
  })

  it('are not kept unless they are wanted', () => {
    const facts = smallRun({ play: (stage) => stage.request(10) })
    expect(k6Summary(facts, SETTINGS).parts).toEqual([])
  })
})
