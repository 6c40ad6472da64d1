/** How compared figures are said, the same in every format that people read. */
import { US_PER_MS } from '../../core/units.ts'
import { ALL_NAMES } from '../../measure/names.ts'
import type { Comparison } from '../../stats/comparison.ts'
import type { Interval } from '../../stats/interval.ts'
import type { Metric } from '../../stats/metric.ts'
import type { Verdict } from '../../stats/verdict.ts'
import { count, duration, figure, NONE, percent, rate, times } from '../format.ts'
import type { StyleName } from '../style.ts'

/** The worst first. */
export const VERDICTS: readonly Verdict[] = ['regressed', 'improved', 'equivalent', 'inconclusive']

export const VERDICT_STYLES: Readonly<Record<Verdict, StyleName>> = {
  regressed: 'bad',
  improved: 'good',
  equivalent: 'good',
  inconclusive: 'warn',
}

const LABELS: Readonly<Record<string, string>> = {
  accepted_to_cap_ratio: 'accepted / cap',
  accepted_rps: 'accepted per second',
  throttled_ratio: 'throttled / sent',
  error_ratio: 'errors / sent',
  server_error_ratio: 'server errors / sent',
  timeout_ratio: 'timeouts / sent',
  retry_amplification_ratio: 'sent / offered',
  sent_peak_to_average_1s_ratio: 'peak / mean of sent, 1 s',
}

/** `response time p99, accepted`: what a column of summary.csv is called where people read. */
export function metricLabel({ column }: Metric): string {
  const known = LABELS[column]
  if (known !== undefined) return known
  const words = column.replace(/_(ms|s|rps|ratio|count|bytes)$/, '').replaceAll('_', ' ')
  return words.replace(/^(.*) (accepted|throttled) (p\d+|min|mean|max)$/, '$1 $3, $2')
}

/** `all` for everything together. */
export function nameLabel(name: string): string {
  return name === ALL_NAMES ? 'all' : name
}

/** `rank: response time p99, accepted`. */
export function subjectLabel({ metric, name }: Pick<Comparison, 'metric' | 'name'>): string {
  return `${nameLabel(name)}: ${metricLabel(metric)}`
}

/** `2 regressed, 1 improved, 12 equivalent`; verdicts that nothing has are left out. */
export function verdictCounts(comparisons: readonly Pick<Comparison, 'verdict'>[]): string {
  return VERDICTS.map((wanted) => {
    const found = comparisons.filter(({ verdict }) => verdict === wanted).length
    return found === 0 ? '' : `${count(found)} ${wanted}`
  })
    .filter((text) => text !== '')
    .join(', ')
}

/** A figure of a metric with its unit: `312 ms`, `99.2 %`, `1.25 x`. */
export function metricValue({ column, kind }: Metric, value: number | undefined): string {
  if (value === undefined) return NONE
  if (column.endsWith('_ms')) return duration(value * US_PER_MS)
  if (column.endsWith('_rps')) return `${rate(value)}/s`
  if (kind === 'share' || column === 'accepted_to_cap_ratio') return percent(value)
  return column.endsWith('_ratio') ? times(value) : figure(value)
}

/** `+24.1 %`, of a share `+0.6 pp`. */
export function changeText(metric: Metric, change: number | undefined): string {
  return change === undefined ? NONE : `${signed(metric, change)} ${unitOf(metric)}`
}

/** `[+15.0 … +34.2 %]`. */
export function intervalText(metric: Metric, interval: Interval | undefined): string {
  if (interval === undefined) return NONE
  return `[${signed(metric, interval.low)} … ${signed(metric, interval.high)} ${unitOf(metric)}]`
}

function unitOf({ kind }: Metric): string {
  return kind === 'ratio' ? '%' : 'pp'
}

const SIGN = { signDisplay: 'exceptZero', minimumFractionDigits: 1 } as const
const PERCENT = new Intl.NumberFormat('en', { ...SIGN, maximumFractionDigits: 1 })
/** A share of errors may double within a tenth of a point. */
const POINTS = new Intl.NumberFormat('en', { ...SIGN, maximumFractionDigits: 2 })

function signed({ kind }: Metric, change: number): string {
  return kind === 'ratio' ? PERCENT.format((change - 1) * 100) : POINTS.format(change * 100)
}

/** More subjects of one warning are not read. */
const MOST_SUBJECTS = 6

/** Each warning once, with what it is about. */
export function doubtLines(comparisons: readonly Comparison[]): string[] {
  const subjects = new Map<string, string[]>()
  for (const each of comparisons) {
    for (const warning of each.warnings) {
      subjects.set(warning, [...(subjects.get(warning) ?? []), subjectLabel(each)])
    }
  }
  return [...subjects].map(([warning, of]) => {
    const more = of.length > MOST_SUBJECTS ? ` and ${of.length - MOST_SUBJECTS} more` : ''
    return `${warning} (${of.slice(0, MOST_SUBJECTS).join('; ')}${more})`
  })
}
