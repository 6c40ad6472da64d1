import { US_PER_MS } from '../core/units.ts'
import type { DurationSummary, Verdict, VerdictReason } from './summary.ts'

/** What the verdict on the instrument is made from; all of it after the warm-up. */
export interface VerdictInput {
  readonly scheduleDelay: DurationSummary
  readonly serviceTimeAccepted: DurationSummary
  /** Iterations whose time came, and those of them that could not start. */
  readonly iterationsDueCount: number
  readonly iterationsDroppedCount: number
  /** Arrivals planned up to the end of the load; `undefined` for the closed model, which plans none. */
  readonly iterationsPlannedCount: number | undefined
}

type Level = VerdictReason['level']

/**
 * Limits of what is seen. What is above `INVALID` spoils the numbers, what is above `SUSPECT` may.
 *
 * | seen                                   | SUSPECT above                 | INVALID above                  |
 * |----------------------------------------|-------------------------------|--------------------------------|
 * | schedule delay p99                     | 3 ms and 10 % of service p50  | 20 ms and 50 % of service p50  |
 * | dropped / due iterations               | 0.1 %                         | 1 %                            |
 * | planned iterations that never came up  | 1 %                           | 5 %                            |
 *
 * A delay adds to every response time, so it is held against what is measured: 5 ms spoil a p50 of 2 ms and not one
 * of 3 s. The floors are what timers of Node and a pause for garbage cost on a machine that is not overloaded.
 * Without an accepted reply the floors alone count.
 */
const LIMITS = {
  delay: {
    INVALID: { floorUs: 20 * US_PER_MS, serviceTimeRatio: 0.5 },
    SUSPECT: { floorUs: 3 * US_PER_MS, serviceTimeRatio: 0.1 },
  },
  dropped: { INVALID: 0.01, SUSPECT: 0.001 },
  missing: { INVALID: 0.05, SUSPECT: 0.01 },
} as const

/** The verdict on the instrument: whether the generator carried out its plan well enough for the numbers to count. */
export function judge(input: VerdictInput): Verdict {
  const reasons = [judgeDelay(input), judgeDropped(input), judgeAchieved(input)].filter(
    (reason) => reason !== undefined,
  )
  if (reasons.length === 0) return { level: 'VALID', reasons }
  return { level: reasons.some(({ level }) => level === 'INVALID') ? 'INVALID' : 'SUSPECT', reasons }
}

/** The worst level whose limit is exceeded. */
function levelOf(exceeds: (level: Level) => boolean): Level | undefined {
  if (exceeds('INVALID')) return 'INVALID'
  return exceeds('SUSPECT') ? 'SUSPECT' : undefined
}

function judgeDelay({ scheduleDelay, serviceTimeAccepted }: VerdictInput): VerdictReason | undefined {
  const delayUs = scheduleDelay.p99Us ?? 0
  const serviceUs = serviceTimeAccepted.p50Us
  const level = levelOf((candidate) => {
    const { floorUs, serviceTimeRatio } = LIMITS.delay[candidate]
    return delayUs > Math.max(floorUs, serviceTimeRatio * (serviceUs ?? 0))
  })
  if (level === undefined) return undefined
  const against = serviceUs === undefined ? '' : `, against a service time p50 of ${inMs(serviceUs)}`
  return {
    level,
    code: 'schedule_delay',
    what: `1 % of the iterations started ${inMs(delayUs)} or more after they were due${against}`,
    todo: 'lower the rate, give the generator more CPU, or make the script do less per iteration',
  }
}

function judgeDropped(input: VerdictInput): VerdictReason | undefined {
  const { iterationsDueCount, iterationsDroppedCount } = input
  const level = levelOf(
    (candidate) => iterationsDroppedCount > LIMITS.dropped[candidate] * iterationsDueCount,
  )
  if (level === undefined) return undefined
  const share = inPercent(iterationsDroppedCount / Math.max(iterationsDueCount, 1))
  return {
    level,
    code: 'dropped',
    what: `${iterationsDroppedCount} of ${iterationsDueCount} iterations (${share}) were dropped: no VU was free`,
    todo: 'raise maxVUs of the scenario',
  }
}

function judgeAchieved(input: VerdictInput): VerdictReason | undefined {
  const { iterationsPlannedCount, iterationsDueCount } = input
  if (iterationsPlannedCount === undefined) return undefined
  const missingCount = iterationsPlannedCount - iterationsDueCount
  const level = levelOf((candidate) => missingCount > LIMITS.missing[candidate] * iterationsPlannedCount)
  if (level === undefined) return undefined
  const share = inPercent(iterationsDueCount / iterationsPlannedCount)
  return {
    level,
    code: 'achieved_rate',
    what: `only ${iterationsDueCount} of ${iterationsPlannedCount} planned iterations (${share}) came up`,
    todo: 'lower the rate or give the generator more CPU: it could not keep up with the plan',
  }
}

function inMs(us: number): string {
  return `${Number((us / US_PER_MS).toPrecision(3))} ms`
}

function inPercent(ratio: number): string {
  return `${Number((100 * ratio).toPrecision(3))} %`
}
