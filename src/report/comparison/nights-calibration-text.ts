/** How far the nightly gate can be trusted, for the terminal. */
import type { Rate } from '../../stats/calibration.ts'
import { count, NONE, percent } from '../format.ts'
import { fill, hanging, type Line, paint } from '../layout.ts'
import type { StyleName, Styler } from '../style.ts'
import type { CalibrationData, Detection } from './nights-calibration.ts'
import { changeText, subjectLabel } from './words.ts'

/** A narrower terminal breaks the lines itself. */
const MIN_WIDTH = 60
const INDENT = 14

export function renderCalibrationText(
  data: CalibrationData,
  look: { readonly color: Styler; readonly width: number },
): string {
  const width = Math.max(MIN_WIDTH, look.width)
  const { nightCount, firstStartedAt, lastStartedAt, withinCount, detections, notes } = data
  const [word, style, sentence] = outcome(data)
  // In virtual time every night has the same date.
  const span = firstStartedAt === lastStartedAt ? '' : `, ${firstStartedAt} to ${lastStartedAt}`
  const nights = `${count(nightCount)} valid nights${span}`
  const simulated = `of simulated changes, with the spread of these nights, within ${withinCount} nights:`
  const lines = [
    ...hanging(word, style, Math.max(INDENT, word.length + 2), sentence, width),
    ...(nightCount === 0 ? [] : hanging('nights', 'bold', INDENT, nights, width)),
    ...(detections.length === 0 ? [] : hanging('would find', 'bold', INDENT, simulated, width)),
    ...detectionLines(detections, width),
    ...notes.flatMap((note) => hanging('note', 'bold', INDENT, note, width)),
  ]
  return `${lines.map((line) => paint(line, look.color)).join('\n')}\n`
}

function outcome(data: CalibrationData): readonly [word: string, style: StyleName, sentence: string] {
  const { scenario, nightCount, missingCount, alarms, promisedRatio } = data
  if (alarms.totalCount === 0) {
    const word = `learning, ${nightCount}/${nightCount + missingCount}`
    return [word, 'warn', `${scenario}: too few valid nights to judge any of them`]
  }
  const promise = `the gate promises ${percent(promisedRatio)} of nights in which nothing changed`
  const sentence = `${scenario}: ${rateText(alarms, 'nights')} would have alarmed; ${promise}`
  const isTooOften = (alarms.interval?.low ?? 0) > promisedRatio
  return isTooOften ? ['too often', 'warn', sentence] : ['calibrated', 'good', sentence]
}

/** `1 of 40 nights, 2.5 % [0.4 % … 12.9 %]`. */
function rateText({ count: found, totalCount, ratio, interval }: Rate, of: string): string {
  const range = interval === undefined ? NONE : `[${percent(interval.low)} … ${percent(interval.high)}]`
  return `${count(found)} of ${count(totalCount)} ${of}, ${percent(ratio)} ${range}`
}

function detectionLines(detections: readonly Detection[], width: number): Line[] {
  const subjects = [...new Set(detections.map(subjectLabel))]
  return subjects.flatMap((subject) => {
    const own = detections.filter((each) => subjectLabel(each) === subject)
    const spread = `nights differ by ${percent(own[0]?.deviation)}`
    const found = own.map(
      ({ metric, factor, rate }) => `${changeText(metric, factor)}: ${percent(rate.ratio)}`,
    )
    return fill([subject, spread, ...found], width - INDENT).map((line) => ({
      text: ' '.repeat(INDENT) + line,
    }))
  })
}
