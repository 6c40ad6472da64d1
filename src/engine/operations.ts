import type { MeteredRequest, RequestMeter } from './request-meter.ts'

/** One thing that the script wants done, over all the attempts that it takes. */
export interface Operation {
  /** The first attempt's planned start. */
  readonly startUs: number
}

interface OpenOperation extends Operation {
  readonly key: string
  attempt: number
  /** The last attempt, and when it had failed; nothing while it is under way. */
  failed: { readonly request: MeteredRequest; readonly atUs: number } | undefined
}

const WHOLE_NUMBER = /^[1-9]\d{0,8}$/

/** The number that a tag `attempt` says, from 1; `undefined` when it says none. */
export function attemptNumber(tag: string): number | undefined {
  return WHOLE_NUMBER.test(tag) ? Number(tag) : undefined
}

/**
 * The operations of one VU whose requests say which attempt they are. Only the script knows whether it will try again:
 * one that failed is over when another one of its kind begins or the iteration ends.
 */
export class Operations {
  readonly #meter: RequestMeter
  #open: OpenOperation[] = []

  constructor(meter: RequestMeter) {
    this.#meter = meter
  }

  /**
   * The operation of an attempt that is about to be made.
   *
   * @param key the same for all attempts of an operation
   */
  attempt(key: string, attempt: number, plannedUs: number): Operation {
    if (attempt === 1) this.#close((operation) => operation.key === key && operation.failed !== undefined)
    const tried = this.#open.find((open) => open.key === key && open.attempt === attempt - 1 && open.failed)
    if (tried !== undefined) {
      tried.attempt = attempt
      tried.failed = undefined
      return tried
    }
    const operation = { key, startUs: plannedUs, attempt, failed: undefined }
    this.#open.push(operation)
    return operation
  }

  /** The attempt under way has ended; whether it was the last one is not known unless it `isLast`. */
  ended(operation: Operation, request: MeteredRequest, atUs: number, isLast: boolean): void {
    const open = this.#open.find((each) => each === operation)
    if (open === undefined) return
    if (isLast) this.#open = this.#open.filter((each) => each !== open)
    else open.failed = { request, atUs }
  }

  /** The iteration is over: nothing is tried again. */
  closeAll(): void {
    this.#close(() => true)
  }

  #close(isOver: (operation: OpenOperation) => boolean): void {
    const closed = this.#open.filter(isOver)
    if (closed.length === 0) return
    this.#open = this.#open.filter((operation) => !closed.includes(operation))
    for (const { failed, startUs } of closed) {
      if (failed !== undefined) this.#meter.operationFailed(failed.request, startUs, failed.atUs)
    }
  }
}
