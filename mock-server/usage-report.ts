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

/** The shorter of the two published periods. */
export const DEFAULT_USAGE_PERIOD_US: number = 600 * US_PER_S
export const DEFAULT_USAGE_TRIES = 10

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
