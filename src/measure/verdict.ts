import { US_PER_MS, US_PER_S } from '../core/units.ts'
import type { DurationSummary, Verdict, VerdictReason } from './summary.ts'
import type { VitalsSummary } from './vitals.ts'

/** What the verdict on the instrument is made from; all of it after the warm-up. */
export interface VerdictInput {
  readonly scheduleDelay: DurationSummary
  readonly serviceTimeAccepted: DurationSummary
  readonly responseTimeAccepted: DurationSummary
  readonly sentCount: number
  /** Iterations whose time came, and those of them that could not start. */
  readonly iterationsDueCount: number
  readonly iterationsDroppedCount: number
  /** Arrivals planned up to the end of the load; `undefined` for the closed model, which plans none. */
  readonly iterationsPlannedCount: number | undefined
  /** Of the busiest second, 0–1; `undefined` in virtual time. */
  readonly loopUtilizationMaxRatio: number | undefined
  /** The script wants a new connection again and again: the wait for it is part of what it measures. */
  readonly wantsConnections: boolean
  readonly vitals: VitalsSummary
}

type Level = VerdictReason['level']

/**
 * Limits of what is seen: above `INVALID` it spoils the numbers, above `SUSPECT` it may. results/README.md has them as
 * a table.
 *
 * A delay adds to response times, so it is held against what is measured: 5 ms spoil a p50 of 2 ms and not one of 3 s.
 * Without an accepted reply the floors alone count. Those of the schedule delay are what timers of Node and a pause for
 * garbage cost on a machine that is not overloaded. Delays of loop and CPU add to service times, too, and are all that
 * shows in executors without a plan; they are read every 10 ms by timers that are a millisecond off.
 *
 * A busy loop and waits for connections spoil nothing by themselves: a rate may be the generator's limit and not the
 * target's; the waits are part of the response times and may be the target's doing. No duration depends on the wall
 * clock, but the times in the files do, where a second is a row; and a step may be a machine that was suspended.
 */
const LIMITS = {
  scheduleDelay: {
    INVALID: { floorUs: 20 * US_PER_MS, ratio: 0.5 },
    SUSPECT: { floorUs: 3 * US_PER_MS, ratio: 0.1 },
  },
  dropped: { INVALID: 0.01, SUSPECT: 0.001 },
  missing: { INVALID: 0.05, SUSPECT: 0.01 },
  threadDelay: {
    INVALID: { floorUs: 50 * US_PER_MS, ratio: 0.5 },
    SUSPECT: { floorUs: 10 * US_PER_MS, ratio: 0.1 },
  },
  loopUtilization: { SUSPECT: 0.9 },
  connectionWait: { SUSPECT: { floorUs: US_PER_MS, ratio: 0.1 } },
  shortage: { INVALID: 0.01, SUSPECT: 0 },
  clockStepUs: { INVALID: US_PER_S, SUSPECT: 100 * US_PER_MS },
} as const

const JUDGES: readonly ((input: VerdictInput) => VerdictReason | undefined)[] = [
  judgeScheduleDelay,
  judgeDropped,
  judgeAchieved,
  judgeLoopDelay,
  judgeCpuDelay,
  judgeLoopUtilization,
  judgeConnectionWait,
  judgeShortage,
  judgeClock,
]

/** The verdict on the instrument: whether the generator carried out its plan well enough for the numbers to count. */
export function judge(input: VerdictInput): Verdict {
  const reasons = JUDGES.map((judgeOne) => judgeOne(input)).filter((reason) => reason !== undefined)
  if (reasons.length === 0) return { level: 'VALID', reasons }
  return { level: reasons.some(({ level }) => level === 'INVALID') ? 'INVALID' : 'SUSPECT', reasons }
}

/** The worst level whose limit is exceeded; a level without a limit is never reached. */
function levelOf<L>(
  limits: Readonly<Partial<Record<Level, L>>>,
  exceeds: (limit: L) => boolean,
): Level | undefined {
  const { INVALID, SUSPECT } = limits
  if (INVALID !== undefined && exceeds(INVALID)) return 'INVALID'
  return SUSPECT !== undefined && exceeds(SUSPECT) ? 'SUSPECT' : undefined
}

/** What a duration must exceed: a floor, and a share of what is measured. */
interface DurationLimit {
  readonly floorUs: number
  readonly ratio: number
}

/** The level of a delay that adds to durations of `measuredUs`. */
function levelOfDelay(
  limits: Readonly<Partial<Record<Level, DurationLimit>>>,
  delayUs: number,
  measuredUs: number | undefined,
): Level | undefined {
  return levelOf(limits, ({ floorUs, ratio }) => delayUs > Math.max(floorUs, ratio * (measuredUs ?? 0)))
}

function judgeScheduleDelay({ scheduleDelay, serviceTimeAccepted }: VerdictInput): VerdictReason | undefined {
  const delayUs = scheduleDelay.p99Us ?? 0
  const level = levelOfDelay(LIMITS.scheduleDelay, delayUs, serviceTimeAccepted.p50Us)
  if (level === undefined) return undefined
  return {
    level,
    code: 'schedule_delay',
    what: `1 % of the iterations started ${inMs(delayUs)} or more after they were due${againstService(serviceTimeAccepted)}`,
    todo: 'lower the rate, give the generator more CPU, or make the script do less per iteration',
  }
}

