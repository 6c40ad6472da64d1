import type { Rate } from '../../stats/calibration.ts'
import type { Metric } from '../../stats/metric.ts'

/** How surely the gate finds a change of one metric, when nights differ as they did. */
export interface Detection {
  readonly metric: Metric
  readonly name: string
  /** In a typical night. */
  readonly level: number
  /** Standard deviation from night to night, of the logarithm. */
  readonly deviation: number
  /** What the metric becomes, in times of what it was. */
  readonly factor: number
  /** Simulated changes that were found. */
  readonly rate: Rate
}

/** How far the gate can be trusted with the nights that there are. */
export interface CalibrationData {
  readonly scenario: string
  /** Valid past nights; the first and the last one are empty when there are none. */
  readonly nightCount: number
  readonly firstStartedAt: string
  readonly lastStartedAt: string
  /** Nights that are missing before the gate judges. */
  readonly missingCount: number
  /** Nights in which it would have alarmed, of those that it could judge. */
  readonly alarms: Rate
  /** What it promises, of nights in which nothing changed. */
  readonly promisedRatio: number
  /** Nights from the change on within which a simulated change counts as found. */
  readonly withinCount: number
  readonly detections: readonly Detection[]
  readonly notes: readonly string[]
}
