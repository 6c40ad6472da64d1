import type { Outcome } from '../../src/measure/outcome.ts'
import { Recorder, type RequestFacts } from '../../src/measure/recorder.ts'
import { RunTotals, type RunFigures, type RunTotalsOptions } from '../../src/measure/run-totals.ts'
import type { NameSummary, SecondRow } from '../../src/measure/summary.ts'

export const SECOND = 1_000_000

export interface Sent {
  readonly name: string
  readonly plannedUs: number
  readonly sentUs: number
  readonly doneUs: number
  readonly outcome: Outcome
  readonly attempt: number
}

export function facts({ plannedUs, sentUs, doneUs, outcome, attempt }: Sent): RequestFacts {
  const retryAfterUs = outcome === 'throttled' ? 2 * SECOND : undefined
  return {
    outcome,
    plannedUs,
    sentUs,
    doneUs,
    attempt,
    retryAfterUs,
    sentBytes: 3,
    receivedBytes: 5,
    operation: undefined,
  }
}

/** Replays requests in the order of their events, with a snapshot every second. */
export function replay(requests: readonly Sent[], totals: RunTotals, endUs: number): void {
  const recorder = new Recorder()
  const events = requests
    .flatMap((request) => [
      { atUs: request.sentUs, isDone: false, request },
      { atUs: request.doneUs, isDone: true, request },
    ])
    .sort((a, b) => a.atUs - b.atUs || Number(a.isDone) - Number(b.isDone))
  let nextSnapshotUs = SECOND
  for (const { atUs, isDone, request } of events) {
    for (; nextSnapshotUs <= atUs; nextSnapshotUs += SECOND) {
      totals.add(recorder.snapshot(nextSnapshotUs, Infinity).closed)
    }
    const nameId = recorder.nameId(request.name)
    if (isDone) {
      recorder.done(nameId, facts(request))
      continue
    }
    if (request.attempt === 1) recorder.offered(nameId, request.plannedUs)
    recorder.sent(nameId, request.sentUs, request.attempt)
  }
  totals.add(recorder.close(endUs).closed)
}

export interface Run {
  readonly rows: readonly SecondRow[]
  readonly figures: RunFigures
}

export function run(requests: readonly Sent[], endUs: number, options: Partial<RunTotalsOptions> = {}): Run {
  const rows: SecondRow[] = []
  const loadEndUs = options.loadEndUs ?? endUs
  const onSecond = (second: readonly SecondRow[]): void => void rows.push(...second)
  const totals = new RunTotals({ warmupUs: 0, capRps: undefined, ...options, loadEndUs, onSecond })
  replay(requests, totals, endUs)
  return { rows, figures: totals.finish({ loadEndUs }) }
}

export function summaryOf({ figures }: Run, name: string): NameSummary {
  const found = figures.names.find((summary) => summary.name === name)
  if (found === undefined) throw new Error(`no summary of ${name}`)
  return found
}

export function sent(name: string, sentUs: number, more: Partial<Sent> = {}): Sent {
  return {
    name,
    plannedUs: sentUs,
    sentUs,
    doneUs: sentUs + 20_000,
    outcome: 'accepted',
    attempt: 1,
    ...more,
  }
}