function judgeDropped(input: VerdictInput): VerdictReason | undefined {
  const { iterationsDueCount, iterationsDroppedCount } = input
  const level = levelOf(LIMITS.dropped, (limit) => iterationsDroppedCount > limit * iterationsDueCount)
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
  const level = levelOf(LIMITS.missing, (limit) => missingCount > limit * iterationsPlannedCount)
  if (level === undefined) return undefined
  const share = inPercent(iterationsDueCount / iterationsPlannedCount)
  return {
    level,
    code: 'achieved_rate',
    what: `only ${iterationsDueCount} of ${iterationsPlannedCount} planned iterations (${share}) came up`,
    todo: 'lower the rate or give the generator more CPU: it could not keep up with the plan',
  }
}

function judgeLoopDelay({ vitals, serviceTimeAccepted }: VerdictInput): VerdictReason | undefined {
  const delayUs = vitals.loopDelayP99Us ?? 0
  const level = levelOfDelay(LIMITS.threadDelay, delayUs, serviceTimeAccepted.p50Us)
  if (level === undefined) return undefined
  return {
    level,
    code: 'loop_delay',
    what: `in 1 % of the time the script kept the event loop from everything else for ${inMs(delayUs)} or more${againstService(serviceTimeAccepted)}`,
    todo: 'look for long loops and large bodies in the script, and move them to setup() or the top of the module',
  }
}

function judgeCpuDelay({ vitals, serviceTimeAccepted }: VerdictInput): VerdictReason | undefined {
  const delayUs = vitals.cpuDelayP99Us ?? 0
  const level = levelOfDelay(LIMITS.threadDelay, delayUs, serviceTimeAccepted.p50Us)
  if (level === undefined) return undefined
  return {
    level,
    code: 'cpu_delay',
    what: `in 1 % of the time the generator waited ${inMs(delayUs)} or more for a CPU${againstService(serviceTimeAccepted)}`,
    todo: 'end other programs on this machine, give it more cores, or run the generator away from the target',
  }
}

function judgeLoopUtilization({ loopUtilizationMaxRatio = 0 }: VerdictInput): VerdictReason | undefined {
  const level = levelOf(LIMITS.loopUtilization, (limit) => loopUtilizationMaxRatio > limit)
  if (level === undefined) return undefined
  return {
    level,
    code: 'loop_utilization',
    what: `the event loop was ${inPercent(loopUtilizationMaxRatio)} busy in its busiest second: rates may be the generator’s limit, not the target’s`,
    todo: 'lower the rate, use fewer VUs, or make the script do less per iteration',
  }
}

function judgeConnectionWait(input: VerdictInput): VerdictReason | undefined {
  const { vitals, sentCount, responseTimeAccepted, wantsConnections } = input
  if (wantsConnections) return undefined
  const waitUs = vitals.connections.waitUs / Math.max(sentCount, 1)
  const level = levelOfDelay(LIMITS.connectionWait, waitUs, responseTimeAccepted.meanUs)
  if (level === undefined) return undefined
  const { meanUs } = responseTimeAccepted
  const against = meanUs === undefined ? '' : `, of a mean response time of ${inMs(meanUs)}`
  return {
    level,
    code: 'connection_wait',
    what: `requests waited ${inMs(waitUs)} on average for a new connection${against}`,
    todo: 'set a warmup, in which connections are opened; if they are slow all the time, look for a connection limit or a short listen queue at the target',
  }
}

function judgeShortage({ vitals, sentCount }: VerdictInput): VerdictReason | undefined {
  const { shortageCount } = vitals.connections
  const level = levelOf(LIMITS.shortage, (limit) => shortageCount > limit * sentCount)
  if (level === undefined) return undefined
  return {
    level,
    code: 'connection_shortage',
    what: `${shortageCount} of ${sentCount} requests got no connection because this machine had run out of open files, ports or memory`,
    todo: 'raise the limit of open files with ulimit -n, reuse connections, or use fewer VUs',
  }
}

function judgeClock({ vitals: { clockStepUs } }: VerdictInput): VerdictReason | undefined {
  const sizeUs = Math.abs(clockStepUs)
  const level = levelOf(LIMITS.clockStepUs, (limitUs) => sizeUs > limitUs)
  if (level === undefined) return undefined
  const step = `the clock of this machine was set ${clockStepUs > 0 ? 'forward' : 'back'} by ${inMs(sizeUs)}`
  return {
    level,
    code: 'clock_step',
    what: clockStepUs > 0 ? `${step}, or the machine was suspended` : step,
    todo: 'run again, with the clock set and the machine kept awake: times in the files do not fit those of the target',
  }
}

function againstService({ p50Us }: DurationSummary): string {
  return p50Us === undefined ? '' : `, against a service time p50 of ${inMs(p50Us)}`
}

function inMs(us: number): string {
  return `${Number((us / US_PER_MS).toPrecision(3))} ms`
}

function inPercent(ratio: number): string {
  return `${Number((100 * ratio).toPrecision(3))} %`
}
