import { percent, rate } from '../../report/format.ts'
import { CONFIDENCE, findPlateau, LEAST_GAIN_RATIO, meanOf, steadySeconds } from './plateau.ts'
import type { SaturationStep } from './saturation.ts'

/** Statuses by which services say that it is too much. */
const OVERLOAD_STATUSES = ['429', '503']
/** Above this the thread that sends has no time left: what it sends at most is what it can, not what the target can. */
const BUSY_LOOP_RATIO = 0.9
/** So near to the generator's own ceiling nobody can tell which of the two was reached. */
const NEAR_CEILING_RATIO = 0.8

/**
 * What the steps show, a sentence each.
 *
 * @param ceilingRps what the generator can do on this machine, where that was measured.
 */
export function findings(steps: readonly SaturationStep[], ceilingRps: number | undefined): string[] {
  return [
    ...plateauFinding(steps),
    ...OVERLOAD_STATUSES.map((status) => onsetFinding(steps, status)),
    ...generatorFinding(steps, ceilingRps),
  ]
}

/** What keeps the figures from meaning what they seem to. */
export function doubts(steps: readonly SaturationStep[]): string[] {
  return steps
    .filter(({ unopenedCount }) => unopenedCount > 0)
    .slice(0, 1)
    .map(
      ({ name, connections, unopenedCount }) =>
        `${name} had ${connections - unopenedCount} of its connections, because this process may open no more files: raise ulimit -n`,
    )
}

function acceptedRps({ acceptedPerSecond }: SaturationStep): number {
  return meanOf(steadySeconds(acceptedPerSecond))
}

function plateauFinding(steps: readonly SaturationStep[]): string[] {
  if (steps.length < 2) return []
  if (steps.every((step) => acceptedRps(step) === 0)) {
    return ['no reply was accepted: check the request, its keys and the target’s limits']
  }
  const plateau = findPlateau(steps.map(({ acceptedPerSecond }) => steadySeconds(acceptedPerSecond)))
  const step = plateau && steps[plateau.step]
  if (plateau === undefined || step === undefined) {
    return [`throughput still rose at ${steps.at(-1)?.name}: take more connections to see where it stops`]
  }
  const where = `${step.name}, ${rate(acceptedRps(step))} accepted/s`
  const gain = plateau.gainRatio > 0 ? `at most ${percent(plateau.gainRatio)} more` : 'no more'
  const least = percent(LEAST_GAIN_RATIO)
  if (plateau.isCertain) {
    return [
      `throughput stopped rising at ${where}: later steps had ${gain} (less than ${least} with ${percent(CONFIDENCE)} confidence)`,
    ]
  }
  return [
    `throughput seems to have stopped rising at ${where}: later steps had ${gain}, but these seconds do not rule out ${least}; ` +
      'take longer steps (-d)',
  ]
}

function onsetFinding(steps: readonly SaturationStep[], status: string): string {
  const first = steps.find(({ statusCounts }) => (statusCounts[status] ?? 0) > 0)
  if (first === undefined) return `${status} never came`
  const replies = Object.values(first.statusCounts).reduce((sum, value) => sum + value, 0)
  return `${status} began at ${first.name} (${percent((first.statusCounts[status] ?? 0) / replies)} of its replies)`
}

function generatorFinding(steps: readonly SaturationStep[], ceilingRps: number | undefined): string[] {
  const busy = steps.find(({ loopUtilizationMaxRatio = 0 }) => loopUtilizationMaxRatio > BUSY_LOOP_RATIO)
  const lines = busy
    ? [
        `the generator itself was busy all the time from ${busy.name} on: the ceiling may be its own, not the target’s`,
      ]
    : []
  if (ceilingRps === undefined) return lines
  const near = steps.find((step) => acceptedRps(step) >= NEAR_CEILING_RATIO * ceilingRps)
  const verdict = near
    ? `${near.name} came near it, so that the ceiling may be the generator’s own`
    : 'the target stayed well below it'
  return [
    ...lines,
    `this machine and generator can do ${rate(ceilingRps)}/s (closed, trivial server on loopback): ${verdict}`,
  ]
}
