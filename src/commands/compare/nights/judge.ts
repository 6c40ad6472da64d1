import type { JudgedMetric, NightsData } from '../../../report/comparison/nights-data.ts'
import type { GateOptions } from '../../../stats/night-base.ts'
import { judgeNight, type NightComparison } from '../../../stats/night-gate.ts'
import { seriesOf, withTonight, type FamilyMember, type Night } from './family.ts'

type Judgement = Pick<NightsData, 'state' | 'metrics'>

/**
 * What the gate says of a night. A confirmation run is held against the same past; it confirms what regressed in both.
 *
 * @param confirmation `undefined` when there is none that counts
 */
export function judge(
  members: readonly FamilyMember[],
  confirmation: Night | undefined,
  options: GateOptions,
): Judgement {
  const results = judgeNight(members.map(seriesOf), options)
  const again =
    confirmation === undefined
      ? undefined
      : judgeNight(withTonight(members, confirmation).map(seriesOf), options)
  const metrics = members.flatMap(({ past, tonight }, index): JudgedMetric[] => {
    const comparison = results[index]
    if (comparison === undefined) return []
    return [
      {
        comparison,
        past: past.map(({ point }) => point),
        tonight: tonight.point,
        isConfirmed: isRegressed(comparison) ? again?.some((other) => isSame(other, comparison)) : undefined,
      },
    ]
  })
  return { state: stateOf(metrics), metrics }
}

function isRegressed({ verdict }: NightComparison): boolean {
  return verdict === 'regressed'
}

/** The same metric of the same name, and as bad. */
function isSame(other: NightComparison, { metric, name }: NightComparison): boolean {
  return isRegressed(other) && other.metric.column === metric.column && other.name === name
}

function stateOf(metrics: readonly JudgedMetric[]): NightsData['state'] {
  const regressed = metrics.filter(({ comparison }) => isRegressed(comparison))
  if (regressed.length === 0) {
    return metrics.every(({ comparison }) => comparison.learning !== undefined) ? 'learning' : 'passed'
  }
  if (regressed.some(({ isConfirmed }) => isConfirmed)) return 'confirmed'
  return regressed.some(({ isConfirmed }) => isConfirmed === false) ? 'cleared' : 'candidate'
}
