/** The traffic of a case. Everything that follows from it is worked out here by itself, apart from the engine's plan. */
import { US_PER_MS, US_PER_S } from '../../core/units.ts'

/** So many evenly spaced requests a second for so many seconds; both are whole numbers. */
export interface Stage {
  readonly rateRps: number
  readonly durationS: number
}

/** One after the other, without ramps between them; there is at least one. */
export type Load = readonly [Stage, ...Stage[]]

export function durationSOf(load: Load): number {
  return load.reduce((sum, { durationS }) => sum + durationS, 0)
}

export function requestCountOf(load: Load): number {
  return load.reduce((sum, { rateRps, durationS }) => sum + rateRps * durationS, 0)
}

export function peakRateRps(load: Load): number {
  return Math.max(...load.map(({ rateRps }) => rateRps))
}

/** The shortest time between two requests. */
export function shortestGapUs(load: Load): number {
  return US_PER_S / peakRateRps(load)
}

/** Highest count in one of the whole windows from the start, over their mean; `undefined`: none is whole. */
export function peakToAverage(load: Load, windowMs: number): number | undefined {
  const windowUs = windowMs * US_PER_MS
  const windowCount = Math.floor((durationSOf(load) * US_PER_S) / windowUs)
  if (windowCount === 0) return undefined
  const counts = Array.from({ length: windowCount }, () => 0)
  for (const dueUs of dueTimesUs(load)) {
    const window = Math.floor(dueUs / windowUs)
    if (window < windowCount) counts[window]!++
  }
  const mean = counts.reduce((sum, count) => sum + count, 0) / windowCount
  return Math.max(...counts) / mean
}

/** When each request is due, in whole µs. */
function* dueTimesUs(load: Load): Generator<number> {
  let startUs = 0
  for (const { rateRps, durationS } of load) {
    for (let n = 0; n < rateRps * durationS; n++) yield startUs + Math.floor((n * US_PER_S) / rateRps)
    startUs += durationS * US_PER_S
  }
}
