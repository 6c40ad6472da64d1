import type { Phase, VerdictLevel } from '../measure/summary.ts'
import { clock, count, duration, percent, rate } from './format.ts'
import { clip, fitLine, length, type Line, marked, padRight, paint, paragraph } from './layout.ts'
import { sparkline } from './sparkline.ts'
import { type Styler, VERDICT_STYLES } from './style.ts'

/** One request name in the live view. */
export interface LiveName {
  readonly name: string
  /** Over the seconds of the rates in `LiveState.recent`, as is the share. */
  readonly sentRps: number
  readonly throttledRatio: number | undefined
  /** Of accepted replies in the last ten seconds. */
  readonly p99Us: number | undefined
}

/** One second of the sparklines, by when its requests were sent. */
export interface LiveSecond {
  readonly acceptedCount: number
  readonly throttledRatio: number | undefined
  /** Response times of accepted replies. */
  readonly p99Us: number | undefined
}

/** What the live view shows of a run under way. */
export interface LiveState {
  readonly scenario: string
  readonly phase: Phase | 'setup'
  readonly elapsedUs: number
  /** Planned length, warm-up included; `undefined` when it is not known. */
  readonly totalUs: number | undefined
  /** How much is done, 0–1, where the load ends when a number of iterations is done. */
  readonly doneRatio?: number | undefined
  readonly recent: {
    /** Rates and shares of the last whole second on a terminal, of the last ten where rows are printed. */
    readonly offeredRps: number
    readonly sentRps: number
    readonly retryRps: number
    readonly acceptedRps: number
    readonly throttledRatio: number | undefined
    readonly errorRatio: number | undefined
    /** Response times of accepted replies, in the last ten seconds: one alone may have too few for a percentile. */
    readonly p50Us: number | undefined
    readonly p95Us: number | undefined
    readonly p99Us: number | undefined
    readonly throttledP50Us: number | undefined
  }
  /** The last whole seconds, at most `LIVE_HISTORY_S`, oldest first. */
  readonly history: readonly LiveSecond[]
  /** Since the start of the measured part. */
  readonly totals: {
    readonly sentCount: number
    readonly throttledRatio: number | undefined
    readonly expectedThrottledRatio: number | undefined
    readonly errorCount: number
    readonly droppedCount: number
  }
  readonly capRps: number | undefined
  readonly inflightCount: number
  readonly inflightMaxCount: number
  /** Requests in flight that the target takes at once, where that is known. */
  readonly inflightCapCount?: number | undefined
  readonly scheduleDelayP99Us: number | undefined
  readonly verdict: VerdictLevel
  /** Why the verdict is not better: a clause. */
  readonly reason: string | undefined
  /** In order of first use, at most `LIVE_NAMES` of them. */
  readonly names: readonly LiveName[]
  /** How many there are. */
  readonly nameCount: number
}

export const LIVE_HISTORY_S = 60
/** Lines for request names. */
export const LIVE_NAMES = 6

/** The size of the view, and what its terminal can show. */
interface LiveLook {
  readonly width: number
  /** At least one line. */
  readonly maxLines: number
  readonly style: Styler
  /** Whether block characters show as such. */
  readonly isUnicode: boolean
}

/**
 * The block that a terminal rewrites in place: at most nine lines and those of the names, none longer than `width`. On a
 * low terminal names are left out, then lines that say less than others. In set-up it is the first line alone.
 */
export function renderLive(state: LiveState, look: LiveLook): string {
  const first = { text: progressLine(state, look.width) }
  const lines = state.phase === 'setup' ? [first] : [first, ...figureLines(state, look)]
  return lines.map((line) => paint(line, look.style)).join('\n')
}

function figureLines(state: LiveState, { width, maxLines, isUnicode }: LiveLook): Line[] {
  const room = maxLines - 1
  const parts: Parts = {
    rate: [{ text: fitLine('  rate /s', rateChoices(state), width) }],
    throttled: [{ text: fitLine('  throttled', [throttledParts(state)], width) }],
    requests: [{ text: fitLine('  requests', requestChoices(state), width) }],
    latency: [{ text: fitLine('  last 10 s', latencyChoices(state), width) }],
    sparklines: sparkLines(state, width, isUnicode),
    generator: [generatorLine(state, width)],
    reason: reasonLines(state, width),
  }
  const kept = fittingParts(parts, room)
  return [...kept, ...nameLines(state, width, room - kept.length)]
}

