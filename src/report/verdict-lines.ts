import { EXIT } from '../core/errors.ts'
import { US_PER_S } from '../core/units.ts'
import type { NameSummary, RunSummary, ThresholdResult, Verdict } from '../measure/summary.ts'
import { count, duration, figure, isKnown, percent } from './format.ts'
import { clip, hanging, length, type Line, marked, padRight, type Section } from './layout.ts'
import { type StyleName, VERDICT_STYLES } from './style.ts'
import type { TextFacts } from './text.ts'

/** Why the command ends with this code, where the thresholds do not say it. */
const REASONS: Readonly<Partial<Record<number, string>>> = {
  [EXIT.internal]: 'internal error',
  [EXIT.invalidRun]: 'the load generator spoilt its own figures: the run is INVALID',
  [EXIT.regression]: 'regression',
  [EXIT.unreachable]: 'the target could not be reached',
  [EXIT.setupTimeout]: 'setup() took too long',
  [EXIT.teardownTimeout]: 'teardown() took too long',
  [EXIT.interrupted]: 'interrupted: the figures cover what ran',
  [EXIT.script]: 'the script threw an exception',
  [EXIT.aborted]: 'aborted by the script',
  [EXIT.markedFailed]: 'the script marked it as failed',
}

/** Where text begins behind the words ok and FAIL. */
const INDENT = 6

/** Whether the run passed and, if not, why: one sentence, then what was run. */
export function headline(summary: RunSummary, facts: TextFacts, width: number): Line[] {
  const { word, style } = endWord(summary, facts.exitCode)
  const reason = endReason(summary, facts.exitCode)
  const parts = [
    facts.target,
    `${duration(summary.durationS * US_PER_S)} measured`,
    ...(facts.time === 'virtual' ? ['virtual time'] : []),
  ]
  return [
    ...hanging(word, style, INDENT, `${facts.scenario}: ${reason}`, width),
    { text: ' '.repeat(INDENT) + clip(parts.join(', '), width - INDENT) },
  ]
}

type Ending = Pick<RunSummary, 'thresholds' | 'names'>

interface EndWord {
  readonly word: 'ok' | 'warn' | 'FAIL'
  readonly style: StyleName
}

/** How the run ended, in a word. A run that could not fail has not passed. */
export function endWord(summary: Ending, exitCode: number): EndWord {
  if (exitCode !== EXIT.pass) return { word: 'FAIL', style: 'bad' }
  return sentNothing(summary) || sawNothing(summary.thresholds)
    ? { word: 'warn', style: 'warn' }
    : { word: 'ok', style: 'good' }
}

function sentNothing({ names }: Ending): boolean {
  return names.find(({ name }) => name === '_all')?.sentCount === 0
}

function sawNothing(thresholds: readonly ThresholdResult[]): boolean {
  return thresholds.length > 0 && thresholds.every(({ result }) => result === 'no_data')
}

/** Why the run ended as it did, with the exit code unless it passed. */
export function endReason(summary: Ending, exitCode: number): string {
  if (exitCode !== EXIT.pass) {
    return `${REASONS[exitCode] ?? thresholdVerdict(summary.thresholds)} (exit code ${exitCode})`
  }
  return sentNothing(summary)
    ? 'nothing was sent: the warnings say what to check'
    : thresholdVerdict(summary.thresholds)
}

function thresholdVerdict(thresholds: readonly ThresholdResult[]): string {
  if (thresholds.length === 0) return 'no thresholds were set'
  const countOf = (result: ThresholdResult['result']): number =>
    thresholds.filter((threshold) => threshold.result === result).length
  const noun = thresholds.length === 1 ? 'threshold' : 'thresholds'
  if (countOf('fail') > 0) return `${countOf('fail')} of ${thresholds.length} ${noun} failed`
  if (sawNothing(thresholds)) return `no ${noun} had data: check metrics and tags`
  if (countOf('no_data') === 0) return `${thresholds.length} ${noun} passed`
  return `${countOf('pass')} of ${thresholds.length} ${noun} passed, ${countOf('no_data')} had no data`
}

const RESULT_WORDS = { fail: 'FAIL', no_data: 'none', pass: 'ok' } as const
const RESULT_STYLES = { fail: 'bad', no_data: 'warn', pass: 'good' } as const
const RESULT_ORDER = ['fail', 'no_data', 'pass'] as const

