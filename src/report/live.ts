import type { Phase, VerdictLevel } from '../measure/summary.ts'
import { clock, count, duration, milliseconds, NONE, percent, rate } from './format.ts'
import { clip, fitLine, length, type Line, marked, padRight, paint } from './layout.ts'
import { type Styler, VERDICT_STYLES } from './style.ts'

/** One request name in the live view, over the window of `LiveState.recent`. */
export interface LiveName {
  readonly name: string
  readonly sentRps: number
  readonly throttledRatio: number | undefined
  readonly p99Us: number | undefined
}

/** What the live view shows of a run under way. */
export interface LiveState {
  readonly scenario: string
  readonly phase: Phase | 'setup' | 'teardown'
  readonly elapsedUs: number
  /** Planned length, warm-up included; `undefined` when it is not known. */
  readonly totalUs: number | undefined
  /** How much is done, 0–1, where the load ends when a number of iterations is done. */
  readonly doneRatio?: number | undefined
  /** The last whole second on a terminal, the last interval where rows are printed. */
  readonly recent: {
    readonly offeredRps: number
    readonly sentRps: number
    readonly retryRps: number
    readonly acceptedRps: number
    readonly throttledRatio: number | undefined
    readonly errorRatio: number | undefined
    /** Response times of accepted replies. */
    readonly p50Us: number | undefined
    readonly p95Us: number | undefined
    readonly p99Us: number | undefined
    readonly throttledP50Us: number | undefined
  }
  /** Since the start of the measured part. */
  readonly totals: {
    readonly sentCount: number
    readonly throttledRatio: number | undefined
    readonly errorCount: number
    readonly droppedCount: number
  }
  readonly capRps: number | undefined
  readonly inflightCount: number
  readonly inflightMaxCount: number
  readonly scheduleDelayP99Us: number | undefined
  readonly verdict: VerdictLevel
  readonly names: readonly LiveName[]
}

/** The block that a terminal rewrites in place: always eight lines, none longer than `width`. */
export function renderLive(state: LiveState, width: number, style: Styler): string {
  const inflight = [`${count(state.inflightCount)} now`, `max ${count(state.inflightMaxCount)}`]
  const generator = [state.verdict, `schedule delay p99 ${duration(state.scheduleDelayP99Us)}`]
  const lines: Line[] = [
    { text: progressLine(state, width) },
    { text: fitLine('  rate', rateParts(state), width) },
    { text: fitLine('  throttled', throttledParts(state), width) },
    { text: fitLine('  accepted', acceptedParts(state), width) },
    { text: fitLine('  in flight', inflight, width) },
    marked(fitLine('  generator', generator, width), state.verdict, VERDICT_STYLES[state.verdict]),
    ...namesLines(state.names, width),
  ]
  return lines.map((line) => paint(line, style)).join('\n')
}

const BAR_MAX_WIDTH = 40

function progressLine(state: LiveState, width: number): string {
  const times = [state.elapsedUs, ...(state.totalUs === undefined ? [] : [state.totalUs])]
    .map(clock)
    .join(' / ')
  const tail = `  ${state.phase}  ${times}`
  const line = clip(clip(state.scenario, Math.max(8, width - tail.length)) + tail, width)
  const doneRatio = progressRatio(state)
  const barWidth = Math.min(BAR_MAX_WIDTH, width - length(line) - 2)
  return doneRatio === undefined || barWidth < 16 ? line : `${line}  ${bar(doneRatio, barWidth)}`
}

function progressRatio({ doneRatio, elapsedUs, totalUs }: LiveState): number | undefined {
  if (doneRatio !== undefined) return doneRatio
  return totalUs === undefined || totalUs <= 0 ? undefined : Math.min(1, elapsedUs / totalUs)
}

/** `[=====>     ]  45 %`, `width` characters. */
function bar(doneRatio: number, width: number): string {
  const inner = width - 8
  const filled = Math.floor(doneRatio * inner)
  const drawn = filled === 0 ? '' : `${'='.repeat(filled - 1)}${filled === inner ? '=' : '>'}`
  return `[${drawn.padEnd(inner)}]${String(Math.floor(doneRatio * 100)).padStart(4)} %`
}

function rateParts({ recent, capRps }: LiveState): string[] {
  return [
    `offered ${rate(recent.offeredRps)}/s`,
    `sent ${rate(recent.sentRps)}/s`,
    `accepted ${rate(recent.acceptedRps)}/s`,
    ...(capRps === undefined ? [] : [`cap ${rate(capRps)}/s`]),
    `retries ${rate(recent.retryRps)}/s`,
  ]
}

function throttledParts({ recent, totals }: LiveState): string[] {
  return [
    `${percent(recent.throttledRatio)} now`,
    `${percent(totals.throttledRatio)} so far`,
    `errors ${count(totals.errorCount)}`,
    `dropped ${count(totals.droppedCount)}`,
    `sent ${count(totals.sentCount)}`,
  ]
}

function acceptedParts({ recent }: LiveState): string[] {
  return [
    `p50 ${duration(recent.p50Us)}`,
    `p95 ${duration(recent.p95Us)}`,
    `p99 ${duration(recent.p99Us)}`,
    ...(recent.throttledP50Us === undefined ? [] : [`throttled p50 ${duration(recent.throttledP50Us)}`]),
  ]
}

const NAME_LINES = 2

/** The first names, one to a line; where there are more, the last line says how many. */
function namesLines(names: readonly LiveName[], width: number): Line[] {
  const overflow = names.length > NAME_LINES
  const shown = names.slice(0, overflow ? NAME_LINES - 1 : NAME_LINES)
  const nameWidth = Math.max(0, ...shown.map(({ name }) => length(name)))
  const drawn = shown.map((name) => nameLine(name, nameWidth, width))
  const lines = overflow ? [...drawn, `  and ${names.length - shown.length} more names`] : drawn
  return Array.from({ length: NAME_LINES }, (_, i) => ({ text: clip(lines[i] ?? '', width) }))
}

function nameLine(name: LiveName, nameWidth: number, width: number): string {
  const figures = `   ${rate(name.sentRps)}/s   throttled ${percent(name.throttledRatio)}   p99 ${duration(name.p99Us)}`
  const room = Math.min(nameWidth, width - 2 - figures.length)
  return clip(`  ${padRight(clip(name.name, room), room)}${figures}`, width)
}

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
