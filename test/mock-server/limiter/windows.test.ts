import { describe, expect, test } from 'vitest'
import { FirstHitWindow } from '../../../mock-server/limiter/first-hit-window.ts'
import { FixedWindow } from '../../../mock-server/limiter/fixed-window.ts'
import { SlidingCounter } from '../../../mock-server/limiter/sliding-counter.ts'
import { SlidingLog } from '../../../mock-server/limiter/sliding-log.ts'
import { Rng } from '../../../src/core/rng.ts'
import { passedEvenly, take } from './take.ts'

const S = 1_000_000
const quota = { limit: 100, windowUs: S }

describe('FW-1: N just before a border and N just after it', () => {
  test('a fixed window passes all 2N', () => {
    const window = new FixedWindow(quota)
    expect(passedEvenly(window, 100, S - 1, 1)).toBe(100)
    expect(passedEvenly(window, 100, S + 1, 1)).toBe(100)
  })

  test('a sliding log passes N', () => {
    const log = new SlidingLog(quota)
    expect(passedEvenly(log, 100, S - 1, 1)).toBe(100)
    expect(passedEvenly(log, 100, S + 1, 1)).toBe(0)
  })

  test('a sliding counter passes N and what the share of the window before has left', () => {
    const counter = new SlidingCounter(quota)
    expect(passedEvenly(counter, 100, S - 1, 1)).toBe(100)
    expect(passedEvenly(counter, 100, S + 1, 1)).toBe(0)
    // A tenth into the new window nine tenths of the old one count.
    expect(passedEvenly(counter, 100, S + 100_000, 1)).toBe(10)
  })
})

test('a fixed window waits for its border, a first-hit window for its own end', () => {
  const fixed = new FixedWindow({ limit: 1, windowUs: S })
  const firstHit = new FirstHitWindow({ limit: 1, windowUs: S })
  for (const window of [fixed, firstHit]) take(window, 1, 700_000)
  expect(take(fixed, 1, 800_000)).toBe(200_000)
  expect(take(firstHit, 1, 800_000)).toBe(900_000)
  expect(take(fixed, 1, S)).toBe(0)
  expect(take(firstHit, 1, 1_700_000)).toBe(0)
})

describe('counting what is refused', () => {
  test('a sliding log then counts from the last request, not from the last that passed', () => {
    const log = new SlidingLog({ limit: 2, windowUs: S })
    for (const atUs of [0, 0, 600_000]) log.charge(1, atUs)
    expect(log.waitUs(1, S)).toBe(0)
    log.charge(1, S)
    expect(log.waitUs(1, S)).toBe(600_000)
  })

  test('a sliding log keeps no more than can still refuse something', () => {
    const log = new SlidingLog({ limit: 3, windowUs: 3_600 * S })
    for (let i = 0; i < 200_000; i++) log.charge(1, i)
    // The third newest leaves last of those that matter.
    expect(log.waitUs(1, 199_999)).toBe(3_600 * S - 2)
    expect(log.waitUs(3, 199_999)).toBe(3_600 * S)
  })
})

test('a sliding counter is within a few per cent of the exact sliding window on random traffic', () => {
  const limit = 200
  const counter = new SlidingCounter({ limit, windowUs: S })
  const log = new SlidingLog({ limit, windowUs: S })
  const rng = new Rng('error')
  let atUs = 0
  let byCounter = 0
  let byLog = 0
  for (let i = 0; i < 60_000; i++) {
    atUs += Math.floor(rng.exponential() * 4_000)
    if (take(counter, 1, atUs) === 0) byCounter++
    if (take(log, 1, atUs) === 0) byLog++
  }
  expect(Math.abs(byCounter / byLog - 1)).toBeLessThan(0.03)
})
