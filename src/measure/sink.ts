import type { TrendStat } from '../core/trend-stat.ts'
import type { Aggregation } from './metric-types.ts'
import type { SketchSnapshot } from './sketch.ts'
import type { HistogramSnapshot } from './snapshot.ts'

/** What a sink took in, as plain data that merges by addition. */
export type SinkData =
  | { readonly kind: 'counter'; readonly sum: number }
  | {
      readonly kind: 'gauge'
      readonly value: number
      readonly min: number
      readonly max: number
      readonly atUs: number
    }
  | { readonly kind: 'rate'; readonly passes: number; readonly total: number }
  | { readonly kind: 'durations'; readonly histogram: HistogramSnapshot }
  | { readonly kind: 'numbers'; readonly sketch: SketchSnapshot }

/**
 * The samples of one metric, or of one submetric. The worker adds and takes, the main thread merges and looks.
 * Times are in ms, as in k6.
 */
export interface Sink {
  add(value: number, atUs: number): void
  /** What came since the last call; `undefined` when nothing did. */
  take(): SinkData | undefined
  merge(data: SinkData): void
  /** `undefined` when there is no sample, or the method is not one of this type. */
  observe(aggregation: Aggregation, elapsedS: number): number | undefined
  /** k6's summary of it: zeros where there is no sample. */
  values(elapsedS: number, trendStats: readonly TrendStat[]): Record<string, number>
}

/** A worker and the main thread that disagree about a metric are a fault of the program. */
export function wrongKind(data: SinkData, wanted: SinkData['kind']): TypeError {
  return new TypeError(`${data.kind} cannot be merged into ${wanted}`)
}
