import type { ThrottlingFigures } from '../../comparison/comparison-data.ts'
import { nameLabel } from '../../comparison/words.ts'
import { count, figure, percent } from '../../format.ts'
import { clip } from '../../layout.ts'
import type { AbsentPlot, LegendItem, Plot } from '../plot.ts'
import { bandScale } from '../svg/band-scale.ts'
import { linearScale } from '../svg/linear-scale.ts'
import { areaMark, lineMark } from '../svg/marks.ts'
import { linePath, rectPath, type Axes } from '../svg/path.ts'

const ID = 'throttling'
const TITLE = 'Throttled replies beside what the cap explains'

const MOST_NAMES = 8
const LABEL_CHARACTERS = 16

/** Where the bar of a side lies in its row: the base above the head. */
const BARS = { base: [0.53, 0.84], head: [0.16, 0.47] } as const
const INK = { base: 'sent', head: 'throttled' } as const
/** How much longer the mark of what is expected is than the bar is wide, at either end. */
const OVERHANG = 0.05
const SIDES = ['base', 'head'] as const

/** Share of throttled replies of both sides, and the share that a cap of that height cannot but refuse. */
export function throttlingPlot(throttling: readonly ThrottlingFigures[]): Plot | AbsentPlot {
  const known = throttling.filter(({ throttledRatio }) => throttledRatio !== undefined)
  const names = [...new Set(known.map(({ name }) => name))]
  if (names.length === 0) return { id: ID, title: TITLE, absent: 'No side has a share of throttled replies.' }
  // The first name stands on top.
  const shown = names.slice(0, MOST_NAMES).toReversed()
  const figures = known.filter(({ name }) => shown.includes(name))
  const hiddenCount = names.length - shown.length
  const hidden = hiddenCount === 0 ? '' : ` ${count(hiddenCount)} more names stand in the table.`
  const most = Math.max(
    ...figures.flatMap(({ throttledRatio, expectedThrottledRatio }) => [
      throttledRatio ?? 0,
      expectedThrottledRatio ?? 0,
    ]),
  )
  if (most === 0)
    return { id: ID, title: TITLE, absent: 'Nothing was throttled, and no cap explains that any should be.' }
  const x = linearScale(most * 100, figure)
  const y = bandScale(shown.map((name) => clip(nameLabel(name), LABEL_CHARACTERS)))
  const marks = figures.map((each) => sideMarks({ x, y }, shown.indexOf(each.name), each))
  return {
    id: ID,
    title: TITLE,
    about: `A service that admits what it promises refuses 1 − cap / sent, and nothing below its cap.${hidden}`,
    x,
    xLabel: 'throttled / sent, %',
    // Each bar has the room of a line.
    panels: [{ label: '', y, marks: marks.join(''), lineCount: SIDES.length * shown.length }],
    legend: legendOf(figures),
    table: {
      caption: 'Shares of what was sent.',
      head: ['side, name', 'throttled', 'expected from the cap'],
      rows: known.map(({ side, name, throttledRatio, expectedThrottledRatio }) => [
        `${side}: ${nameLabel(name)}`,
        percent(throttledRatio),
        percent(expectedThrottledRatio),
      ]),
    },
  }
}

function sideMarks(axes: Axes, band: number, figures: ThrottlingFigures): string {
  const { side, throttledRatio = 0, expectedThrottledRatio } = figures
  const [low, high] = BARS[side]
  const bar = areaMark(INK[side], rectPath(axes, [0, throttledRatio * 100], [band + low, band + high]))
  if (expectedThrottledRatio === undefined) return bar
  const at = expectedThrottledRatio * 100
  const ends = [band + low - OVERHANG, band + high + OVERHANG].map((y) => [at, y] as const)
  return bar + lineMark('expected', linePath(axes, ends))
}

function legendOf(figures: readonly ThrottlingFigures[]): LegendItem[] {
  const sides = SIDES.filter((wanted) => figures.some(({ side }) => side === wanted))
  const isExpected = figures.some(({ expectedThrottledRatio }) => expectedThrottledRatio !== undefined)
  return [
    ...sides.map((side): LegendItem => ({ kind: 'area', ink: INK[side], label: side })),
    ...(isExpected ? [{ kind: 'line', ink: 'expected', label: 'expected from the cap' } as const] : []),
  ]
}
