import { expect, it } from 'vitest'
import { nightsCsv } from '../../src/run-files/nights-csv.ts'
import { nightsJson } from '../../src/run-files/nights-json.ts'
import { GATED_METRICS } from '../../src/stats/metric.ts'
import { judgeNight } from '../../src/stats/night-gate.ts'
import { readCsvRows } from '../support/csv-reader.ts'

const CALM = [100, 102, 98, 101, 99, 103, 97, 100, 102, 98]
const PAST = [...CALM, ...CALM, ...CALM.map((value) => value * 1.5)]

function night(tonight: number, isConfirmed: boolean | undefined): Parameters<typeof nightsCsv>[0] {
  const [metric] = GATED_METRICS
  if (metric === undefined) throw new Error('no metric')
  const past = PAST.map((value) => ({ value, requestCount: 1_000 }))
  const [comparison] = judgeNight([
    { metric, name: '=rank', past, tonight: { value: tonight, requestCount: 1_000 } },
  ])
  if (comparison === undefined) throw new Error('no comparison')
  return {
    head: { runId: 'tonight', scenario: 'rank' },
    confirmation: isConfirmed === undefined ? undefined : { runId: 'again' },
    state: 'confirmed',
    metrics: [{ comparison, past: PAST.map((_, index) => ({ runId: `n${index}` })), isConfirmed }],
  }
}

it('nights.csv has a row for a judged metric, with its last lasting change', () => {
  const [row, ...more] = readCsvRows(nightsCsv(night(300, true)))
  expect(more).toEqual([])
  expect(row).toMatchObject({
    schema_version: '1',
    run_id: 'tonight',
    confirmation_run_id: 'again',
    scenario: 'rank',
    state: 'confirmed',
    name: "'=rank",
    metric: 'response_time_accepted_p50_ms',
    change_kind: 'ratio',
    head: '300',
    least_change: '0.05',
    better: 'lower',
    base_count: '9',
    past_count: '30',
    verdict: 'regressed',
    confirmed: 'true',
    changed_run_id: 'n20',
  })
  expect(Number(row?.['base'])).toBeCloseTo(150, 0)
  expect(Number(row?.['change'])).toBeCloseTo(2, 1)
  expect(Number(row?.['ci95_low'])).toBeLessThan(Number(row?.['change']))
  expect(Number(row?.['ci95_high'])).toBeGreaterThan(Number(row?.['change']))
  expect(Number(row?.['p_holm'])).toBeLessThan(0.01)
  expect(Number(row?.['changed_from'])).toBeCloseTo(100, 0)
  expect(Number(row?.['changed_to'])).toBeCloseTo(150, 0)
})

it('nights.csv leaves empty what nobody has looked at', () => {
  const [row] = readCsvRows(nightsCsv(night(150, undefined)))
  expect(row).toMatchObject({ confirmation_run_id: '', confirmed: '', verdict: 'equivalent', warnings: '' })
})

it('the JSON has the same figures by the same names, with all their nights', () => {
  const { comparisons, ...rest } = JSON.parse(nightsJson(night(300, false))) as { comparisons: unknown[] }
  expect(rest).toEqual({
    schemaVersion: 1,
    head: { runId: 'tonight', scenario: 'rank' },
    confirmation: { runId: 'again' },
    state: 'confirmed',
  })
  expect(comparisons).toMatchObject([
    {
      name: '=rank',
      metric: 'response_time_accepted_p50_ms',
      changeKind: 'ratio',
      verdict: 'regressed',
      baseCount: 9,
      changes: [{ index: 20 }],
      isConfirmed: false,
      past: PAST.map((_, index) => ({ runId: `n${index}` })),
    },
  ])
})
