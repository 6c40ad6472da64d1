import type { RequestInFlight } from './request.ts'

type Request = RequestInFlight<unknown>

/** The requests of one VU that have not ended: nearly always one. */
export class RequestsUnderWay {
  #only: Request | undefined
  /** Those beside it. */
  #others: Set<Request> | undefined

  add(request: Request): void {
    if (this.#only === undefined) this.#only = request
    else (this.#others ??= new Set()).add(request)
  }

  ended(request: Request): void {
    if (this.#only === request) this.#only = undefined
    else this.#others?.delete(request)
  }

  /** The script hears no more of any of them. */
  abandon(nowUs: number): void {
    this.#only?.abandon(nowUs)
    this.#only = undefined
    this.#others?.forEach((request) => request.abandon(nowUs))
    this.#others?.clear()
  }
}
