import type { Steps } from '../../core/steps.ts'

/**
 * Memory that the engine's thread and the main thread share: how often the engine has said that for a moment no request is due,
 * as one number of 32 bits that starts again at its end.
 */
export type Room = Int32Array

const GIVEN = 0

export interface WaitLimits {
  /** An engine that gives no room for so long stands still, or is gone: there is nobody to wait for. */
  readonly waitMs: number
  /** For all steps together. What is left then, as with hundreds of names, is done at once: a second later there is more. */
  readonly allMs: number
}

const WAIT_LIMITS: WaitLimits = { waitMs: 50, allMs: 300 }

export function createRoom(): Room {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
}

/** The engine's side: whoever waits for room has it now. */
export function giveRoom(room: Room): void {
  Atomics.add(room, GIVEN, 1)
  Atomics.notify(room, GIVEN)
}

/**
 * The main thread's side: takes each step when there is room for it. The thread sleeps between two of them, in all some 0.15 s of
 * a second with thousands of requests. A message that says that there is room took 0.1 ms to be heard, as long as most of the steps
 * take, and the core is the engine's where there is only one.
 *
 * @returns what the steps return.
 */
export function takeWhenThereIsRoom<T>(
  steps: Steps<T>,
  room: Room,
  { waitMs, allMs }: WaitLimits = WAIT_LIMITS,
): T {
  const endMs = performance.now() + allMs
  let isWaiting = true
  for (;;) {
    isWaiting &&= performance.now() < endMs && waitForRoom(room, waitMs)
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** @returns whether there is room; room that was given before is gone. */
function waitForRoom(room: Room, longestMs: number): boolean {
  return Atomics.wait(room, GIVEN, Atomics.load(room, GIVEN), longestMs) !== 'timed-out'
}
