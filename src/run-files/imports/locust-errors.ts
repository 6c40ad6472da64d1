import { DEFAULT_OUTCOME_RULES, outcomeOfStatus, type Outcome } from '../../measure/outcome.ts'
import type { Fields } from './fields.ts'
import { numberOf } from './request-sample.ts'

/** A failed reply as requests and geventhttpclient word it: `429 Client Error`, `code=503`. */
const STATUS = /\b([1-5]\d\d) (?:Client|Server) Error\b|\bcode=([1-5]\d\d)\b/

const TIMEOUT = /time(?:d\s?)?-?\s?out/i

/** Classes of Python and its HTTP clients for requests that got no reply. */
const NO_REPLY =
  /^(?:\w+\.)*(?:\w*Connection\w*|RemoteDisconnected|\w*Socket\w*|SSL\w*|gaierror|BrokenPipe\w*|IncompleteRead|OSError)\b/i

/** What kind of failure an error of `_failures.csv` is; `undefined` where it does not say, as in checks of a script's own. */
function outcomeOfError(error: string, throttled: ReadonlySet<number>): Outcome | undefined {
  const [, ofRequests, ofGevent] = STATUS.exec(error) ?? []
  const status = ofRequests ?? ofGevent
  if (status !== undefined) {
    const outcome = outcomeOfStatus(Number(status), { ...DEFAULT_OUTCOME_RULES, throttled })
    return outcome === 'accepted' ? undefined : outcome
  }
  if (TIMEOUT.test(error)) return 'timeout'
  return NO_REPLY.test(error) ? 'network_error' : undefined
}

/** Failures of one method and name. */
export interface LocustFailures {
  readonly byOutcome: ReadonlyMap<Outcome, number>
  readonly count: number
  /** Those of which nothing else is known. */
  readonly unclearCount: number
}

/** A name as both tables have it; methods differ. */
export function locustKey(method: string, name: string): string {
  return JSON.stringify([method, name])
}

/** The rows of `_failures.csv`, by method and name. @throws RowFault */
export function locustFailures(
  rows: readonly Fields[],
  throttled: ReadonlySet<number>,
): ReadonlyMap<string, LocustFailures> {
  const failures = new Map<string, LocustFailures>()
  for (const row of rows) {
    const key = locustKey(row.text('Method'), row.text('Name'))
    const added = numberOf(row.text('Occurrences'), 'Occurrences')
    const outcome = outcomeOfError(row.text('Error'), throttled)
    const { byOutcome = new Map<Outcome, number>(), count = 0, unclearCount = 0 } = failures.get(key) ?? {}
    failures.set(key, {
      byOutcome: outcome === undefined ? byOutcome : increased(byOutcome, outcome, added),
      count: count + added,
      unclearCount: unclearCount + (outcome === undefined ? added : 0),
    })
  }
  return failures
}

function increased(
  counts: ReadonlyMap<Outcome, number>,
  outcome: Outcome,
  added: number,
): ReadonlyMap<Outcome, number> {
  return new Map([...counts, [outcome, (counts.get(outcome) ?? 0) + added]])
}
