import { US_PER_MS } from '../../core/units.ts'
import type { Observation, Truth } from './observation.ts'

/** Quantiles of lateness, as they are written. */
const SHOWN = { p90Us: 'p90', p95Us: 'p95', p99Us: 'p99', maxUs: 'max' } as const

export type LatenessQuantile = keyof typeof SHOWN

/** How late the two sides were that a request goes between. */
export interface Sides {
  readonly observed: Pick<Observation, 'scheduleDelay'>
  /** Absent: the target is not ours. */
  readonly truth?: Pick<Truth, 'lateness'> | undefined
}

/** What other programs may have added to a time that was measured, by keeping engine and mock from the processor. */
export interface Noise {
  /** To nearly every one that counts for a quantile. */
  readonly usualUs: number
  /** To a single one. */
  readonly mostUs: number
  /** What tells of it. */
  readonly why: string
}

/** Timers of Node fire so late on a machine that has nothing else to do; sockets are not served as late as that. */
const TIMER_US = 2 * US_PER_MS

/**
 * Between the mock's times of a request and the engine's lie two waits for the processor: the mock's until it has read the
 * request, and the engine's until it has read the reply. How long they were nobody knows, but each side tells how late it
 * did what it had a plan for: the engine, which waits for its next request with care, as late as it reads; the mock, by
 * its timers. A side that does not tell is taken to be as late as the other one on the same machine.
 *
 * @param quantile of the lateness that counts; `maxUs` where a single late request spoils the figure.
 */
export function noiseOf(sides: Sides, quantile: LatenessQuantile): Noise {
  const delayUs = sides.observed.scheduleDelay?.[quantile]
  const lateUs = sides.truth?.lateness?.[quantile]
  const parts = [
    ...(delayUs === undefined ? [] : [`schedule delay ${SHOWN[quantile]} ${inMs(delayUs)}`]),
    ...(lateUs === undefined ? [] : [`the mock’s replies ${SHOWN[quantile]} ${inMs(lateUs)} late`]),
  ]
  return {
    usualUs: waitsUs(sides, quantile),
    mostUs: waitsUs(sides, 'maxUs'),
    why: `the machine was busy: ${parts.join(', ')}`,
  }
}

/** Of both sides together. */
function waitsUs({ observed, truth }: Sides, quantile: LatenessQuantile): number {
  const starvedUs = Math.max((truth?.lateness?.[quantile] ?? 0) - TIMER_US, 0)
  const engineUs = observed.scheduleDelay?.[quantile] ?? starvedUs
  return engineUs + Math.max(starvedUs, engineUs)
}

/** Why what should be exact to `allowedUs`, up and down, cannot be judged; `undefined` when it can. */
export function latenessDoubt(
  sides: Sides,
  quantile: LatenessQuantile,
  allowedUs: number,
): string | undefined {
  const { usualUs, why } = noiseOf(sides, quantile)
  return usualUs > allowedUs ? why : undefined
}

function inMs(us: number): string {
  return `${(us / US_PER_MS).toFixed(1)} ms`
}
