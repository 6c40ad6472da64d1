import { INKS, type InkName } from './ink.ts'
import type { TimeBin, TimeBins } from './time-bins.ts'

/** A line or the dots of a plot that can be zoomed. */
interface ZoomSeries {
  readonly label: string
  readonly ink: InkName
  readonly kind: 'line' | 'dot'
  /** Lengths of stroke and gap in px; solid where there are none. */
  readonly dash: readonly number[]
  /** Number of its vertical axis: 0 stands on the left, 1 on the right. */
  readonly axis: 0 | 1
  /** One for each time; `null` where there is none. */
  readonly values: readonly (number | null)[]
}

/** What the page's script draws a plot from when the reader wants to zoom. */
export interface ZoomData {
  /** Seconds since the start at which a bin begins, then where the last one ends. */
  readonly timesS: readonly number[]
  readonly axes: readonly string[]
  /** Whether the left axis begins as a logarithmic one and can be switched. */
  readonly isLog: boolean
  readonly series: readonly ZoomSeries[]
}

/** What a plot says of a series; the rest follows. */
export interface ZoomSource {
  readonly label: string
  readonly ink: InkName
  readonly kind?: 'line' | 'dot'
  readonly axis?: 0 | 1
  readonly valueOf: (bin: TimeBin) => number | undefined
}

/** @param axes what the left axis shows, and the right one if there is one */
export function zoomData(
  { bins, edges }: TimeBins,
  axes: readonly string[],
  sources: readonly ZoomSource[],
  isLog = false,
): ZoomData {
  const series = sources.map(({ label, ink, kind = 'line', axis = 0, valueOf }) => {
    const values = bins.map((bin) => rounded(valueOf(bin)))
    const last = kind === 'line' ? (values.at(-1) ?? null) : null
    const dash = INKS[ink].dash?.split(' ').map(Number) ?? []
    return { label, ink, kind, dash, axis, values: [...values, last] }
  })
  return { timesS: edges, axes, isLog, series }
}

/** Four significant digits are more than a screen shows. */
function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toPrecision(4))
}