/** From the top down. */
const PARTS = ['rate', 'throttled', 'requests', 'latency', 'sparklines', 'generator', 'reason'] as const
type Part = (typeof PARTS)[number]
type Parts = Readonly<Record<Part, readonly Line[]>>

/** What a low terminal does without, the first ones first. */
const CUT_ORDER: readonly Part[] = [
  'sparklines',
  'reason',
  'requests',
  'generator',
  'latency',
  'throttled',
  'rate',
]

function fittingParts(parts: Parts, room: number): Line[] {
  const linesWithout = (cut: readonly Part[]): Line[] =>
    PARTS.filter((part) => !cut.includes(part)).flatMap((part) => parts[part])
  const choices = Array.from({ length: CUT_ORDER.length + 1 }, (_, i) => linesWithout(CUT_ORDER.slice(0, i)))
  return choices.find((lines) => lines.length <= room) ?? []
}

const BAR_MAX_WIDTH = 40

function progressLine(state: LiveState, width: number): string {
  const times = [state.elapsedUs, ...(state.totalUs === undefined ? [] : [state.totalUs])]
    .map(clock)
    .join(' / ')
  const tail = `  ${state.phase}  ${times}`
  const line = clip(clip(state.scenario, Math.max(8, width - tail.length)) + tail, width)
  const doneRatio = progressRatio(state)
  if (doneRatio === undefined) return line
  const eta = etaText(state, doneRatio)
  const barWidth = Math.min(BAR_MAX_WIDTH, width - length(line) - 2 - eta.length)
  if (barWidth >= 16) return `${line}  ${bar(doneRatio, barWidth)}${eta}`
  return length(line) + eta.length <= width ? line + eta : line
}

function progressRatio({ doneRatio, elapsedUs, totalUs }: LiveState): number | undefined {
  if (doneRatio !== undefined) return doneRatio
  return totalUs === undefined || totalUs <= 0 ? undefined : Math.min(1, elapsedUs / totalUs)
}

/** How long the load still goes on; where a number of iterations ends it, if the rest takes as long as what is done. */
function etaText({ phase, elapsedUs, totalUs }: LiveState, doneRatio: number): string {
  if (phase === 'drain' || doneRatio === 0 || doneRatio === 1) return ''
  const leftUs = totalUs === undefined ? (elapsedUs * (1 - doneRatio)) / doneRatio : totalUs - elapsedUs
  return `  ETA ${clock(leftUs)}`
}

/** `[=====>     ]  45 %`, `width` characters. */
function bar(doneRatio: number, width: number): string {
  const inner = width - 8
  const filled = Math.floor(doneRatio * inner)
  const drawn = filled === 0 ? '' : `${'='.repeat(filled - 1)}${filled === inner ? '=' : '>'}`
  return `[${drawn.padEnd(inner)}]${String(Math.floor(doneRatio * 100)).padStart(4)} %`
}

type Choices = readonly (readonly string[])[]

function rateChoices({ recent, capRps }: LiveState): Choices {
  const { offeredRps, sentRps, retryRps, acceptedRps } = recent
  const sent = `sent ${rate(sentRps)}`
  const cap = capRps === undefined ? [] : [`cap ${rate(capRps)}`]
  const withSent = (text: string): string[] => [
    `offered ${rate(offeredRps)}`,
    text,
    `accepted ${rate(acceptedRps)}`,
    ...cap,
  ]
  return [...(retryRps === 0 ? [] : [withSent(`${sent} (${rate(retryRps)} retries)`)]), withSent(sent)]
}

function throttledParts({ recent, totals }: LiveState): string[] {
  const expected = totals.expectedThrottledRatio
  return [
    `${percent(recent.throttledRatio)} now`,
    `${percent(totals.throttledRatio)} so far${expected === undefined ? '' : ` (${percent(expected)} expected)`}`,
  ]
}

