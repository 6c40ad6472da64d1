import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { predictedInterval } from '../../../src/report/html/prediction.ts'
import { mean, variance } from '../../../src/stats/sample.ts'
import { studentQuantile } from '../../../src/stats/student.ts'
import { GATED_METRICS, type Metric } from '../../../src/stats/metric.ts'
import { nightScaled, nightUnscaled, type NightFigure } from '../../../src/stats/night-base.ts'
import { judgeNight } from '../../../src/stats/night-gate.ts'

const REQUEST_COUNT = 1_000_000

/** The textbook's prediction interval for one more night, from the nights of the base: all but the last. */
function expectedInterval(metric: Metric, past: readonly NightFigure[]): [low: number, high: number] {
  const values = past.slice(0, -1).map((night) => nightScaled(metric, night))
  const half =
    studentQuantile(0.975, values.length - 1) * Math.sqrt(variance(values) * (1 + 1 / values.length))
  const ends = [mean(values) - half, mean(values) + half].map((end) => nightUnscaled(metric, end))
  return [ends[0] ?? NaN, ends[1] ?? NaN]
}

describe('predictedInterval', () => {
  it.each(GATED_METRICS)('of $column is where one more night would lie, wherever tonight does', (metric) => {
    const values = fc.array(fc.double({ min: 0.3, max: 0.4, noNaN: true }), { minLength: 12, maxLength: 12 })
    fc.assert(
      fc.property(values, fc.double({ min: 0.2, max: 0.6, noNaN: true }), (past, value) => {
        const nights = past.map((each) => ({ value: each, requestCount: REQUEST_COUNT }))
        const tonight = { value, requestCount: REQUEST_COUNT }
        const [comparison] = judgeNight([{ metric, name: '_all', past: nights, tonight }])
        fc.pre(comparison !== undefined && comparison.changes.length === 0 && comparison.base !== undefined)
        const found = predictedInterval(comparison)
        const [low, high] = expectedInterval(metric, nights)
        expect(found?.low).toBeCloseTo(low, 4)
        expect(found?.high).toBeCloseTo(high, 4)
      }),
    )
  })

  it('is not known while there are too few nights', () => {
    const [metric] = GATED_METRICS
    const night = { value: 40, requestCount: 100 }
    const [comparison] =
      metric === undefined ? [] : judgeNight([{ metric, name: '_all', past: [], tonight: night }])
    expect(comparison && predictedInterval(comparison)).toBeUndefined()
  })
})
