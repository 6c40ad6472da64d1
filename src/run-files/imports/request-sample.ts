import type { Outcome } from '../../measure/outcome.ts'
import { publicTarget } from '../redact.ts'

/** One request that another tool has made. Times are integer µs since 1970. */
export interface RequestSample {
  /** As it may be written to a file. */
  readonly name: string
  readonly outcome: Outcome
  readonly startUs: number
  readonly endUs: number
  /** `undefined` where the tool does not say. */
  readonly sentBytes: number | undefined
  readonly receivedBytes: number | undefined
}

/** A row that cannot be read; the message says what is wrong with it. */
export class RowFault extends Error {
  override readonly name = 'RowFault'
}

/** A number of a row. @throws RowFault */
export function numberOf(field: string, column: string): number {
  const value = Number(field)
  if (field.trim() !== '' && Number.isFinite(value) && value >= 0) return value
  throw new RowFault(`${column} is ${JSON.stringify(field)}, not a number from 0`)
}

/** The name under which a request is counted: that of an URL loses credentials and query, where keys stand. */
export function requestName(text: string): string {
  return publicTarget(text.startsWith('/') ? text.replace(/[?#].*$/s, '') : text)
}
