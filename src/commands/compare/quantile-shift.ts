import type { NameQuantileRatios } from '../../report/comparison/comparison-data.ts'
import { histogramTotal, quantileRatios, type BucketCounts } from '../../stats/histogram-quantile.ts'
import type { SideRun } from './side-run.ts'

/** Values that must lie beyond a quantile, on either side, for it to be more than a few requests. */
const LEAST_BEYOND_COUNT = 10
const QUANTILES: readonly number[] = [...Array.from({ length: 99 }, (_, i) => (i + 1) / 100), 0.995, 0.999]

/**
 * Response times of accepted replies, quantile by quantile, all runs of a side together. Names of which a side has too
 * few are left out, and so is everything when a run has no histograms.
 */
export async function quantileShift(
  base: readonly SideRun[],
  head: readonly SideRun[],
  names: readonly string[],
): Promise<NameQuantileRatios[]> {
  const [ofBase, ofHead] = await Promise.all([responseTimes(base), responseTimes(head)])
  return names.flatMap((name) => {
    const [one, other] = [ofBase.get(name), ofHead.get(name)]
    if (one === undefined || other === undefined) return []
    const count = Math.min(histogramTotal(one), histogramTotal(other))
    const quantiles = QUANTILES.filter((q) => Math.min(q, 1 - q) * count >= LEAST_BEYOND_COUNT - 1e-6)
    return quantiles.length === 0 ? [] : [{ name, ratios: quantileRatios(one, other, quantiles) }]
  })
}

/** By request name; empty when a run of them has no histograms. */
async function responseTimes(runs: readonly SideRun[]): Promise<ReadonlyMap<string, BucketCounts>> {
  const byName = new Map<string, BucketCounts[]>()
  for (const { reader } of runs) {
    if (reader === undefined || !(await reader.has('histogram.csv'))) return new Map()
    for (const { name, outcome, measure, histogram } of await reader.histograms()) {
      if (measure !== 'response_time' || outcome !== 'accepted') continue
      byName.set(name, [...(byName.get(name) ?? []), histogram])
    }
  }
  return new Map([...byName].map(([name, histograms]) => [name, merged(histograms)]))
}

function merged(histograms: readonly BucketCounts[]): BucketCounts {
  const buckets = histograms
    .flatMap(({ lowUs, counts }) => lowUs.map((us, i) => ({ us, count: counts[i] ?? 0 })))
    .sort((a, b) => a.us - b.us)
  return { lowUs: buckets.map(({ us }) => us), counts: buckets.map(({ count }) => count) }
}
