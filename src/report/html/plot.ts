import type { InkName } from './ink.ts'
import type { Scale } from './svg/scale.ts'
import type { DataTable } from './table.ts'
import type { ZoomData } from './zoom.ts'

/** What a mark of a plot means; an interval is a line with a dot in it. */
export interface LegendItem {
  readonly kind: 'line' | 'dot' | 'interval' | 'area' | 'shade'
  readonly ink: InkName
  readonly label: string
}

/** One area with its own vertical axis. Panels of a plot stand above each other on one horizontal axis. */
export interface Panel {
  /** What the vertical axis shows, with its unit. */
  readonly label: string
  readonly y: Scale
  /** SVG in the units of `BOX`. */
  readonly marks: string
  /** Its own horizontal axis, where the vertical one is a list; elsewhere the plot's. */
  readonly x?: Scale
  /** Of a vertical axis that is a list: how many lines of text it is high. */
  readonly lineCount?: number
}

/** A plot before it has a size. */
export interface Plot {
  /** Anchor in the page. */
  readonly id: string
  readonly title: string
  /** What there is to see and how to read it, one or two sentences. */
  readonly about: string
  readonly x: Scale
  /** What the horizontal axis shows. */
  readonly xLabel: string
  readonly panels: readonly Panel[]
  readonly legend: readonly LegendItem[]
  /** Markup below the legend, such as the key of a heat map. */
  readonly key?: string
  readonly table: DataTable
  readonly zoom?: ZoomData
}

/** Stands where a run has nothing to plot, and says why. */
export interface AbsentPlot {
  readonly id: string
  readonly title: string
  readonly absent: string
}
