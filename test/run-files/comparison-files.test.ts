import { describe, expect, it } from 'vitest'
import { comparisonCsv } from '../../src/run-files/comparison-csv.ts'
import { comparisonJson } from '../../src/run-files/comparison-json.ts'
import { readCsvRows } from '../support/csv-reader.ts'
import { COMPARISON, COMPARISONS } from '../support/comparison-fixture.ts'

describe('comparisonCsv', () => {
  it('has the published columns, and a row for each figure', () => {
    const csv = comparisonCsv({ ...COMPARISON, base: [...COMPARISON.base, { runId: 'second' }] })
    expect(csv.split('\r\n').slice(0, 2)).toEqual([
      'schema_version,base_run_ids,head_run_ids,name,metric,change_kind,base,head,change,ci95_low,ci95_high,least_change,better,basis,verdict,warnings',
      '1,1a2b3c4d5e6f7081 second,9f8e7d6c5b4a3928,_all,response_time_accepted_p99_ms,ratio,251,312,1.243028,1.15,1.342,0.1,lower,within-run only,regressed,',
    ])
    expect(readCsvRows(csv)).toHaveLength(COMPARISONS.length)
  })

  it('has empty fields where there is no figure', () => {
    const [, , , row] = readCsvRows(comparisonCsv(COMPARISON))
    expect(row).toMatchObject({
      base: '',
      head: '0.98',
      change: '',
      ci95_low: '',
      ci95_high: '',
      basis: 'no interval',
      warnings: 'one run a side: give several with --base to learn how runs differ',
    })
  })

  it('keeps the sign of a share that fell', () => {
    const fallen = { ...COMPARISONS[2]!, change: -0.0003 }
    const [row] = readCsvRows(comparisonCsv({ ...COMPARISON, comparisons: [fallen] }))
    expect(row).toMatchObject({ change_kind: 'difference', change: '-0.0003', ci95_low: '-0.0004' })
  })
})

describe('comparisonJson', () => {
  const json = JSON.parse(comparisonJson(COMPARISON)) as Record<string, unknown>

  it('has everything, and the metrics by their names', () => {
    expect(json).toMatchObject({
      schemaVersion: 1,
      base: COMPARISON.base,
      differences: COMPARISON.differences,
      quantileRatios: COMPARISON.quantileRatios,
      notes: COMPARISON.notes,
    })
    expect((json['comparisons'] as object[])[0]).toEqual({
      name: '_all',
      metric: 'response_time_accepted_p99_ms',
      changeKind: 'ratio',
      better: 'lower',
      leastChange: 0.1,
      base: 251,
      head: 312,
      change: 312 / 251,
      interval: { low: 1.15, high: 1.342 },
      basis: 'within-run only',
      verdict: 'regressed',
      warnings: [],
    })
  })

  it('leaves out what is not there', () => {
    const last = (json['comparisons'] as object[]).at(-1)
    expect(last).not.toHaveProperty('base')
    expect(last).not.toHaveProperty('interval')
  })
})
