import { US_PER_MS, US_PER_S } from '../core/units.ts'
import { BINS_PER_SECOND, TRAFFIC, type NameCell, type Traffic } from './snapshot.ts'
import type { BurstRow, PeakSummary } from './summary.ts'

/** Length of a bin: the shortest window. */
export const BIN_US: number = US_PER_S / BINS_PER_SECOND

const WINDOWS_MS = [100, 1_000, 10_000, 60_000] as const
type WindowMs = (typeof WINDOWS_MS)[number]

const BIN_MS = BIN_US / US_PER_MS

/** Counts per whole window of one length, in constant memory. */
class WindowCounts {
  readonly #windowMs: number
  readonly #binsPerWindow: number
  #current = 0
  #currentBins = 0
  #windows = 0
  #total = 0
  #peak = 0
  /** Moments are taken around the first window's count: counts that are all equal have a variance of exactly 0. */
  #origin = 0
  #deviationSum = 0
  #squareSum = 0

  constructor(windowMs: number) {
    this.#windowMs = windowMs
    this.#binsPerWindow = windowMs / BIN_MS
  }

  /** One bin. */
  add(count: number): void {
    this.#current += count
    this.#currentBins++
    if (this.#currentBins === this.#binsPerWindow) this.#completeWindow()
  }

  /** `bins` bins without anything in them. */
  skip(bins: number): void {
    const untilWhole = this.#binsPerWindow - this.#currentBins
    if (bins < untilWhole) {
      this.#currentBins += bins
      return
    }
    this.#completeWindow()
    const rest = bins - untilWhole
    this.#countWindows(0, Math.floor(rest / this.#binsPerWindow))
    this.#currentBins = rest % this.#binsPerWindow
  }

  summary(): PeakSummary {
    if (this.#windows === 0) {
      return {
        peakRps: undefined,
        meanRps: undefined,
        peakToAverageRatio: undefined,
        dispersionRatio: undefined,
      }
    }
    const windowS = (this.#windowMs * US_PER_MS) / US_PER_S
    const mean = this.#total / this.#windows
    const meanDeviation = this.#deviationSum / this.#windows
    const variance = this.#squareSum / this.#windows - meanDeviation * meanDeviation
    return {
      peakRps: this.#peak / windowS,
      meanRps: mean / windowS,
      peakToAverageRatio: mean === 0 ? undefined : this.#peak / mean,
      dispersionRatio: mean === 0 ? undefined : Math.max(variance, 0) / mean,
    }
  }

  #completeWindow(): void {
    this.#countWindows(this.#current, 1)
    this.#current = 0
    this.#currentBins = 0
  }

  #countWindows(count: number, times: number): void {
    if (this.#windows === 0) this.#origin = count
    const deviation = count - this.#origin
    this.#windows += times
    this.#total += count * times
    this.#deviationSum += deviation * times
    this.#squareSum += deviation * deviation * times
    if (count > this.#peak) this.#peak = count
  }
}

function windowCounts(): Record<WindowMs, WindowCounts> {
  return {
    100: new WindowCounts(100),
    1_000: new WindowCounts(1_000),
    10_000: new WindowCounts(10_000),
    60_000: new WindowCounts(60_000),
  }
}

/**
 * Peak-to-average of one name's traffic over tumbling windows from the start of the measured part. Only whole
 * windows count. Dispersion is the population variance over the mean of the counts per window.
 */
export class BurstMeter {
  readonly #counts: Record<Traffic, Record<WindowMs, WindowCounts>> = {
    offered: windowCounts(),
    sent: windowCounts(),
    accepted: windowCounts(),
  }
  /** Bins taken in since the start of the measured part. */
  #binCount = 0

  /** The first `binCount` bins of the second that starts `startBin` bins into the measured part. */
  add(startBin: number, bins: NameCell['bins'], binCount: number): void {
    this.advanceTo(startBin)
    for (const traffic of TRAFFIC) {
      for (const windowMs of WINDOWS_MS) {
        const counts = this.#counts[traffic][windowMs]
        for (let bin = 0; bin < binCount; bin++) counts.add(bins[traffic][bin] ?? 0)
      }
    }
    this.#binCount += binCount
  }

  /** Nothing happened up to `endBin`. */
  advanceTo(endBin: number): void {
    const bins = endBin - this.#binCount
    if (bins <= 0) return
    for (const traffic of TRAFFIC) {
      for (const windowMs of WINDOWS_MS) this.#counts[traffic][windowMs].skip(bins)
    }
    this.#binCount = endBin
  }

  /** Windows of one second. */
  peaks(): Record<Traffic, PeakSummary> {
    const { offered, sent, accepted } = this.#counts
    return {
      offered: offered[1_000].summary(),
      sent: sent[1_000].summary(),
      accepted: accepted[1_000].summary(),
    }
  }

  rows(name: string): BurstRow[] {
    return TRAFFIC.flatMap((traffic) =>
      WINDOWS_MS.map((windowMs) => ({
        name,
        traffic,
        windowMs,
        ...this.#counts[traffic][windowMs].summary(),
      })),
    )
  }
}
