/**
 * Containers report their usage every 10 to 15 minutes; one that cannot, ten times in a row, goes on running but serves nothing
 * until it can again (azure-docs cognitive-services/containers, billing).
 */
import { formatDuration, parseDurationUs, US_PER_S } from '../src/core/units.ts'

/** When reports get nowhere: half-open. */
export interface Outage {
  readonly fromUs: number
  readonly durationUs: number
}

export interface UsageReportConfig {
  /** From one report to the next; the first is at that time. */
  readonly periodUs: number
  /** After so many failed reports in a row nothing is served. */
  readonly tries: number
  readonly outages: readonly Outage[]
}

/** Name under which the oracle counts what was not served for want of a report; no rate rule may have it. */
export const USAGE_RULE = 'usage-report'

/** Longest time between reports. */
export const MAX_USAGE_PERIOD_US = 86_400_000_000

/** Other figures; what is absent stays. */
export type UsageReportChange = Partial<UsageReportConfig>

/** The shorter of the two published periods. */
const DEFAULT_PERIOD_US = 600 * US_PER_S
const DEFAULT_TRIES = 10

/** The reports with the change; without outages there is nothing to tell. */
export function changeUsageReport(
  base: UsageReportConfig | undefined,
  change: UsageReportChange,
): UsageReportConfig | undefined {
  const changed = { periodUs: DEFAULT_PERIOD_US, tries: DEFAULT_TRIES, outages: [], ...base, ...change }
  return changed.outages.length === 0 ? undefined : changed
}

/** Whether the latest reports let the container serve. */
export function isServing({ periodUs, tries, outages }: UsageReportConfig, nowUs: number): boolean {
  const latest = Math.floor(nowUs / periodUs)
  if (latest < tries) return true
  for (let report = latest; report > latest - tries; report--) {
    const atUs = report * periodUs
    const hasFailed = outages.some(({ fromUs, durationUs }) => atUs >= fromUs && atUs < fromUs + durationUs)
    if (!hasFailed) return true
  }
  return false
}

/** Reads `2h@30m`: for two hours from the 30th minute on. @returns the outage, or what is wrong with the text. */
export function parseOutage(text: string): Outage | string {
  const [durationText = '', fromText = '', ...rest] = text.split('@')
  const durationUs = parseDurationUs(durationText)
  const fromUs = parseDurationUs(fromText)
  const isRead = durationUs !== undefined && durationUs > 0 && fromUs !== undefined && rest.length === 0
  return isRead ? { fromUs, durationUs } : `"${text}" is no outage such as 2h@30m`
}

/** The syntax that `parseOutage` reads. */
export function formatOutage({ fromUs, durationUs }: Outage): string {
  return `${formatDuration(durationUs)}@${formatDuration(fromUs)}`
}
