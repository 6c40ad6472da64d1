import type { SparseHistogram } from './snapshot.ts'

/** All counts of several histograms in one. */
export function mergedHistogram(histograms: readonly SparseHistogram[]): SparseHistogram {
  const [first, second] = histograms
  if (first === undefined || second === undefined) return first ?? { lowUs: [], counts: [] }
  const half = histograms.length >> 1
  return mergedPair(mergedHistogram(histograms.slice(0, half)), mergedHistogram(histograms.slice(half)))
}

function mergedPair(a: SparseHistogram, b: SparseHistogram): SparseHistogram {
  const lowUs: number[] = []
  const counts: number[] = []
  for (let i = 0, j = 0; i < a.lowUs.length || j < b.lowUs.length;) {
    const aLowUs = a.lowUs[i] ?? Infinity
    const bLowUs = b.lowUs[j] ?? Infinity
    lowUs.push(aLowUs < bLowUs ? aLowUs : bLowUs)
    counts.push((aLowUs <= bLowUs ? (a.counts[i++] ?? 0) : 0) + (bLowUs <= aLowUs ? (b.counts[j++] ?? 0) : 0))
  }
  return { lowUs, counts }
}
