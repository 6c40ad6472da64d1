import { describe, expect, test } from 'vitest'
import { SlidingLog } from '../../../mock-server/limiter/sliding-log.ts'
import { passedEvenly, take } from './take.ts'

const S = 1_000_000

describe('sliding log, instant by instant', () => {
  const rows: readonly [story: string, cost: number, atUs: number, waitUs: number][] = [
    ['first of three', 1, 0, 0],
    ['two more at one instant', 2, 400_000, 0],
    ['full: waits for the first to leave', 1, 500_000, 500_000],
    ['two need the pair to leave', 2, 500_000, 900_000],
    ['more than the limit never passes', 4, 500_000, Infinity],
    ['one µs before the first leaves', 1, 999_999, 1],
    ['the window is half-open: gone exactly after one second', 1, S, 0],
    ['a clock that goes back finds the latest state', 1, 200_000, 1_200_000],
    ['and the promise made then holds', 1, 1_400_000, 0],
    ['all but the latest have left', 2, 2_000_000, 0],
    ['which still counts', 1, 2_000_000, 400_000],
  ]

  test('table', () => {
    const log = new SlidingLog({ limit: 3, windowUs: S })
    for (const [story, cost, atUs, waitUs] of rows)
      expect([story, take(log, cost, atUs)]).toEqual([story, waitUs])
  })

  test('a cost of nothing passes a full window and leaves no trace', () => {
    const log = new SlidingLog({ limit: 1, windowUs: S })
    take(log, 1, 0)
    expect(take(log, 0, 10)).toBe(0)
    expect(log.remaining(S)).toBe(1)
  })

  test('a lowered limit waits until enough has left, a raised one admits at once', () => {
    const log = new SlidingLog({ limit: 4, windowUs: S })
    for (const atUs of [0, 100_000, 200_000, 300_000]) take(log, 1, atUs)
    log.setQuota({ limit: 2, windowUs: S }, 300_000)
    expect(log.remaining(300_000)).toBe(0)
    expect(take(log, 1, 300_000)).toBe(900_000)
    log.setQuota({ limit: 5, windowUs: S }, 300_000)
    expect(take(log, 1, 300_000)).toBe(0)
  })

  test('keeps the order of the charges while its ring grows and wraps', () => {
    const log = new SlidingLog({ limit: 200, windowUs: 1_000 })
    // One per 5 µs fills the window with 200, far beyond the first size of the ring, for ten windows.
    expect(passedEvenly(log, 2_000, 0, 10_000)).toBe(2_000)
    expect(take(log, 1, 9_999)).toBe(1)
    expect(log.remaining(10_000)).toBe(1)
    expect(log.remaining(10_999)).toBe(200)
  })
})

describe('against published behaviour', () => {
  test('N just before and N just after a window border: only N pass', () => {
    const log = new SlidingLog({ limit: 100, windowUs: S })
    expect(passedEvenly(log, 100, S - 100, 100)).toBe(100)
    expect(passedEvenly(log, 100, S, 100)).toBe(0)
  })

  // Azure Language service, data limits: 1,000 requests at once use up the minute's 1,000.
  test('1,000 at once are followed by 60 s of silence', () => {
    const log = new SlidingLog({ limit: 1_000, windowUs: 60 * S })
    expect(passedEvenly(log, 1_000, 0, 1)).toBe(1_000)
    expect(take(log, 1, 59 * S)).toBe(S)
    expect(take(log, 1, 60 * S)).toBe(0)
  })
})
