import type { ScriptInstance } from './host.ts'

/** Hears how an iteration's function came to its end. */
export interface CourseListener {
  iterationReturned(): void
  /** @param error what the script threw, or the rule of waiting that it broke. */
  iterationThrew(error: unknown): void
}

/**
 * Follows the function of one iteration after another to its end, with what it leaves under way. One object for all iterations of
 * a VU: an `async` function here left half a kilobyte of garbage for each.
 */
export class IterationCourse {
  readonly #instance: ScriptInstance
  readonly #listener: CourseListener
  #isAbandoned = false

  constructor(instance: ScriptInstance, listener: CourseListener) {
    this.#instance = instance
    this.#listener = listener
  }

  /** Calls the function. The listener hears of its end after this has returned, once, unless `abandon` is called before. */
  follow(run: (data: unknown) => unknown, data: unknown): void {
    resultOf(run, data).then(this.#onReturn, this.#onThrow)
  }

  /** An iteration that ended otherwise may still come to an end by waiting for nothing of ours: nobody hears of it. */
  abandon(): void {
    this.#isAbandoned = true
  }

  readonly #onReturn = (): void => {
    if (this.#isAbandoned) return
    const rest = this.#instance.settled()
    if (rest === undefined) this.#onRest()
    else void rest.then(this.#onRest, this.#onThrow)
  }

  readonly #onRest = (): void => {
    if (this.#isAbandoned) return
    try {
      this.#instance.finishIteration()
    } catch (violation) {
      return this.#listener.iterationThrew(violation)
    }
    this.#listener.iterationReturned()
  }

  readonly #onThrow = (error: unknown): void => {
    if (!this.#isAbandoned) this.#listener.iterationThrew(this.#causeOf(error))
  }

  /** A wait that nobody waited for comes before what the script threw after it: the script must not hide it. */
  #causeOf(thrown: unknown): unknown {
    try {
      this.#instance.finishIteration()
      return thrown
    } catch (violation) {
      return violation
    }
  }
}

function resultOf(run: (data: unknown) => unknown, data: unknown): Promise<unknown> {
  try {
    return Promise.resolve(run(data))
  } catch (error) {
    return Promise.reject(error)
  }
}
