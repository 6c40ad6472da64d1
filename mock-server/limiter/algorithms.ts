/** The algorithms by name, and what a quota of each may say. */
import { FirstHitWindow } from './first-hit-window.ts'
import { FixedWindow } from './fixed-window.ts'
import { Gcra } from './gcra.ts'
import { LeakyBucket } from './leaky-bucket.ts'
import type { Limiter, Quota } from './limiter.ts'
import { SlidingCounter } from './sliding-counter.ts'
import { SlidingLog } from './sliding-log.ts'
import { TokenBucket } from './token-bucket.ts'

export const ALGORITHMS = [
  'sliding-log',
  'sliding-counter',
  'fixed-window',
  'first-hit-window',
  'token-bucket',
  'gcra',
  'leaky-bucket',
] as const
export type Algorithm = (typeof ALGORITHMS)[number]

interface Traits {
  readonly create: new (quota: Quota) => Limiter
  /** Smallest burst; absent: it has none. */
  readonly minBurst?: 0 | 1
  /** It can count requests that were refused. */
  readonly countsRefused?: true
  /** It multiplies counts by windows, so that their product has to be an exact integer. */
  readonly multiplies?: true
}

const TRAITS: Readonly<Record<Algorithm, Traits>> = {
  'sliding-log': { create: SlidingLog, countsRefused: true },
  'sliding-counter': { create: SlidingCounter, countsRefused: true, multiplies: true },
  'fixed-window': { create: FixedWindow, countsRefused: true },
  'first-hit-window': { create: FirstHitWindow, countsRefused: true },
  'token-bucket': { create: TokenBucket, minBurst: 1, multiplies: true },
  gcra: { create: Gcra, minBurst: 1, multiplies: true },
  'leaky-bucket': { create: LeakyBucket, minBurst: 0, multiplies: true },
}

/** A quota with its algorithm, as rules have them. */
export interface LimiterConfig extends Quota {
  readonly algorithm: Algorithm
  /** Refused requests are charged too, whichever rule refused them. */
  readonly countRefused?: true
}

/** Something wrong with one property of a configuration. */
export interface KeyFault {
  readonly key: string
  readonly what: string
}

export function createLimiter(config: LimiterConfig): Limiter {
  return new TRAITS[config.algorithm].create(config)
}

/** What does not go together; single values are taken to be in their ranges. */
export function faultsInLimiter(config: LimiterConfig): KeyFault[] {
  const { algorithm, limit, windowUs, burst, noDelay, countRefused } = config
  const { countsRefused, multiplies } = TRAITS[algorithm]
  const faults = faultsInBurst(config)
  if (noDelay === true && algorithm !== 'leaky-bucket') {
    faults.push({ key: 'noDelay', what: `a ${algorithm} delays nothing; leaky-bucket does` })
  }
  if (countRefused === true && countsRefused !== true) {
    const what = `a ${algorithm} cannot count what it refuses; ${namesOf('countsRefused')} can`
    faults.push({ key: 'countRefused', what })
  }
  if (multiplies === true && Math.max(limit, (burst ?? 0) + 1) * windowUs > Number.MAX_SAFE_INTEGER) {
    const what = `too large for a ${algorithm} over so long a window; use sliding-log or fixed-window`
    faults.push({ key: 'limit', what })
  }
  return faults
}

function faultsInBurst({ algorithm, burst }: LimiterConfig): KeyFault[] {
  const { minBurst } = TRAITS[algorithm]
  if (burst === undefined || (minBurst !== undefined && burst >= minBurst)) return []
  const what =
    minBurst === undefined
      ? `a ${algorithm} has no burst; ${namesOf('minBurst')} have`
      : `the burst of a ${algorithm} is at least ${minBurst}`
  return [{ key: 'burst', what }]
}

function namesOf(trait: keyof Traits): string {
  return ALGORITHMS.filter((algorithm) => TRAITS[algorithm][trait] !== undefined).join(', ')
}