function requestChoices({ inflightCount, inflightMaxCount, inflightCapCount, totals }: LiveState): Choices {
  const cap = inflightCapCount === undefined ? '' : ` of ${count(inflightCapCount)}`
  // The highest is that of the measured part, which the warm-up is before.
  const maxCount = Math.max(inflightMaxCount, inflightCount)
  const inflight = `in flight ${count(inflightCount)} (max ${count(maxCount)}${cap})`
  const faults = [`errors ${count(totals.errorCount)}`, `dropped ${count(totals.droppedCount)}`]
  return [
    [inflight, ...faults, `sent ${count(totals.sentCount)}`],
    [inflight, ...faults],
  ]
}

function latencyChoices({ recent }: LiveState): Choices {
  const throttled =
    recent.throttledP50Us === undefined ? [] : [`throttled p50 ${duration(recent.throttledP50Us)}`]
  const p50 = `p50 ${duration(recent.p50Us)}`
  const p99 = `p99 ${duration(recent.p99Us)}`
  return [
    [`accepted ${p50}`, `p95 ${duration(recent.p95Us)}`, p99, ...throttled],
    [`accepted ${p50}`, p99, ...throttled],
    [p50, p99, ...throttled],
  ]
}

const SPARK_MIN_SECONDS = 5
const SPARK_LABELS = ['accepted ', 'throttled ', 'p99 '] as const

/** Accepted replies up to the cap or beyond, the throttled share up to all, and the p99 up to its highest. */
function sparkLines({ history, capRps = 0 }: LiveState, width: number, isUnicode: boolean): Line[] {
  const fixedWidth = fitLine('  last 60 s', [SPARK_LABELS], Infinity).length
  const secondCount = Math.min(LIVE_HISTORY_S, Math.floor((width - fixedWidth) / SPARK_LABELS.length))
  if (history.length === 0 || secondCount < SPARK_MIN_SECONDS) return []
  const shown = history.slice(-secondCount)
  const rows = [
    { values: shown.map(({ acceptedCount }) => acceptedCount), leastTop: capRps },
    { values: shown.map(({ throttledRatio }) => throttledRatio), leastTop: 1 },
    { values: shown.map(({ p99Us }) => p99Us), leastTop: 0 },
  ]
  const drawn = rows.map(
    ({ values, leastTop }, i) =>
      (SPARK_LABELS[i] ?? '') + sparkline(values, leastTop, isUnicode).padStart(secondCount),
  )
  return [{ text: fitLine(`  last ${secondCount} s`, [drawn], width) }]
}

const REASON_INDENT = 12
const REASON_MAX_LINES = 2

function generatorLine({ verdict, scheduleDelayP99Us }: LiveState, width: number): Line {
  const parts = [verdict, `schedule delay p99 ${duration(scheduleDelayP99Us)}`]
  return marked(fitLine('  generator', [parts], width), verdict, VERDICT_STYLES[verdict])
}

function reasonLines({ reason }: LiveState, width: number): Line[] {
  if (reason === undefined) return []
  return paragraph(reason, REASON_INDENT, { width, maxLines: REASON_MAX_LINES })
}

const NAME_MIN_WIDTH = 8

/** One to a line; where there are more, the last line says how many. */
function nameLines({ names, nameCount }: LiveState, width: number, room: number): Line[] {
  const mostLines = Math.min(LIVE_NAMES, room)
  if (mostLines <= 0) return []
  const shown = nameCount > mostLines ? names.slice(0, mostLines - 1) : names
  const nameWidth = Math.max(0, ...shown.map(({ name }) => length(name)))
  const drawn = shown.map((name) => nameLine(name, nameWidth, width))
  return [...drawn, ...moreNames(nameCount - shown.length, shown.length, width)].map((text) => ({ text }))
}

function moreNames(hiddenCount: number, shownCount: number, width: number): string[] {
  if (hiddenCount === 0) return []
  const text = shownCount === 0 ? `${count(hiddenCount)} names` : `and ${count(hiddenCount)} more names`
  return [clip(`  ${text}`, width)]
}

function nameLine(name: LiveName, nameWidth: number, width: number): string {
  const sent = rate(name.sentRps).padStart(7)
  const throttled = percent(name.throttledRatio).padStart(7)
  const figures = `  ${sent}/s   throttled ${throttled}   p99 ${duration(name.p99Us)}`
  const room = Math.min(nameWidth, Math.max(NAME_MIN_WIDTH, width - 2 - figures.length))
  return clip(`  ${padRight(clip(name.name, room), room)}${figures}`, width)
}
