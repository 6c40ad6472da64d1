/** The mock's own account of what it did, against which a measurement can be checked. */
import type { FaultKind } from './faults.ts'

/** What was decided about one request. */
export interface DecisionRecord {
  readonly atUs: number
  readonly resource: string
  readonly operation: string
  readonly verdict: 'admitted' | 'refused' | 'invalid' | 'managed'
  /** The rule that refused; `null` for other verdicts. */
  readonly rule: string | null
  readonly status: number
  readonly replyAtUs: number
  /** How long after `replyAtUs` its reply was handed to the connection; absent: it was not, or nobody noted it. */
  lateUs?: number
  /** What went wrong with it on purpose. */
  readonly faults: readonly FaultKind[]
}

/** Requests = admitted + refused (over all rules) + invalid + managed. Latencies are of admitted requests only. */
export interface OperationCounts {
  requestCount: number
  admittedCount: number
  /** By rule; `concurrency` is the cap on requests in flight. */
  readonly refusedCounts: Record<string, number>
  invalidCount: number
  /** Requests that manage the service: answered at once, under no limit. */
  managedCount: number
  /** What went wrong on purpose, by kind. */
  readonly faultCounts: Record<string, number>
  /** By status of the reply; one that a fault breaks or holds up for ever counts as it would have been. */
  readonly statusCounts: Record<string, number>
  requestBodyBytes: number
  replyBodyBytes: number
  latencySumUs: number
  latencyMaxUs: number
}

/** Counters of one resource by operation. */
export class Oracle {
  readonly #operations = new Map<string, OperationCounts>()

  count(decision: DecisionRecord, requestBodyBytes: number, replyBodyBytes: number): void {
    const counts = this.#countsOf(decision.operation)
    counts.requestCount++
    counts.requestBodyBytes += requestBodyBytes
    counts.replyBodyBytes += replyBodyBytes
    increment(counts.statusCounts, String(decision.status))
    for (const fault of decision.faults) increment(counts.faultCounts, fault)
    if (decision.verdict === 'invalid') counts.invalidCount++
    else if (decision.verdict === 'managed') counts.managedCount++
    else if (decision.rule !== null) increment(counts.refusedCounts, decision.rule)
    else countAdmitted(counts, decision.replyAtUs - decision.atUs)
  }

  /** A copy, operations in order of first use. */
  operations(): Readonly<Record<string, OperationCounts>> {
    return structuredClone(Object.fromEntries(this.#operations))
  }

  #countsOf(operation: string): OperationCounts {
    let counts = this.#operations.get(operation)
    if (counts === undefined) {
      counts = emptyCounts()
      this.#operations.set(operation, counts)
    }
    return counts
  }
}

/** The latest decisions of all resources. */
export class DecisionRing {
  readonly #keptCount: number
  readonly #ring: DecisionRecord[] = []
  #next = 0
  #latest: DecisionRecord | undefined

  constructor(keptCount: number) {
    this.#keptCount = keptCount
  }

  add(decision: DecisionRecord): void {
    if (this.#keptCount === 0) return
    this.#latest = decision
    this.#ring[this.#next] = decision
    this.#next = (this.#next + 1) % this.#keptCount
  }

  /** The decision added since the last call, if there is one. */
  takeLatest(): DecisionRecord | undefined {
    const latest = this.#latest
    this.#latest = undefined
    return latest
  }

  /** Oldest first. */
  list(): DecisionRecord[] {
    return [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)]
  }

  clear(): void {
    this.#ring.length = 0
    this.#next = 0
  }
}

function emptyCounts(): OperationCounts {
  return {
    requestCount: 0,
    admittedCount: 0,
    refusedCounts: {},
    invalidCount: 0,
    managedCount: 0,
    faultCounts: {},
    statusCounts: {},
    requestBodyBytes: 0,
    replyBodyBytes: 0,
    latencySumUs: 0,
    latencyMaxUs: 0,
  }
}

function countAdmitted(counts: OperationCounts, latencyUs: number): void {
  counts.admittedCount++
  counts.latencySumUs += latencyUs
  if (latencyUs > counts.latencyMaxUs) counts.latencyMaxUs = latencyUs
}

function increment(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1
}
