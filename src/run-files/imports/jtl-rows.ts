import { DEFAULT_OUTCOME_RULES, outcomeOfStatus, type Outcome } from '../../measure/outcome.ts'
import type { Fields } from './fields.ts'
import { numberOf, requestName, type RequestSample } from './request-sample.ts'
import { momentUs, msToUs } from './sample-time.ts'

/** What JMeter puts before the class of the exception, where there was no reply. */
const NO_REPLY = 'Non HTTP response code'

/** The row of a transaction controller repeats the time of the samples in it. */
const TRANSACTION = /^Number of samples in transaction\b/

/**
 * Makes requests of the rows of a JTL file with a header. As JMeter's own reports have it, a sample begins at
 * `timeStamp` (property sampleresult.timestamp.start) and takes `elapsed`, connecting included.
 *
 * Source of the columns: https://jmeter.apache.org/usermanual/listeners.html#csvlogformat
 */
export class JtlRows {
  readonly #throttled: ReadonlySet<number>
  #otherCount = 0
  #assertedCount = 0

  constructor(throttled: ReadonlySet<number>) {
    this.#throttled = throttled
  }

  /** Rows that are no request: transactions, and samplers without a response code. */
  get otherCount(): number {
    return this.#otherCount
  }

  /** Replies with an accepted status that failed an assertion. */
  get assertedCount(): number {
    return this.#assertedCount
  }

  /** @throws RowFault */
  read(fields: Fields): RequestSample | undefined {
    const code = fields.text('responseCode')
    if (code === '' || TRANSACTION.test(fields.text('responseMessage'))) {
      this.#otherCount++
      return undefined
    }
    const startUs = momentUs(fields.text('timeStamp'))
    return {
      name: requestName(fields.text('label')),
      outcome: this.#outcomeOf(code, fields.text('success').toLowerCase()),
      startUs,
      endUs: startUs + msToUs(numberOf(fields.text('elapsed'), 'elapsed')),
      sentBytes: bytesOf(fields, 'sentBytes'),
      receivedBytes: bytesOf(fields, 'bytes'),
    }
  }

  #outcomeOf(code: string, success: string): Outcome {
    if (!/^\d{3}$/.test(code)) return failureOf(code, success)
    // A plan may call any status a success.
    const expected = (status: number): boolean => success === 'true' || DEFAULT_OUTCOME_RULES.expected(status)
    const outcome = outcomeOfStatus(Number(code), { expected, throttled: this.#throttled })
    if (outcome === 'accepted' && success === 'false') this.#assertedCount++
    return outcome
  }
}

/** Samplers of other protocols have codes of their own. */
function failureOf(code: string, success: string): Outcome {
  if (!code.startsWith(NO_REPLY)) return success === 'false' ? 'server_error' : 'accepted'
  return /timeout/i.test(code) ? 'timeout' : 'network_error'
}

function bytesOf(fields: Fields, column: string): number | undefined {
  const text = fields.text(column)
  return text === '' ? undefined : numberOf(text, column)
}
