import { US_PER_S } from '../../../src/core/units.ts'

const PART = String.raw`(\d+(?:\.\d+)?)`
const DURATION = new RegExp(`^P(?:${PART}W)?(?:${PART}D)?(T(?:${PART}H)?(?:${PART}M)?(?:${PART}S)?)?$`)

/** Reads an ISO 8601 duration of weeks, days, hours, minutes and seconds. @returns µs; `undefined`: it is none. */
export function parseIsoDurationUs(text: string): number | undefined {
  const match = DURATION.exec(text)
  if (match === null || match[3] === 'T' || text === 'P') return undefined
  const [, weeks, days, , hours, minutes, seconds] = match
  const daysUs = (number(weeks) * 7 + number(days)) * 24 * 3_600 * US_PER_S
  return Math.round(daysUs + (number(hours) * 3_600 + number(minutes) * 60 + number(seconds)) * US_PER_S)
}

function number(text: string | undefined): number {
  return Number(text ?? 0)
}
