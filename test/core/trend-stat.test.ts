import { describe, expect, it } from 'vitest'
import { DEFAULT_TREND_STATS, parseTrendStat } from '../../src/core/trend-stat.ts'

describe('parseTrendStat', () => {
  it.each([
    ['avg', 'avg', undefined],
    ['count', 'count', undefined],
    ['p(0)', 'p', 0],
    ['p(99.99)', 'p', 99.99],
    ['p(100)', 'p', 100],
  ])('reads %s', (name, method, percent) => {
    expect(parseTrendStat(name)).toEqual({ name, method, percent })
  })

  it.each(['', 'mean', 'p95', 'p(101)', 'p(-1)', 'p()', 'avg ', 'rate'])('refuses "%s"', (name) => {
    expect(parseTrendStat(name)).toBeUndefined()
  })

  it("reads k6's defaults as they stand", () => {
    expect(DEFAULT_TREND_STATS.map(({ name }) => parseTrendStat(name))).toEqual(DEFAULT_TREND_STATS)
  })
})
