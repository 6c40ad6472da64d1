import type { JudgedMetric, NightsData } from '../../../report/comparison/nights-data.ts'
import type { GateOptions } from '../../../stats/night-base.ts'
import { judgeConfirmation, judgeNight, type NightComparison } from '../../../stats/night-gate.ts'
import { seriesOf, withTonight, type FamilyMember, type Night } from './family.ts'

type Judgement = Pick<NightsData, 'state' | 'metrics'>

/**
 * What the gate says of a night. A confirmation run is held against the same past, in what regressed tonight alone; it
 * confirms what regressed in both.
 *
 * @param confirmation `undefined` when there is none that counts
 */
export function judge(
  members: readonly FamilyMember[],
  confirmation: Night | undefined,
  options: GateOptions,
): Judgement {
  const results = judgeNight(members.map(seriesOf), options)
  const again = confirmation === undefined ? [] : judgedAgain(members, results, confirmation, options)
  const metrics = members.flatMap(({ past, tonight }, index): JudgedMetric[] => {
    const comparison = results[index]
    if (comparison === undefined) return []
    return [
      {
        comparison,
        past: past.map(({ point }) => point),
        tonight: tonight.point,
        isConfirmed: confirmationOf(comparison, again),
      },
    ]
  })
  return { state: stateOf(metrics), metrics }
}

/** What regressed tonight, as far as the confirmation run has it. */
function judgedAgain(
  members: readonly FamilyMember[],
  results: readonly NightComparison[],
  confirmation: Night,
  options: GateOptions,
): NightComparison[] {
  const regressed = members.filter((_, index) => results[index]?.verdict === 'regressed')
  return judgeConfirmation(withTonight(regressed, confirmation).map(seriesOf), options)
}

/** `undefined` for what did not regress, and where no confirmation run has this metric of this name. */
function confirmationOf(comparison: NightComparison, again: readonly NightComparison[]): boolean | undefined {
  if (!isRegressed(comparison)) return undefined
  const { metric, name } = comparison
  const other = again.find((each) => each.metric.column === metric.column && each.name === name)
  return other && isRegressed(other)
}

function isRegressed({ verdict }: NightComparison): boolean {
  return verdict === 'regressed'
}

function stateOf(metrics: readonly JudgedMetric[]): NightsData['state'] {
  const regressed = metrics.filter(({ comparison }) => isRegressed(comparison))
  if (regressed.length === 0) {
    return metrics.every(({ comparison }) => comparison.learning !== undefined) ? 'learning' : 'passed'
  }
  if (regressed.some(({ isConfirmed }) => isConfirmed)) return 'confirmed'
  return regressed.every(({ isConfirmed }) => isConfirmed === false) ? 'cleared' : 'candidate'
}
