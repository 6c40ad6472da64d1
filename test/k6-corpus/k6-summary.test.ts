import { expect, it } from 'vitest'
import { parseK6Summary } from './k6-summary.ts'

const CHECK = { name: 'is up', path: '::shop::is up', id: 'c1', passes: 3, fails: 1 }

/** The file of `--summary-export`. */
const EXPORTED = {
  root_group: {
    name: '',
    path: '',
    id: 'd41d8cd98f00b204e9800998ecf8427e',
    groups: { shop: { name: 'shop', path: '::shop', id: 'g1', groups: {}, checks: { 'is up': CHECK } } },
    checks: {},
  },
  metrics: {
    iterations: { count: 4, rate: 2.5 },
    vus: { value: 1, min: 1, max: 1 },
    checks: { value: 0.75, passes: 3, fails: 1, thresholds: { 'rate>0.9': true, 'rate>0.5': false } },
    http_req_duration: { avg: 1.5, min: 1, med: 1.25, max: 3, 'p(90)': 2.5, 'p(95)': 2.75 },
  },
}

/** What `handleSummary` gets. */
const HANDED = {
  root_group: {
    name: '',
    path: '',
    id: 'd41d8cd98f00b204e9800998ecf8427e',
    groups: [{ name: 'shop', path: '::shop', id: 'g1', groups: [], checks: [CHECK] }],
    checks: [],
  },
  options: { summaryTrendStats: ['avg'], summaryTimeUnit: '', noColor: true },
  state: { isStdOutTTY: false, isStdErrTTY: false, testRunDurationMs: 1600 },
  metrics: {
    iterations: { type: 'counter', contains: 'default', values: { count: 4, rate: 2.5 } },
    vus: { type: 'gauge', contains: 'default', values: { value: 1, min: 1, max: 1 } },
    checks: {
      type: 'rate',
      contains: 'default',
      values: { rate: 0.75, passes: 3, fails: 1 },
      thresholds: { 'rate>0.9': { ok: false }, 'rate>0.5': { ok: true } },
    },
    http_req_duration: {
      type: 'trend',
      contains: 'time',
      values: { avg: 1.5, min: 1, med: 1.25, max: 3, 'p(90)': 2.5, 'p(95)': 2.75 },
    },
  },
}

it.each([
  ['--summary-export', EXPORTED],
  ['handleSummary', HANDED],
])('reads the layout of %s', (_, data) => {
  expect(parseK6Summary(JSON.stringify(data))).toEqual({
    checks: { '::shop::is up': [3, 1] },
    metrics: {
      iterations: { count: 4, rate: 2.5 },
      vus: { value: 1, min: 1, max: 1 },
      checks: { rate: 0.75, passes: 3, fails: 1 },
      http_req_duration: { avg: 1.5, min: 1, med: 1.25, max: 3, 'p(90)': 2.5, 'p(95)': 2.75 },
    },
    thresholds: { checks: { 'rate>0.9': false, 'rate>0.5': true } },
  })
})
