import { US_PER_MS } from '../core/units.ts'

/** Nobody ever wakes who waits here. */
const BED = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))

/**
 * Puts the thread to sleep for `us` microseconds, and some 100 more: a platform timer counts whole milliseconds, and up to
 * two of them pass before a core that has slept longer is back.
 */
export function nap(us: number): void {
  Atomics.wait(BED, 0, 0, us / US_PER_MS)
}

/**
 * Passes a moment with arithmetic, whose result is to be kept, or the compiler would leave it out. A function of its own: code
 * compiled while its first long loop ran knows nothing of what comes after the loop, and fell back there every time.
 */
export function idle(state: number, steps: number): number {
  // Said to be 32 bits wide: put into a function that calls it, the loop was compiled for any number, and took five times as long.
  let next = state | 0
  for (let step = 0; step < steps; step++) next = (Math.imul(next, 1_103_515_245) + 12_345) | 0
  return next
}
