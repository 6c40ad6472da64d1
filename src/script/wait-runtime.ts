import { claimWait, registerWait, settled, WaitFrame } from './wait-frame.ts'
import { hasOwnIterator, Iteration, Resumption, takeSteps } from './waiting-iteration.ts'
import type { Steps } from './waiting-iteration.ts'
import { loopSteps } from './waiting-loops.ts'

type Watch = (id: number, result: Promise<unknown>, frame?: WaitFrame) => unknown

/** What the text inserted by `insertAwaits` calls; one per VU. Everything happens at once until something waits. */
export class WaitRuntime {
  /** What `isWait` was asked about: the promise to wait for, else the value itself. */
  result: unknown
  readonly settled: (result: unknown) => unknown = settled
  readonly #watch: Watch
  /** What generators yield when they wait. */
  readonly #markers = new WeakSet()
  readonly #isMarker = (value: unknown): boolean =>
    typeof value === 'object' && this.#markers.has(value as object)

  /** @param watch makes the guard see a wait that nobody has waited for yet, see `WaitGuard.site` */
  constructor(watch: Watch) {
    this.#watch = watch
  }

  /** Runs a function that may wait, whose site is `id`: gives its value, or what stands for its wait. */
  runWaiting(
    id: number,
    body: (frame: WaitFrame, ...kept: unknown[]) => Promise<unknown>,
    ...kept: unknown[]
  ): unknown {
    const frame = new WaitFrame()
    const running = body(frame, ...kept)
    if (!frame.isOver) return this.#watch(id, running, frame)
    if (!frame.hasFailed) return frame.value
    running.catch(() => {}) // thrown here instead
    throw frame.error
  }

  /** Leaves in `result` what to go on with. */
  isWait(value: unknown): boolean {
    const wait = claimWait(value)
    this.result = wait ?? value
    return wait !== undefined
  }

  /** What a generator of site `id` yields to wait for a promise. */
  marker(id: number, wait: Promise<unknown>): unknown {
    const marker = this.#watch(id, wait)
    if (typeof marker === 'object' && marker !== null) this.#markers.add(marker)
    return marker
  }

  /** What a generator of site `id` goes on with when `given` is what it was resumed with. */
  resumed(id: number, given: unknown): unknown {
    if (given instanceof Resumption) return given.value
    // Whoever runs through it did not wait. To look into what stands for a wait is the violation that says so.
    return Reflect.get(this.#watch(id, Promise.resolve()) as object, 'value')
  }

  /** `receiver[name](...args)`, one callback after the other if they wait. */
  loop(name: string, receiver: unknown, ...args: unknown[]): unknown {
    const steps = loopSteps(name, receiver, args, this.#isMarker)
    return steps
      ? this.#drive(steps)
      : (receiver as Record<string, (...given: unknown[]) => unknown>)[name]!(...args)
  }

  /** What is to be run through by something native in the place of `iterable`. */
  collect(iterable: unknown): unknown {
    return this.take(Infinity, iterable)
  }

  /** What is to be taken apart in the place of `iterable` by a pattern of `count` elements. */
  take(count: number, iterable: unknown): unknown {
    return hasOwnIterator(iterable) ? this.#drive(takeSteps(count, iterable, this.#isMarker)) : iterable
  }

  /** What a `for … of` loop steps with. */
  each(): Iteration {
    return new Iteration(this.#isMarker, (steps) => this.#drive(steps))
  }

  #drive(steps: Steps): unknown {
    let step = steps.next()
    while (step.done !== true) {
      const wait = claimWait(step.value)
      if (wait) {
        const rest = finish(steps, wait)
        registerWait(rest, { claim: () => rest })
        return rest
      }
      step = steps.next(step.value)
    }
    return step.value
  }
}

/** Waits, and goes on with the result or the error. */
async function resume(steps: Steps, wait: Promise<unknown>): Promise<IteratorResult<unknown, unknown>> {
  let value: unknown
  try {
    value = settled(await wait)
  } catch (error) {
    return steps.throw(error)
  }
  return steps.next(value)
}

async function finish(steps: Steps, wait: Promise<unknown>): Promise<WaitFrame> {
  let step = await resume(steps, wait)
  while (step.done !== true) {
    const next = claimWait(step.value)
    step = next ? await resume(steps, next) : steps.next(step.value)
  }
  return new WaitFrame().give(step.value)
}
