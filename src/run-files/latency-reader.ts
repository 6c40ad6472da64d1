import { HistogramLogReader, type JsHistogram } from 'hdr-histogram-js'
import type { SparseHistogram } from '../measure/snapshot.ts'

/** Response times of the accepted replies of an interval. */
export interface LatencyInterval {
  /** Since the start of the run. */
  readonly startS: number
  readonly lengthS: number
  readonly histogram: SparseHistogram
}

/**
 * The untagged intervals of a histogram log: all accepted replies together, in µs.
 *
 * @param text of latency.hlog
 * @param epochMs what second 0 of the run is called, milliseconds since 1970
 */
export function latencyIntervals(text: string, epochMs: number): LatencyInterval[] {
  const reader = new HistogramLogReader(untagged(text))
  const intervals: LatencyInterval[] = []
  for (;;) {
    // Without WebAssembly, which is not asked for, the library decodes into one of its JavaScript kinds.
    const histogram = reader.nextIntervalHistogram() as JsHistogram | null
    if (histogram === null) return intervals
    const { startTimeStampMsec, endTimeStampMsec } = histogram
    intervals.push({
      startS: (startTimeStampMsec - epochMs) / 1_000,
      lengthS: (endTimeStampMsec - startTimeStampMsec) / 1_000,
      histogram: sparse(histogram),
    })
  }
}

function sparse(histogram: JsHistogram): SparseHistogram {
  const lowUs: number[] = []
  const counts: number[] = []
  const end = histogram.totalCount === 0 ? 0 : histogram.countsArrayIndex(histogram.maxValue) + 1
  for (let index = 0; index < end; index++) {
    const count = histogram.getCountAtIndex(index)
    if (count === 0) continue
    lowUs.push(histogram.valueFromIndex(index))
    counts.push(count)
  }
  return { lowUs, counts }
}

/** Decoding is what takes the time. */
function untagged(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('Tag='))
    .join('\n')
}
