import type { StatusTest } from '../../../engine/host.ts'

/** What `http.expectedStatuses` gives: it can only be handed back to `k6/http`. */
export class ExpectedStatuses {
  readonly #test: StatusTest

  constructor(test: StatusTest) {
    this.#test = test
  }

  static testOf(statuses: ExpectedStatuses): StatusTest {
    return statuses.#test
  }
}

interface Range {
  readonly min: number
  readonly max: number
}

/** @throws {TypeError} for what is neither a status nor a range of them */
export function expectedStatuses(...given: unknown[]): ExpectedStatuses {
  if (given.length === 0) throw new TypeError('http.expectedStatuses() takes at least one status')
  const ranges = given.map(readRange)
  const test: StatusTest = (status) => ranges.some(({ min, max }) => status >= min && status <= max)
  return new ExpectedStatuses(test)
}

function readRange(given: unknown, index: number): Range {
  if (Number.isInteger(given)) return { min: given as number, max: given as number }
  const { min, max } = (given ?? {}) as Partial<Range>
  if (Number.isInteger(min) && Number.isInteger(max)) return { min: min as number, max: max as number }
  throw new TypeError(
    `argument ${index + 1} of http.expectedStatuses() must be a status or a range such as {min: 200, max: 299}`,
  )
}

/**
 * What a response callback says: `null` turns the telling of expected from failed replies off.
 *
 * @throws {TypeError} for what `http.expectedStatuses` did not make
 */
export function readResponseCallback(callback: unknown): StatusTest | null {
  if (callback === null) return null
  if (callback instanceof ExpectedStatuses) return ExpectedStatuses.testOf(callback)
  throw new TypeError('a response callback must be made by http.expectedStatuses(), or be null')
}
