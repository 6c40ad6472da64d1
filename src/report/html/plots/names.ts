import { ALL_NAMES } from '../../../measure/names.ts'
import type { NameSummary } from '../../../measure/summary.ts'
import { count, figure, percent } from '../../format.ts'
import { clip } from '../../layout.ts'
import type { AbsentPlot, Plot } from '../plot.ts'
import { bandScale } from '../svg/band-scale.ts'
import { linearScale } from '../svg/linear-scale.ts'
import { areaMark } from '../svg/marks.ts'
import { rectPath, type Axes } from '../svg/path.ts'
import type { PlotContext } from './context.ts'

const ID = 'names'
const TITLE = 'Share of each request name'

/** More bars are too thin to be told apart. */
const MOST_NAMES = 12
const LABEL_CHARACTERS = 18

/**
 * Plot 9: each name's share of what was offered (or sent, which is the same without a plan) and of what was accepted: a
 * fair limiter gives both alike.
 */
export function namesPlot({ run, origin }: PlotContext): Plot | AbsentPlot {
  const all = run.summary.names.find(({ name }) => name === ALL_NAMES)
  const named = run.summary.names
    .filter(({ name, offeredCount }) => name !== ALL_NAMES && offeredCount > 0)
    .toSorted((a, b) => b.offeredCount - a.offeredCount)
  if (all === undefined || named.length === 0) return { id: ID, title: TITLE, absent: 'Nothing was sent.' }
  const shown = named.slice(0, MOST_NAMES).map((row) => sharesOf(row, all))
  const hiddenCount = named.length - shown.length
  const asked = origin === 'planned' ? 'offered' : 'sent'
  // The first name stands on top.
  const bars = shown.toReversed()
  const y = bandScale(bars.map(({ name }) => clip(name, LABEL_CHARACTERS)))
  const x = linearScale(100, figure)
  const hidden = hiddenCount === 0 ? '' : ` ${count(hiddenCount)} smaller ones stand in summary.csv.`
  return {
    id: ID,
    title: TITLE,
    about: `A name with less of the accepted than of the ${asked} requests is throttled, or fails, more than others.${hidden}`,
    x,
    xLabel: 'share of all names, %',
    panels: [{ label: '', y, marks: bars.map((bar, band) => barMarks({ x, y }, band, bar, asked)).join('') }],
    legend: [
      { kind: 'area', ink: asked, label: asked },
      { kind: 'area', ink: 'accepted', label: 'accepted' },
    ],
    table: {
      caption: 'Shares of all names together.',
      head: ['name', asked, 'share', 'accepted', 'share'],
      rows: shown.map(({ name, offeredCount, acceptedCount, offered, accepted }) => [
        name,
        count(offeredCount),
        percent(offered),
        count(acceptedCount),
        percent(accepted),
      ]),
    },
  }
}

interface Shares {
  readonly name: string
  readonly offeredCount: number
  readonly acceptedCount: number
  /** 0–1; `undefined` when nothing of that kind was there at all. */
  readonly offered: number | undefined
  readonly accepted: number | undefined
}

function sharesOf({ name, offeredCount, outcomeCounts }: NameSummary, all: NameSummary): Shares {
  const share = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole)
  return {
    name,
    offeredCount,
    acceptedCount: outcomeCounts.accepted,
    offered: share(offeredCount, all.offeredCount),
    accepted: share(outcomeCounts.accepted, all.outcomeCounts.accepted),
  }
}

function barMarks(
  axes: Axes,
  band: number,
  { offered = 0, accepted = 0 }: Shares,
  asked: 'offered' | 'sent',
): string {
  return (
    areaMark(asked, rectPath(axes, [0, offered * 100], [band + 0.52, band + 0.86])) +
    areaMark('accepted', rectPath(axes, [0, accepted * 100], [band + 0.14, band + 0.48]))
  )
}
