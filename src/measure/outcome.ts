/** What became of one request. A throttled reply is an outcome of its own, never an error and never a success. */
export const OUTCOMES = [
  'accepted',
  'throttled',
  'client_error',
  'server_error',
  'timeout',
  'network_error',
  'aborted',
] as const

export type Outcome = (typeof OUTCOMES)[number]

/** A fresh count of 0 for every outcome. */
export function zeroOutcomeCounts(): Record<Outcome, number> {
  return {
    accepted: 0,
    throttled: 0,
    client_error: 0,
    server_error: 0,
    timeout: 0,
    network_error: 0,
    aborted: 0,
  }
}

/** Outcomes that are faults of somebody: not a refusal for the rate, and not cut off by us. */
const ERROR_OUTCOMES: readonly Outcome[] = ['client_error', 'server_error', 'timeout', 'network_error']

/** How many of these are errors. */
export function errorCount(counts: Readonly<Record<Outcome, number>>): number {
  return ERROR_OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0)
}

/** Which statuses count as accepted and which as throttled. */
export interface OutcomeRules {
  /** True for a status the script expects; k6's default is 200–399. */
  readonly expected: (status: number) => boolean
  /** Statuses that mean "throttled": 429 and what `ext.headroom.throttled` adds. */
  readonly throttled: ReadonlySet<number>
}

export const DEFAULT_OUTCOME_RULES: OutcomeRules = {
  expected: (status) => status >= 200 && status <= 399,
  throttled: new Set([429]),
}

/**
 * The outcome of a reply with `status`. Throttled wins over expected, so that a script which expects 429
 * (to keep k6's `http_req_failed` quiet) still sees its throttled share.
 */
export function outcomeOfStatus(status: number, rules: OutcomeRules): Outcome {
  if (rules.throttled.has(status)) return 'throttled'
  if (rules.expected(status)) return 'accepted'
  return status >= 500 ? 'server_error' : 'client_error'
}
