import { z } from 'zod'
import type { Fault } from '../src/core/errors.ts'
import { closedObject, durationField, faultsOf } from './schema.ts'
import { MAX_WINDOW_US } from './rule.ts'

const ADVANCE = closedObject({
  us: z.number().int().min(1).max(MAX_WINDOW_US).optional(),
  duration: durationField(MAX_WINDOW_US, '366 days').optional(),
})

/**
 * Reads how much time to skip: `{"us": 1500000}` or `{"duration": "1h30m"}`, above 0 and up to 366 days.
 *
 * @returns µs, or what is wrong.
 */
export function readAdvance(json: unknown): number | readonly Fault[] {
  const parsed = ADVANCE.safeParse(json)
  if (!parsed.success) return faultsOf(parsed.error, 'advance')
  const { us, duration } = parsed.data
  const skippedUs = us === undefined ? duration : duration === undefined ? us : undefined
  return skippedUs ?? [{ where: 'advance', what: 'takes either us or duration' }]
}
