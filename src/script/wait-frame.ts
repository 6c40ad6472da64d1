/**
 * One call of a function of the script that may wait. What the function returns lies in here, so that a promise which
 * it returns as its value stays a promise.
 */
export class WaitFrame {
  value: unknown
  error: unknown
  hasFailed = false
  /** Whether the function has come to its end; if so when its first part returns, it did not wait. */
  isOver = false

  give(value?: unknown): this {
    this.value = value
    return this
  }

  fail(error: unknown): unknown {
    this.hasFailed = true
    this.error = error
    return error
  }

  end(): void {
    this.isOver = true
  }
}

/** What a wait that is over comes to: what the function returned, or the result of one of k6's functions. */
export function settled(result: unknown): unknown {
  return result instanceof WaitFrame ? result.value : result
}

/** Everything that stands for a wait which somebody has to wait for. */
const claims = new WeakMap<object, () => Promise<unknown>>()

/** @param claim is called by whoever waits, and gives the promise to wait for */
export function registerWait(stand: object, claim: () => Promise<unknown>): void {
  claims.set(stand, claim)
}

/** Whether the value stands for a wait. */
export function isStandIn(value: unknown): boolean {
  return typeof value === 'object' && value !== null && claims.has(value)
}

/** The promise to wait for, when the value stands for a wait. Promises that the script itself has made do not. */
export function claimWait(value: unknown): Promise<unknown> | undefined {
  return typeof value === 'object' && value !== null ? claims.get(value)?.() : undefined
}
