import type { NameQuantileRatios } from '../../comparison/comparison-data.ts'
import { nameLabel } from '../../comparison/words.ts'
import { count, figure, NONE } from '../../format.ts'
import { NAME_INKS } from '../ink.ts'
import type { AbsentPlot, Plot } from '../plot.ts'
import { lineMark } from '../svg/marks.ts'
import { levelPath, linePath } from '../svg/path.ts'
import { ratioScale } from '../svg/ratio-scale.ts'
import { tailScale } from '../svg/tail-scale.ts'
import type { DataTable } from '../table.ts'

const ID = 'quantile-ratios'
const TITLE = 'Response time by percentile, head / base'
const ABSENT = 'A side has no histograms, or too few accepted replies for any percentile.'

/** Quantiles up to 99.9 %. */
const NINE_COUNT = 3
/** A smaller change everywhere is still drawn as one. */
const LEAST_REACH = 1.05

interface Curve {
  readonly name: string
  readonly points: readonly (readonly [quantile: number, ratio: number])[]
}

/** How many times longer each quantile is: a level line is a shift of everything, a rising one a longer tail. */
export function quantileRatiosPlot(quantileRatios: readonly NameQuantileRatios[]): Plot | AbsentPlot {
  const all = quantileRatios.map(curveOf).filter(({ points }) => points.length > 0)
  if (all.length === 0) return { id: ID, title: TITLE, absent: ABSENT }
  const curves = all
    .slice(0, NAME_INKS.length)
    .map((curve, i) => ({ ...curve, ink: NAME_INKS[i] ?? 'name0' }))
  const hiddenCount = all.length - curves.length
  const hidden = hiddenCount === 0 ? '' : ` The first ${count(curves.length)} of ${count(all.length)} names.`
  const ratios = curves.flatMap(({ points }) => points.map(([, ratio]) => ratio))
  const x = tailScale(NINE_COUNT)
  const y = ratioScale(Math.max(LEAST_REACH, ...ratios, ...ratios.map((ratio) => 1 / ratio)), figure)
  const lines = curves.map(({ ink, points }) => lineMark(ink, linePath({ x, y }, points)))
  return {
    id: ID,
    title: TITLE,
    about: `Accepted replies. A level line is a shift of everything, one that rises to the right a longer tail.${hidden}`,
    x,
    xLabel: 'percentile, %',
    panels: [
      {
        label: 'head / base, logarithmic',
        y,
        marks: lineMark('base', levelPath({ x, y }, 1)) + lines.join(''),
      },
    ],
    legend: [
      ...curves.map(({ ink, name }) => ({ kind: 'line', ink, label: nameLabel(name) }) as const),
      { kind: 'line', ink: 'base', label: '1: no difference' },
    ],
    table: ratioTable(curves),
  }
}

function curveOf({ name, ratios }: NameQuantileRatios): Curve {
  const points = ratios.flatMap(({ quantile, ratio }): Curve['points'] =>
    ratio === undefined || ratio === 0 ? [] : [[quantile, ratio]],
  )
  return { name, points }
}

function ratioTable(curves: readonly Curve[]): DataTable {
  const quantiles = [...new Set(curves.flatMap(({ points }) => points.map(([quantile]) => quantile)))]
  const ratioOf = curves.map(({ points }) => new Map(points))
  return {
    caption: 'Head / base by percentile, from the buckets of histogram.csv.',
    head: ['percentile', ...curves.map(({ name }) => nameLabel(name))],
    rows: quantiles
      .toSorted((a, b) => a - b)
      .map((quantile) => [
        `p${figure(quantile * 100)}`,
        ...ratioOf.map((ratios) => ratioText(ratios.get(quantile))),
      ]),
  }
}

function ratioText(ratio: number | undefined): string {
  return ratio === undefined ? NONE : ratio.toFixed(3)
}
