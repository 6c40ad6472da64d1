/** A judged night, for the terminal. */
import { count } from '../format.ts'
import { fill, hanging, type Line, marked, paint } from '../layout.ts'
import { type Styler, VERDICT_STYLES as GENERATOR_STYLES } from '../style.ts'
import type { ComparedRun } from './comparison-data.ts'
import type { JudgedMetric, NightsData } from './nights-data.ts'
import {
  changeSentences,
  confirmationText,
  nightDoubts,
  nightsOutcome,
  pValueText,
} from './nights-outcome.ts'
import { changeText, intervalText, metricValue, subjectLabel, VERDICT_STYLES } from './words.ts'

/** A narrower terminal breaks the lines itself. */
const MIN_WIDTH = 60
/** Where text begins behind the first word of a line. */
const INDENT = 14

/** State first, then the runs, every judged figure, and what else there is to know; no line is longer than `width`, or 60. */
export function renderNightsText(
  data: NightsData,
  look: { readonly color: Styler; readonly width: number },
): string {
  const width = Math.max(MIN_WIDTH, look.width)
  const { head, confirmation, metrics, noise, notes } = data
  const { word, style, sentence } = nightsOutcome(data)
  const doubts = nightDoubts(metrics)
  const told = (kind: string, lines: readonly string[]): Line[] =>
    lines.flatMap((line) => hanging(kind, kind === 'note' ? 'bold' : 'warn', INDENT, line, width))
  const lines = [
    ...hanging(word, style, Math.max(INDENT, word.length + 2), sentence, width),
    ...runLines('tonight', head, width),
    ...(confirmation === undefined ? [] : runLines('confirmation', confirmation, width)),
    ...told('noise', noise),
    ...metrics.flatMap((judged) => metricLines(judged, width)),
    ...told('warning', [...changeSentences(metrics), ...doubts]),
    ...told('note', notes),
  ]
  return `${lines.map((line) => paint(line, look.color)).join('\n')}\n`
}

function runLines(label: string, run: ComparedRun, width: number): Line[] {
  const facts = [run.path, run.verdict, run.startedAt, run.target, run.commit.slice(0, 12)]
  const parts = facts.filter((fact) => fact !== '')
  return fill(parts, width - INDENT).map((line, i) =>
    marked((i === 0 ? label : '').padEnd(INDENT) + line, run.verdict, GENERATOR_STYLES[run.verdict]),
  )
}

function metricLines({ comparison, isConfirmed }: JudgedMetric, width: number): Line[] {
  const { metric, verdict, base, head, change, interval, baseCount, adjustedPValue, learning } = comparison
  const parts =
    learning === undefined
      ? [
          `${metricValue(metric, base)} -> ${metricValue(metric, head)}`,
          `${changeText(metric, change)} ${intervalText(metric, interval)}`,
          `${count(baseCount)} nights`,
          pValueText(adjustedPValue),
          confirmationText(isConfirmed),
        ]
      : [metricValue(metric, head), `learning, ${learning.nightCount}/${learning.neededCount}`]
  const shown = [subjectLabel(comparison), ...parts].filter((part) => part !== '')
  return fill(shown, width - INDENT).map((line, i) =>
    marked((i === 0 ? verdict : '').padEnd(INDENT) + line, verdict, VERDICT_STYLES[verdict]),
  )
}
