import type { ConnectionFigures } from '../../core/connection-figures.ts'
import { US_PER_MS, US_PER_S } from '../../core/units.ts'
import type { Clock } from '../../engine/clock.ts'
import type { EngineSnapshot } from '../../engine/protocol.ts'
import { MetricRegistry } from '../../measure/metrics.ts'
import { Recorder, type RequestFacts } from '../../measure/recorder.ts'
import { VitalsMeter } from '../../measure/vitals.ts'
import type { WorkerJob } from './worker-messages.ts'

/**
 * What is done once a second is cold code: interpreted for the first ten seconds or so, then compiled by V8 in another
 * thread, which on a single core takes milliseconds in which requests are due. Before the load begins both threads go through
 * it with made-up seconds that nobody sees: the main thread's steps of a second take a quarter less then.
 */
export const LASTS_MS: number = 200

/** Readings take microseconds: what is compiled of them is ready by then. */
export const VITALS_LAST_MS: number = 50

/** A shorter load has too few seconds to gain from it what it costs. */
const SHORTEST_LOAD_US = 5 * US_PER_S

/** What decides of a `WorkerJob`. */
interface RehearsedJob {
  readonly world: Pick<WorkerJob['world'], 'kind'>
  readonly plan: Pick<WorkerJob['plan'], 'loadEndUs'>
}

const REQUESTS_PER_SECOND = 40
export const LOAD_END_US: number = 3_600 * US_PER_S

/** Whether it is worth it; in virtual time nothing is ever late. */
export function wantsRehearsal({ world, plan }: RehearsedJob): boolean {
  return world.kind !== 'virtual' && plan.loadEndUs >= SHORTEST_LOAD_US
}

/** The engine's part: counts requests and makes snapshots of them. @returns how many seconds it went through. */
export function rehearseTelling(lastsMs: number = LASTS_MS): number {
  const endMs = performance.now() + lastsMs
  let count = 0
  for (const { nowUs } of madeUpSnapshots()) {
    count = nowUs / US_PER_S
    if (performance.now() >= endMs) break
  }
  return count
}

/**
 * The clock's part: timers so far apart that it sleeps between them and some that are near, then some with a coarse one shortly
 * before. @returns how many.
 */
export async function rehearseTimers(clock: Clock, lastsMs: number = LASTS_MS): Promise<number> {
  const count = await passTimers(clock, lastsMs, (index) => (index % 10 === 0 ? 300 : 2_100))
  return count + (await passTimers(clock, lastsMs / 2, () => DENSE_US, COARSE_BEFORE_US))
}

/** @param coarseBeforeUs where there is to be a coarse timer beside each */
async function passTimers(
  clock: Clock,
  lastsMs: number,
  gapUs: (index: number) => number,
  coarseBeforeUs?: number,
): Promise<number> {
  const endUs = clock.nowUs() + lastsMs * US_PER_MS
  let count = 0
  for (let dueUs = clock.nowUs(); dueUs < endUs; dueUs += gapUs(count)) {
    if (coarseBeforeUs !== undefined) clock.schedule(dueUs - coarseBeforeUs, () => {}, 'coarse')
    await new Promise<void>((resolve) => void clock.schedule(dueUs, resolve, 'exact'))
    count++
  }
  return count
}

/** As at 5,000 arrivals a second. */
const DENSE_US = 200
/** So near that the coarse one comes behind the exact one. */
const COARSE_BEFORE_US = 30

/** Of made-up seconds, one snapshot for each, without end. */
export function* madeUpSnapshots(): Generator<EngineSnapshot> {
  const recorder = new Recorder()
  const metrics = new MetricRegistry({ selectors: [], warmupUs: 0 })
  const vitals = new VitalsMeter(readingAt(0), CONNECTIONS)
  for (let second = 1; ; second++) {
    const nowUs = second * US_PER_S
    countRequests(recorder, nowUs - US_PER_S)
    metrics.add(metrics.id('http_reqs'), REQUESTS_PER_SECOND, { tag: () => undefined }, nowUs)
    vitals.read(readingAt(nowUs))
    yield {
      nowUs,
      loadEndUs: LOAD_END_US,
      recorder: recorder.snapshot(nowUs, nowUs),
      metrics: metrics.delta(),
      checks: [],
      groups: [],
      progress: PROGRESS,
      loopUtilizationRatio: 0.5,
      vitals: vitals.take(CONNECTIONS),
    }
  }
}

const CONNECTIONS: ConnectionFigures = { waitUs: 0, shortageCount: 0 }

const PROGRESS: EngineSnapshot['progress'] = {
  activeVus: 1,
  initializedVus: 1,
  doneRatio: undefined,
  startedCount: 1,
  completedCount: 1,
  interruptedCount: 0,
  exceptionCount: 0,
  unbegunCount: 0,
}

/** At an even distance, with durations that fall into as many buckets. */
function countRequests(recorder: Recorder, startUs: number): void {
  const nameId = recorder.nameId('GET /')
  for (let index = 0; index < REQUESTS_PER_SECOND; index++) {
    const dueUs = startUs + (index * US_PER_S) / REQUESTS_PER_SECOND
    const sentUs = dueUs + index
    recorder.iterationDue(dueUs)
    recorder.iterationStarted(dueUs, sentUs)
    recorder.offered(nameId, dueUs)
    recorder.sent(nameId, sentUs, 1)
    recorder.done(nameId, { ...ACCEPTED, plannedUs: dueUs, sentUs, doneUs: sentUs + 100 + index * index })
  }
}

const ACCEPTED: Omit<RequestFacts, 'plannedUs' | 'sentUs' | 'doneUs'> = {
  outcome: 'accepted',
  attempt: 1,
  retryAfterUs: undefined,
  sentBytes: 100,
  receivedBytes: 100,
  operation: undefined,
}

function readingAt(monotonicUs: number) {
  return { monotonicUs, wallOffsetUs: 0, loopActiveUs: monotonicUs, cpuUs: monotonicUs }
}
