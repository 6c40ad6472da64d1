import { describe, expect, test } from 'vitest'
import { createCounter, type ReactiveScaling } from '../../../mock-server/traffic/scaling.ts'

const S = 1_000_000

test('a schedule: from each of its times on', () => {
  const steps = [
    { atUs: 0, count: 1 },
    { atUs: 10 * S, count: 6 },
    { atUs: 20 * S, count: 2 },
  ]
  const counter = createCounter({ kind: 'schedule', steps }, () => 0)
  const counts = [0, 10 * S - 1, 10 * S, 19 * S, 30 * S].map((atUs) => {
    counter.advance(atUs)
    return counter.activeCount
  })
  expect(counts).toEqual([1, 1, 6, 6, 2])
})

describe('by requests in flight', () => {
  const scaling: ReactiveScaling = {
    kind: 'reactive',
    min: 1,
    max: 4,
    trigger: { metric: 'in-flight', high: 10, low: 3 },
    periodUs: 60 * S,
    lagUs: 90 * S,
    cooldownUs: 0,
    step: 2,
  }

  /** Active and starting instances at these seconds, under a load in flight that depends on the time. */
  function run(
    config: ReactiveScaling,
    loadAt: (second: number) => number,
    seconds: readonly number[],
  ): [active: number, starting: number][] {
    const counter = createCounter(config, (atUs) => loadAt(atUs / S))
    return seconds.map((second) => {
      counter.advance(second * S)
      return [counter.activeCount, counter.startingCount]
    })
  }

  test('added at an evaluation, there after the lag, never more than the most', () => {
    expect(run(scaling, () => 100, [59, 60, 119, 120, 149, 150, 209, 210, 900])).toEqual([
      [1, 0],
      [1, 2],
      [1, 2],
      [1, 3],
      [1, 3],
      [3, 1],
      [3, 1],
      [4, 0],
      [4, 0],
    ])
  })

  test('the same when it is asked only once, late', () => {
    expect(run(scaling, () => 100, [149])).toEqual([[1, 3]])
    expect(run(scaling, () => 100, [900])).toEqual([[4, 0]])
  })

  test('exactly the threshold is not above it', () => {
    expect(run(scaling, () => 10, [60])).toEqual([[1, 0]])
    expect(run(scaling, () => 11, [60])).toEqual([[1, 2]])
  })

  test('taken away at an evaluation, when none starts, down to the least', () => {
    const loadAt = (second: number): number => (second <= 120 ? 100 : 5)
    expect(run(scaling, loadAt, [120, 180, 210, 239, 240, 300])).toEqual([
      [1, 3],
      [3, 1],
      [4, 0],
      [4, 0],
      [2, 0],
      [1, 0],
    ])
  })

  test('within the cool-down after one has begun to work, or was taken away, none is taken away', () => {
    const config = { ...scaling, lagUs: 30 * S, step: 1, cooldownUs: 180 * S }
    const loadAt = (second: number): number => (second <= 60 ? 100 : 0)
    // Added at 60 s, there at 90 s: 300 s is the first evaluation at least 180 s later.
    expect(run(config, loadAt, [89, 90, 299, 300])).toEqual([
      [1, 1],
      [2, 0],
      [2, 0],
      [1, 0],
    ])
    const twice = (second: number): number => (second <= 120 ? 100 : 0)
    expect(run(config, twice, [150, 330, 359, 360, 539, 540])).toEqual([
      [3, 0],
      [3, 0],
      [3, 0],
      [2, 0],
      [2, 0],
      [1, 0],
    ])
  })

  test('without a lower threshold they stay', () => {
    const config = { ...scaling, trigger: { metric: 'in-flight', high: 10 } as const }
    expect(run(config, (second) => (second <= 60 ? 100 : 0), [60, 100_000])).toEqual([
      [1, 2],
      [3, 0],
    ])
  })

  test('years without a request cost nothing', () => {
    expect(run({ ...scaling, periodUs: 1_000 }, () => 0, [31_536_000])).toEqual([[1, 0]])
  })
})

test('by the share of throttled replies since the last evaluation', () => {
  const counter = createCounter(
    {
      kind: 'reactive',
      min: 1,
      max: 3,
      trigger: { metric: 'throttled', high: 0.5, low: 0.1 },
      periodUs: S,
      lagUs: 1,
      cooldownUs: 0,
      step: 1,
    },
    () => 0,
  )
  const second = (index: number, replyCount: number, throttledCount: number): number => {
    for (let i = 0; i < replyCount; i++) counter.note(i < throttledCount)
    counter.advance(index * S + 2)
    return counter.activeCount
  }
  expect([
    second(1, 10, 5),
    second(2, 10, 6),
    second(3, 10, 10),
    second(4, 10, 10),
    second(5, 10, 1),
    second(6, 100, 9),
    second(7, 0, 0),
  ]).toEqual([1, 2, 3, 3, 3, 2, 1])
})
