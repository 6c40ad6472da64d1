import { isStandIn } from './wait-frame.ts'

/** Yields what may be a wait, and goes on with what it came to. */
export type Steps = Generator<unknown, unknown, unknown>

/** Whether a yielded value is no element but a wait of the generator. */
export type IsMarker = (value: unknown) => boolean

type AnyIterator = Iterator<unknown, unknown, unknown>
type Step = IteratorResult<unknown, unknown>

/** What a generator that has waited is resumed with. One that is run through by anything else gets something else. */
export class Resumption {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

export function isGeneratorObject(value: unknown): value is Steps {
  return Object.prototype.toString.call(value) === '[object Generator]'
}

/** Whether running through a value may call functions of the script. */
export function hasOwnIterator(value: unknown): value is Iterable<unknown> {
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) return false
  return !Array.isArray(value) || value[Symbol.iterator] !== Array.prototype[Symbol.iterator]
}

/** The iterator of an iterable; finding it may wait. */
export function* openSteps(iterable: Iterable<unknown>): Generator<unknown, AnyIterator, unknown> {
  return (yield iterable[Symbol.iterator]()) as AnyIterator
}

/**
 * The next element or the end, once the generator waits no more.
 *
 * @param given what a method of the iterator returned
 */
export function* settleStep(
  iterator: AnyIterator,
  given: unknown,
  isMarker: IsMarker,
): Generator<unknown, Step, unknown> {
  let step = (yield given) as Step
  while (step.done !== true && isMarker(step.value)) step = yield* pass(iterator, step.value)
  return step
}

/** Hands a wait of `iterator` on to whoever runs these steps. */
function* pass(iterator: AnyIterator, marker: unknown): Generator<unknown, Step, unknown> {
  let value: unknown
  try {
    value = yield marker
  } catch (error) {
    if (iterator.throw === undefined) throw error
    return iterator.throw(error)
  }
  return iterator.next(new Resumption(value))
}

/** The first `count` elements, and then closes the iterator, as a pattern `[a, b] = …` does. */
export function* takeSteps(count: number, iterable: Iterable<unknown>, isMarker: IsMarker): Steps {
  const elements: unknown[] = []
  const iterator = yield* openSteps(iterable)
  while (elements.length < count) {
    const step = yield* settleStep(iterator, iterator.next(), isMarker)
    if (step.done === true) return elements
    elements.push(step.value)
  }
  yield* closeSteps(iterator, isMarker)
  return elements
}

/** Ends an iteration early; what is left to do in the generator may wait too. */
export function* closeSteps(
  iterator: AnyIterator,
  isMarker: IsMarker,
): Generator<unknown, undefined, unknown> {
  if (iterator.return !== undefined) yield* settleStep(iterator, iterator.return(), isMarker)
  return undefined
}

/** Gives what the steps come to, or what stands for their wait. */
type Drive = (steps: Steps) => unknown

/** One run of a `for … of` loop. Its methods give their results, or what stands for a wait. */
export class Iteration {
  /** The element that the loop is at. */
  value: unknown
  readonly #isMarker: IsMarker
  readonly #drive: Drive
  /** Or what stands for the wait for it. */
  #iterator: AnyIterator | undefined
  #isOpen = false

  constructor(isMarker: IsMarker, drive: Drive) {
    this.#isMarker = isMarker
    this.#drive = drive
  }

  over(iterable: Iterable<unknown>): void {
    this.#iterator = iterable[Symbol.iterator]()
  }

  /** Whether there is one more element. */
  advance(): unknown {
    const iterator = this.#iterator
    if (iterator === undefined) return false
    this.#isOpen = false
    if (isStandIn(iterator)) return this.#drive(this.#begin(iterator))
    const given = iterator.next()
    return isStandIn(given) || this.#isMarker(given.value)
      ? this.#drive(this.#settle(iterator, given))
      : this.#enter(given)
  }

  /** To be called when the loop is left. */
  close(): unknown {
    const iterator = this.#leave()
    return iterator && this.#drive(closeSteps(iterator, this.#isMarker))
  }

  /** To be called when the loop is left by an error, which counts more than those of closing. */
  abandon(): unknown {
    const iterator = this.#leave()
    return iterator && this.#drive(this.#closeQuietly(iterator))
  }

  *#begin(given: unknown): Steps {
    const iterator = (yield given) as AnyIterator
    this.#iterator = iterator
    return yield* this.#settle(iterator, iterator.next())
  }

  *#settle(iterator: AnyIterator, given: unknown): Steps {
    return this.#enter(yield* settleStep(iterator, given, this.#isMarker))
  }

  #enter(step: Step): boolean {
    this.#isOpen = step.done !== true
    this.value = step.value
    return this.#isOpen
  }

  #leave(): AnyIterator | undefined {
    const iterator = this.#isOpen ? this.#iterator : undefined
    this.#isOpen = false
    return iterator
  }

  *#closeQuietly(iterator: AnyIterator): Steps {
    try {
      return yield* closeSteps(iterator, this.#isMarker)
    } catch {
      return undefined
    }
  }
}
