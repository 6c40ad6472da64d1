import type { Rate } from '../stats/calibration.ts'
import type { Metric } from '../stats/metric.ts'
import { type Column, csvFile, number, SCHEMA_VERSION, text } from './csv.ts'

/** What of a calibration stands in the file. */
export interface Calibration {
  readonly scenario: string
  readonly promisedRatio: number
  readonly alarms: Rate
  readonly detections: readonly CalibrationDetection[]
}

interface CalibrationDetection {
  readonly metric: Metric
  readonly name: string
  readonly deviation: number
  readonly factor: number
  readonly rate: Rate
}

/** Of one simulated change, or of the past nights as they were. */
interface CalibrationRow {
  readonly scenario: string
  readonly kind: 'alarms' | 'detection'
  readonly detection: CalibrationDetection | undefined
  readonly promisedRatio: number | undefined
  readonly rate: Rate
}

const COLUMNS: readonly Column<CalibrationRow>[] = [
  text('schema_version', () => String(SCHEMA_VERSION)),
  text('scenario', (row) => row.scenario),
  text('kind', (row) => row.kind),
  text('name', (row) => row.detection?.name),
  text('metric', (row) => row.detection?.metric.column),
  number('spread_ratio', (row) => row.detection?.deviation),
  number('change', (row) => row.detection?.factor),
  number('found_count', (row) => row.rate.count),
  number('total_count', (row) => row.rate.totalCount),
  number('found_ratio', (row) => row.rate.ratio),
  number('ci95_low_ratio', (row) => row.rate.interval?.low),
  number('ci95_high_ratio', (row) => row.rate.interval?.high),
  number('promised_ratio', (row) => row.promisedRatio),
]

/** calibration.csv: a row for the alarms in past nights, then one for each simulated change. */
export function calibrationCsv({ scenario, promisedRatio, alarms, detections }: Calibration): string {
  const simulated = detections.map((detection): CalibrationRow => {
    return { scenario, kind: 'detection', detection, promisedRatio: undefined, rate: detection.rate }
  })
  const past: CalibrationRow = { scenario, kind: 'alarms', detection: undefined, promisedRatio, rate: alarms }
  return csvFile(COLUMNS, [past, ...simulated])
}

/** The same for programs, with everything that the text has; metrics by their columns, as elsewhere. */
export function calibrationJson({ detections, ...rest }: Calibration): string {
  const written = {
    schemaVersion: SCHEMA_VERSION,
    ...rest,
    detections: detections.map(({ metric, ...detection }) => ({ metric: metric.column, ...detection })),
  }
  return `${JSON.stringify(written, null, 2)}\n`
}
