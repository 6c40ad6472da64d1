/** What came out, for the terminal. */
import type { LatencyTimes } from '../../../mock-server/times.ts'
import { EXIT, type ExitCode } from '../../core/errors.ts'
import { US_PER_MS } from '../../core/units.ts'
import { figure, NONE } from '../../report/format.ts'
import { clip, hanging, type Line, marked, padRight, paint } from '../../report/layout.ts'
import type { StyleName, Styler } from '../../report/style.ts'
import type { ClaimResult, ClaimRow } from './claim.ts'
import { type CaseVerdict, countOf, type Verification } from './verification.ts'

const WORDS: Readonly<Record<ClaimResult, { readonly word: string; readonly style: StyleName }>> = {
  pass: { word: 'ok', style: 'good' },
  fail: { word: 'FAIL', style: 'bad' },
  not_judged: { word: '?', style: 'warn' },
  no_figure: { word: 'n/a', style: 'warn' },
}

/** Where text begins behind the words. */
const INDENT = 6
const FIGURE_WIDTH = 11
const COLUMNS = ['truth', 'measured', 'error', 'allowed']
/** Narrower, and the last columns are left out one by one. */
const MIN_CLAIM_WIDTH = 32
const MIN_COLUMN_COUNT = 2

/** The verdict first, then a table of all cases; no line is longer than `width`, which is at least 60. */
export function renderVerification(
  verification: Verification,
  exitCode: ExitCode,
  look: { readonly color: Styler; readonly width: number },
): string {
  const { width, color } = look
  const lines = [
    ...headline(verification, exitCode, width),
    { text: '' },
    { text: ' '.repeat(INDENT) + tableRow('claim', COLUMNS, width - INDENT) },
    ...verification.cases.flatMap((verdict) => caseLines(verdict, width)),
  ]
  return `${lines.map((line) => paint(line, color)).join('\n')}\n`
}

function headline(verification: Verification, exitCode: ExitCode, width: number): Line[] {
  const passCount = countOf(verification, 'pass')
  const failCount = countOf(verification, 'fail')
  const unjudgedCount = countOf(verification, 'not_judged')
  const parts = [
    `${verification.shown}: ${passCount} of ${passCount + failCount} claims hold`,
    ...(unjudgedCount === 0 ? [] : [`; ${unjudgedCount} could not be judged: ${BUSY}`]),
    ...(exitCode === EXIT.pass ? [] : [` (exit code ${exitCode})`]),
  ]
  const { word, style } = WORDS[failCount > 0 ? 'fail' : unjudgedCount > 0 ? 'not_judged' : 'pass']
  return hanging(word, style, INDENT, parts.join(''), width)
}

const BUSY = 'end other programs and run again'

function caseLines({ name, title, rows, mockLateness, leftOut }: CaseVerdict, width: number): Line[] {
  if (leftOut !== undefined) return [{ text: clip(`${name}: left out, because ${leftOut}`, width) }]
  const doubts = new Set(rows.filter(({ result }) => result === 'not_judged').map(({ doubt }) => doubt ?? ''))
  return [
    { text: clip(`${name}: ${title}`, width) },
    ...rows.map((row) => rowLine(row, width)),
    ...[...doubts].flatMap((doubt) => hanging('?', 'warn', INDENT, `not judged: ${doubt}`, width)),
    ...(mockLateness === undefined ? [] : latenessLines(mockLateness, width)),
  ]
}

/** The mock is a program like any other; what is measured is held against what it did, not against what it was to do. */
function latenessLines({ p50Us, p99Us, maxUs }: LatencyTimes, width: number): Line[] {
  const ms = (us: number): string => `${shown(us / US_PER_MS)} ms`
  const text = `the mock’s replies left ${ms(p50Us)} late (p50), p99 ${ms(p99Us)}, max ${ms(maxUs)}`
  return hanging('note', 'bold', INDENT, text, width)
}

function rowLine(row: ClaimRow, width: number): Line {
  const { word, style } = WORDS[row.result]
  const cells = [shown(row.truth), shown(row.measured), signed(row.error), shown(row.allowed)]
  const text = tableRow(`${row.claim}${UNITS[row.unit]}`, cells, width - INDENT)
  return marked(word.padEnd(INDENT) + text, word, style)
}

function tableRow(claim: string, cells: readonly string[], width: number): string {
  const fittingCount = Math.floor((width - MIN_CLAIM_WIDTH) / FIGURE_WIDTH)
  const shownCells = cells.slice(0, Math.max(MIN_COLUMN_COUNT, fittingCount))
  const claimWidth = width - shownCells.length * FIGURE_WIDTH
  const figures = shownCells.map((cell) => cell.padStart(FIGURE_WIDTH)).join('')
  return padRight(clip(claim, claimWidth), claimWidth) + figures
}

const UNITS: Readonly<Record<ClaimRow['unit'], string>> = {
  ms: ', ms',
  s: ', s',
  rps: ', per second',
  bytes: '',
  count: '',
  ratio: ', x average',
}

/** Times to the microsecond. */
function shown(value: number | undefined): string {
  return value === undefined ? NONE : figure(Math.round(value * 1_000) / 1_000)
}

function signed(error: number | undefined): string {
  return error !== undefined && error > 0 ? `+${shown(error)}` : shown(error)
}
