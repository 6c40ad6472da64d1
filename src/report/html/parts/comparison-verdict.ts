import type { Comparison } from '../../../stats/comparison.ts'
import type { Verdict } from '../../../stats/verdict.ts'
import type { ComparedRun, ComparisonData } from '../../comparison/comparison-data.ts'
import { basisRemark, comparisonOutcome } from '../../comparison/comparison-outcome.ts'
import {
  changeText,
  intervalText,
  metricValue,
  subjectLabel,
  VERDICT_STYLES,
} from '../../comparison/words.ts'
import { count } from '../../format.ts'
import { VERDICT_STYLES as GENERATOR_STYLES } from '../../style.ts'
import { verdictLine } from './verdict-line.ts'

/** More are not read one by one; the table has all. */
const MOST_LINES = 6

/** What a comparison says in words, and what is to be known before anything of it is believed. */
export function comparisonVerdict(data: ComparisonData): string[] {
  const { base, head, comparisons, differences } = data
  const { word, style, sentence } = comparisonOutcome(data)
  const remark = basisRemark(data)
  return [
    verdictLine(word, style, sentence),
    ...(remark === undefined ? [] : [verdictLine('mind', 'warn', remark)]),
    ...differences.map((difference) => verdictLine('differs', 'warn', difference)),
    ...doubtfulRuns('base', base),
    ...doubtfulRuns('head', head),
    ...changeLines(comparisons, 'regressed'),
    ...changeLines(comparisons, 'improved'),
  ]
}

/** What the load generators of a side must not be trusted with. */
export function doubtfulRuns(side: string, runs: readonly ComparedRun[]): string[] {
  return runs
    .filter(({ verdict }) => verdict !== 'VALID')
    .map(({ verdict, runId }) =>
      verdictLine(verdict, GENERATOR_STYLES[verdict], `load generator of the ${side} run, ${runId}`),
    )
}

function changeLines(comparisons: readonly Comparison[], wanted: Verdict): string[] {
  const texts = comparisons.filter(({ verdict }) => verdict === wanted).map(changeSentence)
  const moreCount = texts.length - MOST_LINES
  const more = moreCount > 0 ? [`and ${count(moreCount)} more, in the table`] : []
  return [...texts.slice(0, MOST_LINES), ...more].map((text) =>
    verdictLine(wanted, VERDICT_STYLES[wanted], text),
  )
}

/** `rank: response time p99, accepted 251 ms → 312 ms, +24.1 % [+15.0 … +34.2 %], within-run only`. */
function changeSentence(comparison: Comparison): string {
  const { metric, base, head, change, interval, basis } = comparison
  const sides = `${metricValue(metric, base)} → ${metricValue(metric, head)}`
  return `${subjectLabel(comparison)} ${sides}, ${changeText(metric, change)} ${intervalText(metric, interval)}, ${basis}`
}
