import { expect, it } from 'vitest'
import { idleLimitUs } from '../../src/http/keep-alive.ts'

it.each<[keepAlive: string | undefined, expectedUs: number]>([
  [undefined, Infinity],
  ['max=100', Infinity],
  ['timeout=', Infinity],
  ['notimeout=5', Infinity],
  ['timeout=5', 4_000_000],
  ['timeout=5, max=100', 4_000_000],
  ['max=100, timeout=120', 119_000_000],
  ['max=100,timeout = "60"', 59_000_000],
  // The margin is never more than half.
  ['timeout=2', 1_000_000],
  ['timeout=1', 500_000],
  ['timeout=0', 0],
])('Keep-Alive: %s allows %d µs', (keepAlive, expectedUs) => {
  expect(idleLimitUs(keepAlive)).toBe(expectedUs)
})
