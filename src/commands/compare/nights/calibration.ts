import { Rng } from '../../../core/rng.ts'
import type { CalibrationData, Detection } from '../../../report/comparison/nights-calibration.ts'
import type { GateEntry } from '../../../run-files/gate-journal.ts'
import { detectionRate, falseNights, steadyMetric, type NightHistory } from '../../../stats/calibration.ts'
import { LEAST_NIGHT_COUNT } from '../../../stats/night-base.ts'
import { FALSE_NIGHT_RATIO } from '../../../stats/night-gate.ts'
import type { SteadyMetric } from '../../../stats/simulated-nights.ts'
import { judgedFigures, nightOf, pointOf } from './family.ts'
import { selectionNotes } from './notes.ts'
import type { Past } from './past.ts'

/** Changes for the worse whose detection is simulated: +10 % and +20 %. */
const FACTORS: readonly number[] = [1.1, 1.2]
const WITHIN_COUNT = 2
/** 80 % found are known to 8 points then, in a few seconds. */
const TRIAL_COUNT = 100

/** How often the gate would have alarmed in these nights, and what it would find if one metric changed. */
export function calibrationOf(
  scenario: string,
  past: Past,
  journal: readonly GateEntry[],
  maxBaseCount: number,
): CalibrationData {
  const confirmed = new Set(journal.filter(({ event }) => event === 'confirmed').map(({ runId }) => runId))
  const nights = past.nights.filter(({ runId }) => !confirmed.has(runId))
  const histories = historiesOf(nights)
  const steady = histories.flatMap((history) => steadyMetric(history, { maxBaseCount }) ?? [])
  return {
    scenario,
    nightCount: nights.length,
    firstStartedAt: nights[0]?.startedAt ?? '',
    lastStartedAt: nights.at(-1)?.startedAt ?? '',
    missingCount: Math.max(0, LEAST_NIGHT_COUNT + 1 - nights.length),
    alarms: falseNights(histories, { maxBaseCount }),
    promisedRatio: FALSE_NIGHT_RATIO,
    withinCount: WITHIN_COUNT,
    detections: steady.flatMap((changed) => detectionsOf(changed, steady, maxBaseCount)),
    notes: [...confirmedNotes(past.nights.length - nights.length), ...selectionNotes(past)],
  }
}

/** The metrics that the last night would be judged by, in every night. */
function historiesOf(nights: Past['nights']): NightHistory[] {
  const series = nights.map(nightOf)
  const last = series.at(-1)
  if (last === undefined) return []
  return judgedFigures([last]).flatMap(({ metric, name }) => {
    const figures = series.map((night) => pointOf(night, metric, name)?.figure)
    return figures.some((figure) => figure !== undefined) ? [{ metric, name, nights: figures }] : []
  })
}

/** Of a ratio alone: how far a share may go depends on where it is. */
function detectionsOf(
  changed: SteadyMetric,
  family: readonly SteadyMetric[],
  maxBaseCount: number,
): Detection[] {
  const { metric, name, level, deviation } = changed
  if (metric.kind !== 'ratio') return []
  const members = [changed, ...family.filter((other) => other !== changed)]
  const options = {
    pastCount: maxBaseCount,
    withinCount: WITHIN_COUNT,
    trialCount: TRIAL_COUNT,
    maxBaseCount,
  }
  return FACTORS.map((increase) => {
    const factor = metric.better === 'lower' ? increase : 1 / increase
    const rng = new Rng('calibration').fork(`${metric.column} ${name} ${increase}`)
    return { metric, name, level, deviation, factor, rate: detectionRate(members, factor, options, rng) }
  })
}

function confirmedNotes(count: number): string[] {
  return count === 0
    ? []
    : [`nights left out because something did change, as another run confirmed: ${count}`]
}