/** Thresholds, failed ones first. */
export function thresholdSection(thresholds: readonly ThresholdResult[], width: number): Section {
  const sorted = RESULT_ORDER.flatMap((result) =>
    thresholds.filter((threshold) => threshold.result === result),
  )
  const draw = thresholdTable(thresholds, width)
  return {
    head: [],
    items: sorted.map(draw),
    keepCount: 2,
    more: (hiddenCount) => ({ text: `  (${hiddenCount} more in thresholds.csv)` }),
    tail: [],
    isLastToCut: false,
  }
}

const EXPRESSION_MAX_WIDTH = 20
const OBSERVED_MAX_WIDTH = 17

/** Draws one threshold: word, metric, expression, and what was observed; the first three in columns. */
function thresholdTable(
  thresholds: readonly ThresholdResult[],
  width: number,
): (threshold: ThresholdResult) => Line[] {
  const longest = (texts: readonly string[], max: number): number =>
    Math.min(max, Math.max(0, ...texts.map(length)))
  const expressions = thresholds.map((threshold) => threshold.expression)
  const expressionWidth = longest(expressions, EXPRESSION_MAX_WIDTH)
  const observedWidth = longest(thresholds.map(observedText), OBSERVED_MAX_WIDTH)
  const room = width - 2 - INDENT - expressionWidth - observedWidth - 4
  const metrics = thresholds.map((threshold) => threshold.metric)
  const metricWidth = longest(metrics, room)
  return (threshold) => {
    const word = RESULT_WORDS[threshold.result]
    const metric = padRight(clip(threshold.metric, metricWidth), metricWidth)
    const expression = padRight(clip(threshold.expression, expressionWidth), expressionWidth)
    const observed = clip(observedText(threshold), observedWidth)
    const text = `  ${word.padEnd(INDENT)}${metric}  ${expression}  ${observed}`
    const line = marked(text, word, RESULT_STYLES[threshold.result])
    return threshold.aborted ? [line, { text: `${' '.repeat(2 + INDENT)}ended the run` }] : [line]
  }
}

/** What a threshold saw, with its unit. */
export function observedText({ observed, unit }: ThresholdResult): string {
  if (observed === undefined) return 'no data'
  // A ratio stands as it is compared, not in percent.
  const shownUnit = unit === 'ratio' || unit === 'count' ? '' : unit
  return `${figure(observed)} ${shownUnit}`.trimEnd()
}

/** How the generator fared, as far as it was watched: a saturation has no plan, and an import knows next to nothing. */
export function instrumentFacts(all: NameSummary | undefined): string[] {
  const { scheduleDelay, iterationsDueCount, iterationsDroppedCount, loopUtilizationMaxRatio } = all ?? {}
  const hasDelay = scheduleDelay !== undefined && scheduleDelay.count > 0
  const hasDropped = isKnown(iterationsDroppedCount) && iterationsDueCount !== 0
  return [
    ...(hasDelay ? [`schedule delay p99 ${duration(scheduleDelay.p99Us)}`] : []),
    ...(hasDelay ? [`max ${duration(scheduleDelay.maxUs)}`] : []),
    ...(hasDropped ? [`${count(iterationsDroppedCount)} dropped`] : []),
    ...(loopUtilizationMaxRatio === undefined ? [] : [`event loop ${percent(loopUtilizationMaxRatio)} busy`]),
  ]
}

/** Whether the generator can be trusted, and if not, what to do. */
export function instrumentSection(verdict: Verdict, all: NameSummary | undefined, width: number): Section {
  const facts = instrumentFacts(all)
  const indent = 9
  return {
    head: hanging(
      verdict.level,
      VERDICT_STYLES[verdict.level],
      indent,
      ['load generator', facts.join(', ')].filter((part) => part !== '').join(': '),
      width,
    ),
    items: verdict.reasons.map(({ level, what, todo }) =>
      hanging(level, VERDICT_STYLES[level], indent, `${sentence(what)} ${sentence(todo)}`, width),
    ),
    keepCount: 1,
    more: (hiddenCount) => ({ text: `${' '.repeat(indent)}(${hiddenCount} more in summary.json)` }),
    tail: [],
    isLastToCut: false,
  }
}

/** Reasons come as clauses: `12 iterations were dropped`, `raise maxVUs`. */
function sentence(clause: string): string {
  return `${clause.slice(0, 1).toUpperCase()}${clause.slice(1)}.`
}
