import type { JudgedMetric, NightsData } from '../../../report/comparison/nights-data.ts'
import type { GateEntry } from '../../../run-files/gate-journal.ts'

/** What gate.csv keeps of a judgement: a line for each metric that regressed, else one for the night. */
export function gateEntries({ head, state, metrics, noise }: NightsData): GateEntry[] {
  const night = { runId: head.runId, metric: '', name: '', who: '', reason: '', commit: head.commit }
  const regressed = metrics.filter(({ comparison }) => comparison.verdict === 'regressed')
  if (regressed.length === 0) return [{ ...night, event: state, reason: noise.join('; ') }]
  return regressed.map((judged) => {
    const { metric, name } = judged.comparison
    return { ...night, event: eventOf(judged), metric: metric.column, name }
  })
}

function eventOf({ isConfirmed }: JudgedMetric): GateEntry['event'] {
  if (isConfirmed === undefined) return 'candidate'
  return isConfirmed ? 'confirmed' : 'cleared'
}
