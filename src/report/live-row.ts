import { clock, milliseconds, NONE, rate } from './format.ts'
import type { LiveState } from './live.ts'

interface RowColumn {
  readonly head: string
  /** Characters; a longer value pushes the rest of its row to the right. */
  readonly width: number
  readonly value: (state: LiveState) => string
}

/** Rates per second, shares in percent, times in ms; `busy` is requests in flight, `late` the p99 of the schedule delay. */
const ROW_COLUMNS: readonly RowColumn[] = [
  { head: 'offered', width: 7, value: ({ recent }) => bareRate(recent.offeredRps) },
  { head: 'sent', width: 6, value: ({ recent }) => bareRate(recent.sentRps) },
  { head: 'accept', width: 6, value: ({ recent }) => bareRate(recent.acceptedRps) },
  { head: 'cap', width: 5, value: ({ capRps }) => bareRate(capRps) },
  { head: 'thr%', width: 4, value: ({ recent }) => barePercent(recent.throttledRatio) },
  { head: 'err%', width: 4, value: ({ recent }) => barePercent(recent.errorRatio) },
  { head: 'p50ms', width: 5, value: ({ recent }) => bareMs(recent.p50Us) },
  { head: 'p95ms', width: 5, value: ({ recent }) => bareMs(recent.p95Us) },
  { head: 'p99ms', width: 5, value: ({ recent }) => bareMs(recent.p99Us) },
  { head: 'busy', width: 4, value: (state) => String(state.inflightCount) },
  { head: 'late', width: 4, value: (state) => bareMs(state.scheduleDelayP99Us) },
]

const TIME_WIDTH = 5
const PHASE_WIDTH = 8

/** The line above the rows. */
export function renderRowHeader(): string {
  return row('time', 'phase', (column) => column.head)
}

/** One row of 80 characters for logs that are no terminal: splits at blanks into numbers, `-` where there is none. */
export function renderRow(state: LiveState): string {
  return row(clock(state.elapsedUs), state.phase, (column) => column.value(state))
}

function row(time: string, phase: string, cell: (column: RowColumn) => string): string {
  const cells = ROW_COLUMNS.map((column) => cell(column).padStart(column.width))
  return [time.padEnd(TIME_WIDTH), phase.padEnd(PHASE_WIDTH), ...cells].join(' ')
}

function bareRate(rps: number | undefined): string {
  return rate(rps).replaceAll(',', '')
}

function barePercent(ratio: number | undefined): string {
  if (ratio === undefined) return NONE
  return ratio >= 0.9995 ? '100' : (ratio * 100).toFixed(1)
}

function bareMs(us: number | undefined): string {
  return milliseconds(us).replaceAll(',', '')
}
