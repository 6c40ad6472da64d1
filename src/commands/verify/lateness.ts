import { US_PER_MS } from '../../core/units.ts'
import type { Observation } from './observation.ts'

/** Quantiles of which an engine tells its own lateness, as they are written. */
const SHOWN = { p90Us: 'p90', p95Us: 'p95', p99Us: 'p99', maxUs: 'max' } as const

export type LatenessQuantile = keyof typeof SHOWN

/** When it has come to the mock, when its reply is due and when that has come back. */
const WAITS_PER_REQUEST = 3

/**
 * Why what should be exact to `allowedUs` cannot be judged: other programs kept the engine from the processor. A request
 * waits for the processor three times, and only the engine tells how long that takes: it starts late itself then.
 *
 * @param quantile of the lateness that counts; `maxUs` where a single late request spoils the figure.
 * @returns `undefined` when the engine was in time, or does not say.
 */
export function latenessDoubt(
  { scheduleDelay }: Observation,
  quantile: LatenessQuantile,
  allowedUs: number,
): string | undefined {
  const delayUs = scheduleDelay?.[quantile]
  if (delayUs === undefined || WAITS_PER_REQUEST * delayUs <= allowedUs) return undefined
  return `the machine was busy: schedule delay ${SHOWN[quantile]} ${(delayUs / US_PER_MS).toFixed(1)} ms`
}
