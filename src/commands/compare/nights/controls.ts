/** Control runs: a fixed load on a fixed mock, before and after the night, shows whether the machine was itself. */
import { ALL_NAMES } from '../../../measure/names.ts'
import { metricLabel, metricValue } from '../../../report/comparison/words.ts'
import { CONTROL_METRICS, judgeControl, type ControlFigure } from '../../../stats/night-control.ts'
import { nightOf, pointOf, type Night } from './family.ts'
import { nightFault, type NightRun } from './night-run.ts'
import { pastOf } from './past.ts'
import { nightsOf, readResults } from './results.ts'
import type { AllowedDifference } from './request.ts'

interface ControlFindings {
  /** Why the night is noisy; empty when it is not. */
  readonly noise: readonly string[]
  readonly notes: readonly string[]
}

/**
 * Holds each control run against the control runs before it, in its own folder. Past noisy ones are among these: a
 * machine that was replaced is noisy until its new level has been learnt, and not for ever.
 *
 * @throws UserError (usage) when the past of a control run cannot be read
 */
export async function judgeControls(
  controls: readonly NightRun[],
  allowed: readonly AllowedDifference[],
): Promise<ControlFindings> {
  const ownIds = new Set(controls.map(({ night }) => night.runId))
  const findings: ControlFindings[] = []
  for (const control of controls) {
    const fault = nightFault(control)
    findings.push(
      fault === undefined
        ? findingsOf(control, await pastNights(control, ownIds, allowed))
        : { noise: [`control run ${control.side.shown.path} ${fault}`], notes: [] },
    )
  }
  return {
    noise: findings.flatMap(({ noise }) => noise),
    notes: findings.flatMap(({ notes }) => notes),
  }
}

/** Without the other control runs of tonight: what is wrong with them would count as usual. */
async function pastNights(
  { dated, folder }: NightRun,
  ownIds: ReadonlySet<string>,
  allowed: readonly AllowedDifference[],
): Promise<Night[]> {
  const results = await readResults(folder)
  const { nights } = pastOf(await nightsOf(results, dated.scenario), dated, results.journal, allowed)
  return nights.filter(({ runId }) => !ownIds.has(runId)).map(nightOf)
}

function findingsOf({ side, night }: NightRun, past: readonly Night[]): ControlFindings {
  const { path } = side.shown
  const figures = CONTROL_METRICS.flatMap((metric) => {
    const tonight = pointOf(night, metric, ALL_NAMES)
    if (tonight === undefined) return []
    const before = past.flatMap((each) => pointOf(each, metric, ALL_NAMES)?.figure ?? [])
    return [judgeControl({ metric, name: ALL_NAMES, past: before, tonight: tonight.figure })]
  })
  if (figures.length === 0) {
    return { noise: [`control run ${path} has no accepted reply`], notes: [] }
  }
  const learning = figures.find((figure) => figure.learning !== undefined)?.learning
  const notes =
    learning === undefined
      ? []
      : [
          `control run ${path} judges nothing yet: learning, ${learning.nightCount}/${learning.neededCount} past control runs`,
        ]
  return { noise: figures.filter(({ isNoisy }) => isNoisy).map((figure) => noiseText(path, figure)), notes }
}

function noiseText(path: string, { metric, value, expected }: ControlFigure): string {
  const range = `${metricValue(metric, expected?.low)} to ${metricValue(metric, expected?.high)}`
  return `control run ${path}: ${metricLabel(metric)} ${metricValue(metric, value)}, of a machine that is as ever ${range}`
}
