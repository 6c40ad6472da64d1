import { EXIT } from '../../../core/errors.ts'
import { US_PER_S } from '../../../core/units.ts'
import type { NameSummary, ThresholdResult, Verdict } from '../../../measure/summary.ts'
import { duration } from '../../format.ts'
import { VERDICT_STYLES, type StyleName } from '../../style.ts'
import { endReason, endWord, instrumentFacts, observedText } from '../../verdict-lines.ts'
import { element, escaped } from '../markup.ts'
import type { RunData } from '../run-data.ts'
import { verdictLine } from './verdict-line.ts'

/** Whether the run passed and why not, whether the generator can be trusted, and what is to be known before anything else. */
export function verdictPart({ identity, summary }: RunData): string {
  const { exitCode = EXIT.internal, scenario, target, time, wallStartedAt } = identity
  const { word, style } = endWord(summary, exitCode)
  const facts = [
    target,
    `${duration(summary.durationS * US_PER_S)} measured`,
    // Pages of the same simulation are the same, whenever it ran.
    time === 'virtual' ? 'virtual time' : wallStartedAt,
  ]
  return element(
    'header',
    {},
    element('h1', {}, escaped(scenario)),
    element('p', { class: 'facts' }, escaped(facts.filter((fact) => fact !== '').join(' · '))),
    verdictLine(word, style, endReason(summary, exitCode)),
    instrumentLine(summary.verdict, summary.names[0]),
    ...summary.verdict.reasons.map(({ level, what, todo }) =>
      verdictLine(level, VERDICT_STYLES[level], `${what}; ${todo}`),
    ),
    ...summary.warnings.map((warning) => verdictLine('warning', 'warn', warning)),
  )
}

function instrumentLine({ level }: Verdict, all: NameSummary | undefined): string {
  const facts = instrumentFacts(all).join(', ')
  return verdictLine(level, VERDICT_STYLES[level], `load generator${facts === '' ? '' : `: ${facts}`}`)
}

const WORDS = { fail: 'FAIL', no_data: 'no data', pass: 'ok' } as const
const STYLES = { fail: 'bad', no_data: 'warn', pass: 'good' } as const satisfies Record<string, StyleName>
const ORDER = ['fail', 'no_data', 'pass'] as const

/** Failed thresholds first. */
export function thresholdPart(thresholds: readonly ThresholdResult[]): string {
  if (thresholds.length === 0) return ''
  const sorted = ORDER.flatMap((result) => thresholds.filter((threshold) => threshold.result === result))
  const items = sorted.map((threshold) => {
    const { metric, expression, result, aborted } = threshold
    const observed = `observed ${observedText(threshold)}${aborted ? ', ended the run' : ''}`
    const text = [metric, expression].map((code) => element('code', {}, escaped(code))).join(' ')
    return element(
      'li',
      { class: 'verdict' },
      element('strong', { class: `badge ${STYLES[result]}` }, WORDS[result]),
      element('span', {}, `${text} ${escaped(observed)}`),
    )
  })
  return element('section', {}, element('h2', {}, 'Thresholds'), element('ul', { class: 'checks' }, ...items))
}
