import * as z from 'zod'
import { DEFAULT_TREND_STATS, parseTrendStat } from '../core/trend-stat.ts'
import { US_PER_S } from '../core/units.ts'
import { check, duration, list, mapChecked, oneOf, text } from './option-schema.ts'
import type { Checked } from './option-schema.ts'
import type { SummaryPlan } from './plan.ts'

/** k6's default of `handleSummaryTimeout`. */
const DEFAULT_TIMEOUT_US = 120 * US_PER_S

/** Tags that samples get by themselves, unless `systemTags` leaves them out. */
const DEFAULT_SYSTEM_TAGS = [
  'check',
  'error',
  'error_code',
  'expected_response',
  'group',
  'method',
  'name',
  'proto',
  'scenario',
  'service',
  'status',
  'subproto',
  'tls_version',
  'url',
] as const
/** Those that k6 gives only when it is told to. */
const FURTHER_SYSTEM_TAGS = ['ip', 'iter', 'ocsp_status', 'vu'] as const
const SYSTEM_TAGS = [...DEFAULT_SYSTEM_TAGS, ...FURTHER_SYSTEM_TAGS] as const

const TREND_STAT_ERROR = 'must be avg, min, med, max, count or p(N) with N from 0 to 100'

const SETTINGS = z.object({
  summaryTrendStats: list(
    text().refine((name) => parseTrendStat(name) !== undefined, { error: TREND_STAT_ERROR }),
  ).default(DEFAULT_TREND_STATS.map(({ name }) => name)),
  summaryTimeUnit: oneOf(['s', 'ms', 'us']).optional(),
  handleSummaryTimeout: duration().default(DEFAULT_TIMEOUT_US),
  systemTags: list(oneOf(SYSTEM_TAGS)).default([...DEFAULT_SYSTEM_TAGS]),
})

/** Names of k6's options about its summary and about tags. */
export const SUMMARY_OPTIONS: readonly string[] = Object.keys(SETTINGS.shape)

/** @param options all options of the run. */
export function readSummaryOptions(options: Readonly<Record<string, unknown>>): Checked<SummaryPlan> {
  return mapChecked(check(SETTINGS, options, 'options'), (settings) => {
    const given = settings.systemTags
    return {
      trendStats: settings.summaryTrendStats,
      timeUnit: settings.summaryTimeUnit ?? '',
      handleTimeoutUs: settings.handleSummaryTimeout,
      hiddenTags: DEFAULT_SYSTEM_TAGS.filter((tag) => !given.includes(tag) && tag !== 'name'),
    }
  })
}
