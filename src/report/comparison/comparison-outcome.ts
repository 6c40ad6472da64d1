import { EXIT } from '../../core/errors.ts'
import { isRegression } from '../../stats/comparison.ts'
import { percent } from '../format.ts'
import type { StyleName } from '../style.ts'
import type { ComparisonData, ThrottlingFigures } from './comparison-data.ts'
import { nameLabel, verdictCounts } from './words.ts'

/** What a comparison comes to, as the terminal and pull requests begin with it. */
export interface ComparisonOutcome {
  readonly word: 'FAIL' | 'warn' | 'ok'
  readonly style: StyleName
  readonly sentence: string
}

/** FAIL only where runs differ more than runs of the same thing do; `warn`: a change that is to be confirmed, or nothing said. */
export function comparisonOutcome({ base, head, comparisons }: ComparisonData): ComparisonOutcome {
  const [scenario = ''] = [...head, ...base].map((run) => run.scenario).filter((name) => name !== '')
  const counts = comparisons.length === 0 ? 'no figure is on both sides' : verdictCounts(comparisons)
  const sentence = scenario === '' ? counts : `${scenario}: ${counts}`
  if (comparisons.some(isRegression)) {
    return { word: 'FAIL', style: 'bad', sentence: `${sentence} (exit code ${EXIT.regression})` }
  }
  const isClear = comparisons.some(({ verdict }) => verdict === 'equivalent' || verdict === 'improved')
  const isWorse = comparisons.some(({ verdict }) => verdict === 'regressed')
  return isClear && !isWorse
    ? { word: 'ok', style: 'good', sentence }
    : { word: 'warn', style: 'warn', sentence }
}

/** What the intervals cover and what that means for the verdicts; nothing where runs were held against runs alone. */
export function basisRemark({ comparisons }: ComparisonData): string | undefined {
  const has = (wanted: string): boolean => comparisons.some(({ basis }) => basis === wanted)
  if (has('within-run only')) return WITHIN_RUN
  return comparisons.every(({ basis }) => basis === 'no interval') ? NO_INTERVAL : undefined
}

const WITHIN_RUN =
  'within-run only: such an interval covers how much a run varies within itself, not how much runs differ, so it fails nothing. Give several runs a side with --base and --head to know.'
const NO_INTERVAL = 'no intervals: nothing here says how much runs differ, so nothing is judged.'

/** 429 share of both sides beside the one that the cap explains, of each name that was throttled or should have been. */
export function throttlingLines({ throttling }: ComparisonData): string[] {
  const names = [...new Set(throttling.map(({ name }) => name))]
  return names.flatMap((name) => {
    const sides = throttling.filter((figures) => figures.name === name)
    if (!sides.some(isThrottled)) return []
    return [`${nameLabel(name)}: ${sides.map(throttlingText).join(', ')}`]
  })
}

function isThrottled({ throttledRatio = 0, expectedThrottledRatio = 0 }: ThrottlingFigures): boolean {
  return throttledRatio > 0 || expectedThrottledRatio > 0
}

function throttlingText({ side, throttledRatio, expectedThrottledRatio }: ThrottlingFigures): string {
  const expected =
    expectedThrottledRatio === undefined ? '' : ` (${percent(expectedThrottledRatio)} expected from the cap)`
  return `${side} ${percent(throttledRatio)}${expected}`
}
