import { describe, expect, test } from 'vitest'
import { runsHeader } from '../../src/run-files/runs-csv.ts'
import { COMPARED_METRICS, GATED_METRICS } from '../../src/stats/metric.ts'

describe('the compared metrics', () => {
  test('are all that the gate judges, and more', () => {
    expect(COMPARED_METRICS).toEqual(expect.arrayContaining([...GATED_METRICS]))
  })

  test('are columns of the files, or follow from a count of theirs', () => {
    const columns = runsHeader().trimEnd().split(',')
    const derived = COMPARED_METRICS.map(({ column }) => column).filter((column) => !columns.includes(column))
    expect(derived).toEqual(['server_error_ratio', 'timeout_ratio'])
    for (const column of derived) expect(columns).toContain(column.replace(/_ratio$/, '_count'))
  })
})
