import { US_PER_MS } from '../../core/units.ts'
import type { Clock } from '../../engine/clock.ts'

/** Second 0 of every virtual run: 2000-01-01T00:00:00Z. */
export const VIRTUAL_EPOCH_MS = 946_684_800_000

/**
 * Made once and early: by becoming a prototype `Math` changes its shape, and V8 throws away what it has compiled with the
 * one that it had.
 */
const INHERITED_MATH = Object.create(Math) as Math

/** `Math` with a seeded `random`: the same seed gives every VU the same numbers again. */
export function seededMath(random: { next(): number }): Math {
  return Object.create(INHERITED_MATH, { random: { value: () => random.next() } }) as Math
}

/** `Date` on virtual time: `new Date()` and `Date.now()` follow the clock, everything else is the language's. */
export function virtualDate(clock: Clock): DateConstructor {
  const nowMs = (): number => VIRTUAL_EPOCH_MS + Math.floor(clock.nowUs() / US_PER_MS)
  return new Proxy(Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [nowMs()] : args, newTarget) as object,
    apply: () => new Date(nowMs()).toString(),
    get: (target, key, receiver) => (key === 'now' ? nowMs : (Reflect.get(target, key, receiver) as unknown)),
  })
}
