import { access } from 'node:fs/promises'
import { csvRows as readCsvRows } from './csv-reader.ts'
import { type Column, csvHeader, csvRows, SCHEMA_VERSION, text } from './csv.ts'
import { isoTime } from './run-facts.ts'
import { appendToRunsLog } from './runs-log.ts'

/** Beside runs.csv. */
export const GATE_JOURNAL = 'gate.csv'

const EVENTS = ['passed', 'learning', 'candidate', 'confirmed', 'cleared', 'noisy', 'accepted'] as const

/** What the gate said of a night, or that its level was accepted. */
export type GateEvent = (typeof EVENTS)[number]

/** A line of gate.csv without the time at which it was written. Text is empty where nothing applies. */
export interface GateEntry {
  readonly runId: string
  readonly event: GateEvent
  /** Column of summary.csv and request name, of what regressed. */
  readonly metric: string
  readonly name: string
  /** Of what was accepted. */
  readonly who: string
  readonly reason: string
  /** Of the run. */
  readonly commit: string
}

interface GateRow extends GateEntry {
  readonly recordedAtMs: number
}

const COLUMNS: readonly Column<GateRow>[] = [
  text('schema_version', () => String(SCHEMA_VERSION)),
  text('run_id', (row) => row.runId),
  text('recorded_at', (row) => isoTime(row.recordedAtMs)),
  text('event', (row) => row.event),
  text('metric', (row) => row.metric),
  text('name', (row) => row.name),
  text('who', (row) => row.who),
  text('reason', (row) => row.reason),
  text('commit', (row) => row.commit),
]

/** The first line of gate.csv. */
export function gateJournalHeader(): string {
  return csvHeader(COLUMNS)
}

/**
 * Everything that gate.csv has, in its order; nothing where there is no such file.
 *
 * @throws UserError (usage) when the file cannot be read
 */
export async function readGateJournal(path: string): Promise<GateEntry[]> {
  if (!(await exists(path))) return []
  const entries: GateEntry[] = []
  for await (const row of readCsvRows(path)) {
    const event = EVENTS.find((each) => each === row.text('event'))
    if (event === undefined) continue
    const [runId, metric, name, who, reason, commit] = [
      row.text('run_id'),
      row.text('metric'),
      row.text('name'),
      row.text('who'),
      row.text('reason'),
      row.text('commit'),
    ]
    entries.push({ runId, event, metric, name, who, reason, commit })
  }
  return entries
}

/**
 * Appends what is not there yet: judging a night again changes nothing.
 *
 * @returns the path under which a gate.csv with other columns was kept, if there was one
 * @throws UserError (usage) when the file cannot be read
 */
export async function appendToGateJournal(
  path: string,
  entries: readonly GateEntry[],
  recordedAtMs: number,
): Promise<string | undefined> {
  const known = new Set((await readGateJournal(path)).map(keyOf))
  const fresh = entries.filter((entry) => !known.has(keyOf(entry)))
  if (fresh.length === 0) return undefined
  const rows = fresh.map((entry) => ({ ...entry, recordedAtMs }))
  return appendToRunsLog(path, gateJournalHeader(), csvRows(COLUMNS, rows))
}

function keyOf({ runId, event, metric, name, who, reason, commit }: GateEntry): string {
  return JSON.stringify([runId, event, metric, name, who, reason, commit])
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
