import type { SecondCell } from '../../measure/snapshot.ts'
import type { SecondRow } from '../../measure/summary.ts'
import { LatencyLog } from '../../run-files/latency-log.ts'
import { timeseriesRows } from '../../run-files/timeseries-csv.ts'
import { Collector } from './collector.ts'
import { LASTS_MS, LOAD_END_US, madeUpSnapshots } from './rehearsal.ts'
import { SecondListener, SecondTeller } from './told-seconds.ts'

/** The main thread's part: takes snapshots in. @returns how many bytes the lines of the run's files would have had. */
export function rehearseIntake(lastsMs: number = LASTS_MS): number {
  const endMs = performance.now() + lastsMs
  const facts = { runId: 'rehearsal', epochMs: 0 }
  const rows: SecondRow[] = []
  const cells: SecondCell[] = []
  const collector = new Collector({
    scenario: 'rehearsal',
    warmupUs: 0,
    loadEndUs: LOAD_END_US,
    capRps: undefined,
    thresholds: [],
    plannedCount: undefined,
    liveWindowS: 1,
    onSecond: (more) => rows.push(...more),
    onCells: (more) => cells.push(...more),
  })
  const log = new LatencyLog({ warmupUs: 0, loadEndUs: LOAD_END_US })
  const teller = new SecondTeller()
  const listener = new SecondListener()
  let byteCount = 0
  for (const snapshot of madeUpSnapshots()) {
    // As it comes from another thread: its objects have other hidden classes than ours.
    const { recorder, ...state } = snapshot
    const seconds = listener.hear(structuredClone(teller.tell(recorder)))
    collector.take({ ...structuredClone(state), recorder: seconds })
    byteCount += timeseriesRows(facts, rows.splice(0)).length + log.add(cells.splice(0)).length
    if (performance.now() >= endMs) break
  }
  return byteCount
}
