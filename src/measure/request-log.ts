/** Every request by itself, for whoever asks for it: collected where requests end, handed on in batches. */
import type { Outcome } from './outcome.ts'

/** One request that has ended. Times are integer µs since the start of the run. */
export interface RequestRecord {
  readonly name: string
  readonly scenario: string
  readonly method: string
  readonly vuId: number
  /** From 1. */
  readonly attempt: number
  readonly outcome: Outcome
  /** `undefined` without a reply. */
  readonly status: number | undefined
  /** The kind of what went wrong on the way: `timeout`, `refused`, …; `undefined` with a reply. */
  readonly error: string | undefined
  readonly plannedUs: number
  /** One that never left counts as sent when it failed. */
  readonly sentUs: number
  /** `undefined` without a reply. */
  readonly firstByteUs: number | undefined
  readonly doneUs: number
  /** TCP and TLS; 0 on a connection that was open. */
  readonly connectingUs: number
  /** What a throttled reply asked for. */
  readonly retryAfterUs: number | undefined
  readonly sentBytes: number
  readonly receivedBytes: number
}

/** Fields of text, then those of numbers: the order in a batch. */
const TEXT_FIELDS = ['name', 'scenario', 'method', 'outcome', 'error'] as const
const NUMBER_FIELDS = [
  'vuId',
  'attempt',
  'status',
  'plannedUs',
  'sentUs',
  'firstByteUs',
  'doneUs',
  'connectingUs',
  'retryAfterUs',
  'sentBytes',
  'receivedBytes',
] as const
const FIELD_COUNT = TEXT_FIELDS.length + NUMBER_FIELDS.length

const FIRST_CAPACITY = 1_024

/** Requests as plain numbers, which cross threads in a fraction of the time that objects take. */
export interface RequestBatch {
  /** One request after the other. Text is a number in `texts`, `undefined` is NaN. */
  readonly values: Float64Array<ArrayBuffer>
  readonly texts: readonly string[]
}

/** Collects requests until somebody takes them. */
export class RequestLog {
  #values = new Float64Array(FIRST_CAPACITY * FIELD_COUNT)
  #length = 0
  #texts = new Map<string, number>()
  readonly #show: (text: string) => string

  /** @param show gives a text as it may be written to a file. */
  constructor(show: (text: string) => string = (text) => text) {
    this.#show = show
  }

  add(record: RequestRecord): void {
    if (this.#length === this.#values.length) this.#grow()
    for (const field of TEXT_FIELDS) this.#push(this.#textNumber(record[field]))
    for (const field of NUMBER_FIELDS) this.#push(record[field])
  }

  /** What was added since the last time, in this order; `undefined` when nothing was. */
  take(): RequestBatch | undefined {
    if (this.#length === 0) return undefined
    const batch = {
      values: this.#values.slice(0, this.#length),
      texts: Array.from(this.#texts.keys(), this.#show),
    }
    this.#length = 0
    this.#texts = new Map()
    return batch
  }

  #push(value: number | undefined): void {
    this.#values[this.#length++] = value ?? NaN
  }

  #grow(): void {
    const larger = new Float64Array(this.#values.length * 2)
    larger.set(this.#values)
    this.#values = larger
  }

  #textNumber(text: string | undefined): number | undefined {
    if (text === undefined) return undefined
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    this.#texts.set(text, this.#texts.size)
    return this.#texts.size - 1
  }
}

/** The requests of a batch, in the order in which they were added. */
export function* requestsOf({ values, texts }: RequestBatch): Generator<RequestRecord> {
  for (let at = 0; at < values.length; at += FIELD_COUNT) {
    const numberAt = (offset: number): number | undefined => {
      const value = values[at + offset] ?? NaN
      return Number.isNaN(value) ? undefined : value
    }
    const fields = [
      ...TEXT_FIELDS.map((field, i) => [field, texts[numberAt(i) ?? -1]]),
      ...NUMBER_FIELDS.map((field, i) => [field, numberAt(TEXT_FIELDS.length + i)]),
    ]
    yield Object.fromEntries(fields) as RequestRecord
  }
}
