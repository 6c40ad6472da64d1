import { describe, expect, it } from 'vitest'
import { Rng } from '../../src/core/rng.ts'
import { ArrivalDistances } from './arrival-distances.ts'

function distancesOf(...roundsMs: readonly (readonly number[])[]): ArrivalDistances {
  const distances = new ArrivalDistances()
  for (const round of roundsMs) distances.add(round, 100)
  return distances
}

/** Distances between 0 and `widthMs`, in so many seconds. */
function spreadOver(widthMs: number, seed: string, seconds = 24): number[] {
  const rng = new Rng(seed)
  return Array.from({ length: 100 * seconds }, () => widthMs * rng.next())
}

describe('ArrivalDistances', () => {
  it('has the quantiles of all rounds together', () => {
    const upTo = (last: number): number[] => Array.from({ length: 50 }, (_, i) => last - i)
    const distances = distancesOf(upTo(100), upTo(50))
    expect([0.01, 0.5, 0.99, 1].map((quantile) => distances.quantileMs(quantile))).toEqual([1, 50, 99, 100])
    expect(distances.shareAbove(90)).toBe(0.1)
    expect(new ArrivalDistances().quantileMs(0.5)).toBeNaN()
  })

  it('pools those of several clients', () => {
    const pooled = ArrivalDistances.pooled([distancesOf([1, 2]), distancesOf([3, 4])])
    expect([0.25, 1].map((quantile) => pooled.quantileMs(quantile))).toEqual([1, 4])
  })

  it('leaves out what was not seen, and tells how much that was', () => {
    const distances = distancesOf([1, NaN, 3, NaN], [5, 7, 9, 11])
    expect([0.25, 0.5, 1].map((quantile) => distances.quantileMs(quantile))).toEqual([3, 5, 11])
    expect(distances.shareAbove(5)).toBe(0.5)
    expect(distances.unseenShare).toBe(0.25)
    expect(ArrivalDistances.pooled([distances, distancesOf([1, 2])]).unseenShare).toBe(0.2)
  })

  it('tells how far a ratio is known', () => {
    const floor = distancesOf(spreadOver(1, 'floor'))
    const alike = distancesOf(spreadOver(1, 'alike')).ratioTo(floor, 0.99)
    expect(alike.low).toBeLessThan(1)
    expect(alike.high).toBeGreaterThan(1)
    expect(alike.high - alike.low).toBeLessThan(0.1)
    const wider = distancesOf(spreadOver(3, 'wider')).ratioTo(floor, 0.99)
    expect(wider.ratio).toBeCloseTo(3, 1)
    expect(wider.low).toBeGreaterThan(2.8)
    expect(wider.high).toBeLessThan(3.2)
  })

  it('knows little when one second decides', () => {
    const stalled = spreadOver(1, 'stalled').map((ms, index) => (index < 26 ? ms + 40 : ms))
    const { ratio, low, high } = distancesOf(stalled).ratioTo(distancesOf(spreadOver(1, 'floor')), 0.99)
    expect(ratio).toBeGreaterThan(30)
    expect(low).toBeLessThan(1.1)
    expect(high).toBeGreaterThan(30)
  })
})
