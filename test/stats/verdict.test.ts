import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { IntervalAt } from '../../src/stats/interval.ts'
import { shown, type Metric } from '../../src/stats/metric.ts'
import { verdictOf, type Verdict } from '../../src/stats/verdict.ts'

const LATENCY: Metric = { column: 'p99', kind: 'ratio', better: 'lower', leastChange: 0.1 }
const RATE: Metric = { column: 'accepted_rps', kind: 'ratio', better: 'higher', leastChange: 0.1 }
const SHARE: Metric = { column: 'throttled_ratio', kind: 'share', better: 'lower', leastChange: 0.02 }

/** The 95 % interval as users read it; the 90 % one is 5/6 as wide. */
function intervals(metric: Metric, low: number, high: number): IntervalAt {
  const [from, to] = metric.kind === 'ratio' ? [Math.log(low), Math.log(high)] : [low, high]
  const centre = (from + to) / 2
  return (confidence) => {
    const scale = confidence === 0.95 ? 1 : 5 / 6
    return { low: centre + (from - centre) * scale, high: centre + (to - centre) * scale }
  }
}

describe('a verdict', () => {
  test.each<[string, Metric, number, number, Verdict]>([
    ['wholly beyond the least change', LATENCY, 1.11, 1.4, 'regressed'],
    ['beyond 1, not beyond the least change', LATENCY, 1.05, 1.4, 'inconclusive'],
    ['wholly below 1/(1 + least change)', LATENCY, 0.7, 0.9, 'improved'],
    ['0.905 is not below 1/1.1', LATENCY, 0.7, 0.915, 'inconclusive'],
    ['within on both sides', LATENCY, 0.95, 1.05, 'equivalent'],
    ['a change too small to matter is none', LATENCY, 1.03, 1.05, 'equivalent'],
    ['only the 90 % interval is within', LATENCY, 0.95, 1.105, 'equivalent'],
    ['wide', LATENCY, 0.5, 2, 'inconclusive'],
    ['more is better: up', RATE, 1.2, 1.3, 'improved'],
    ['more is better: down', RATE, 0.7, 0.8, 'regressed'],
    ['percentage points up', SHARE, 0.021, 0.05, 'regressed'],
    ['percentage points down', SHARE, -0.05, -0.021, 'improved'],
    ['percentage points within', SHARE, -0.01, 0.019, 'equivalent'],
  ])('%s', (_story, metric, low, high, verdict) => {
    expect(verdictOf(metric, intervals(metric, low, high))).toBe(verdict)
  })

  test('mirrors with its interval', () => {
    const bound = fc.double({ min: -1, max: 1, noNaN: true })
    const mirror = {
      improved: 'regressed',
      regressed: 'improved',
      equivalent: 'equivalent',
      inconclusive: 'inconclusive',
    }
    fc.assert(
      fc.property(bound, bound, fc.constantFrom(LATENCY, RATE, SHARE), (a, b, metric) => {
        const at = intervals(metric, shown(metric, Math.min(a, b)), shown(metric, Math.max(a, b)))
        const mirrored: IntervalAt = (confidence) => ({
          low: -at(confidence).high,
          high: -at(confidence).low,
        })
        expect(verdictOf(metric, mirrored)).toBe(mirror[verdictOf(metric, at)])
      }),
    )
  })
})
