import { doAll, type Steps } from '../../core/steps.ts'
import type { EngineProgress, EngineResult, EngineSnapshot, StopReason } from '../../engine/protocol.ts'
import type { TargetCap } from '../../measure/cap-timeline.ts'
import { CheckTally } from '../../measure/checks.ts'
import { MetricStore } from '../../measure/metric-store.ts'
import { errorCount } from '../../measure/outcome.ts'
import { RunTotals, type RunFigures } from '../../measure/run-totals.ts'
import type { SecondCell } from '../../measure/snapshot.ts'
import type { NameSummary, RunSummary, SecondRow, Verdict } from '../../measure/summary.ts'
import type { Threshold } from '../../measure/threshold-parser.ts'
import { ThresholdWatch } from '../../measure/thresholds.ts'
import { judge } from '../../measure/verdict.ts'
import { VitalsTotals } from '../../measure/vitals.ts'
import type { K6Facts } from '../../report/k6-data.ts'
import type { LiveState } from '../../report/live.ts'
import { LiveWindow, type OpenCounts } from './live-window.ts'
import { runWarnings } from './warnings.ts'

export interface CollectorOptions {
  readonly scenario: string
  readonly warmupUs: number
  /** When the load is planned to end. */
  readonly loadEndUs: number
  readonly capRps: number | undefined
  readonly thresholds: readonly Threshold[]
  /** Arrivals that the plan has after the warm-up; `undefined` where there is no such number. */
  readonly plannedCount: number | undefined
  /** The script wants a new connection for every request or iteration. Default: it does not. */
  readonly wantsConnections?: boolean
  /** How many seconds the rates of the live view are means of. */
  readonly liveWindowS: number
  readonly onSecond: (rows: readonly SecondRow[]) => void
  /** Gets what was counted in each second, once and in order. */
  readonly onCells: (cells: readonly SecondCell[]) => void
}

const NO_PROGRESS: EngineProgress = {
  activeVus: 0,
  initializedVus: 0,
  startedCount: 0,
  completedCount: 0,
  interruptedCount: 0,
  exceptionCount: 0,
  unbegunCount: 0,
}

/** The main thread's knowledge of a run: adds up what the engine posts, shows it live, makes the summary of it. */
export class Collector {
  readonly #options: CollectorOptions
  readonly #totals: RunTotals
  readonly #metrics: MetricStore
  readonly #watch: ThresholdWatch
  readonly #checks = new CheckTally()
  readonly #vitals = new VitalsTotals()
  readonly #window: LiveWindow
  #open: readonly SecondCell[] = []
  #progress = NO_PROGRESS
  #nowUs = 0
  #loadEndUs: number
  #loopUtilizationMaxRatio: number | undefined
  #namesOverflowed = false

  constructor(options: CollectorOptions) {
    this.#options = options
    this.#loadEndUs = options.loadEndUs
    this.#totals = new RunTotals(options)
    this.#metrics = new MetricStore(options.warmupUs)
    this.#watch = new ThresholdWatch(options.thresholds)
    this.#window = new LiveWindow(options.liveWindowS)
  }

  /** Takes a snapshot in. True when a threshold says that the run must end. */
  take(snapshot: EngineSnapshot): boolean {
    return doAll(this.takeInSteps(snapshot))
  }

  /** The same in steps. */
  *takeInSteps(snapshot: EngineSnapshot): Steps<boolean> {
    const { recorder, metrics, checks, groups, progress, nowUs, loadEndUs } = snapshot
    // A stretch that reaches over the end of the warm-up, because a snapshot came late, belongs where most of it lies.
    const isMeasured = (this.#nowUs + nowUs) / 2 >= this.#options.warmupUs
    this.#nowUs = nowUs
    this.endLoad(loadEndUs)
    this.#open = recorder.open
    this.#progress = progress
    this.#namesOverflowed ||= recorder.namesOverflowed
    // With the first step of the totals, or whoever watches would see seconds twice, or not at all.
    this.#window.take(recorder)
    yield* this.#totals.addInSteps(recorder.closed)
    if (isMeasured) this.#takeCondition(snapshot)
    yield
    this.#options.onCells(recorder.closed)
    this.#metrics.merge(metrics)
    this.#checks.merge(checks, groups)
    return this.#watch.evaluate(this.#metrics, nowUs, false).abort
  }

  #takeCondition({ loopUtilizationRatio, vitals }: EngineSnapshot): void {
    if (loopUtilizationRatio !== undefined) {
      this.#loopUtilizationMaxRatio = Math.max(this.#loopUtilizationMaxRatio ?? 0, loopUtilizationRatio)
    }
    if (vitals !== undefined) this.#vitals.add(vitals)
  }

  /** The target's cap from that time on; times come in order. */
  setCap(cap: TargetCap, fromUs: number): void {
    this.#totals.setCap(cap, fromUs)
  }

  /** Time of the last snapshot. */
  get nowUs(): number {
    return this.#nowUs
  }

  /** The load ends before its plan does. */
  endLoad(atUs: number): void {
    this.#loadEndUs = Math.min(this.#loadEndUs, atUs)
    this.#totals.endLoad(atUs)
  }

  live(): LiveState {
    const { scenario, warmupUs } = this.#options
    const loadEndUs = this.#loadEndUs
    const all = this.#totals.all()
    const open = this.#window.openCounts(warmupUs)
    const { level, reasons } = this.#verdict(all, undefined)
    return {
      scenario,
      phase: this.#nowUs < warmupUs ? 'warmup' : this.#nowUs < loadEndUs ? 'measure' : 'drain',
      elapsedUs: this.#nowUs,
      // How long the planned iterations take is not known, only how long they may.
      totalUs: this.#progress.doneRatio === undefined ? loadEndUs : undefined,
      doneRatio: this.#progress.doneRatio,
      ...this.#window.at(this.#nowUs),
      totals: liveTotals(all, open),
      capRps: this.#totals.capRps,
      inflightCount: this.#window.inflightCount,
      inflightMaxCount: Math.max(all.inflightMaxCount, open.inflightMaxCount),
      scheduleDelayP99Us: all.scheduleDelay?.p99Us,
      verdict: level,
      reason: reasons.find((reason) => reason.level === level)?.what,
    }
  }

  /** The summary of the finished run. */
  finish(
    result: Pick<EngineResult, 'stopReason' | 'loadEndUs'>,
    extraWarnings: readonly string[],
  ): RunSummary {
    this.#totals.adoptOpen(this.#open)
    this.#options.onCells(this.#open)
    const figures = this.#totals.finish({
      loadEndUs: result.loadEndUs,
      loopUtilizationMaxRatio: this.#loopUtilizationMaxRatio,
    })
    return this.#summaryOf(figures, result.stopReason, extraWarnings)
  }

  /** What k6's summary is made from, when the run is over. */
  k6Facts(): K6Facts {
    const { thresholds, warmupUs } = this.#options
    return {
      metrics: this.#metrics,
      nowUs: this.#nowUs,
      warmupUs,
      thresholds,
      results: this.#watch.evaluate(this.#metrics, this.#nowUs, true).results,
      checks: this.#checks.placed(),
      groups: this.#checks.groups(),
    }
  }

  #summaryOf(
    figures: RunFigures,
    stopReason: StopReason | undefined,
    extraWarnings: readonly string[],
  ): RunSummary {
    const [all] = figures.names
    if (all === undefined) throw new Error('a run without its own row')
    const planned = stopReason === undefined ? this.#options.plannedCount : undefined
    const progress = this.#progress
    const iterations = iterationsOf(this.#totals.iterations, progress)
    const namesOverflowed = this.#namesOverflowed
    return {
      durationS: all.durationS,
      verdict: this.#verdict(all, planned),
      ...figures,
      thresholds: this.#watch.evaluate(this.#metrics, this.#nowUs, true).results,
      checks: this.#checks.results(),
      metrics: this.#metrics.summaries(this.#nowUs),
      iterations,
      warnings: [...runWarnings({ all, stopReason, namesOverflowed, progress }), ...extraWarnings],
    }
  }

  #verdict(all: NameSummary, iterationsPlannedCount: number | undefined): Verdict {
    const { scheduleDelay, iterationsDueCount = 0, iterationsDroppedCount = 0 } = all
    const { serviceTimeAccepted, responseTimeAccepted, sentCount } = all
    if (scheduleDelay === undefined) return { level: 'VALID', reasons: [] }
    // What a scenario with a number of iterations did not get done in its time is no fault of the instrument.
    const { unbegunCount } = this.#progress
    return judge({
      scheduleDelay,
      serviceTimeAccepted,
      responseTimeAccepted,
      sentCount,
      iterationsDueCount: iterationsDueCount - unbegunCount,
      iterationsDroppedCount: iterationsDroppedCount - unbegunCount,
      iterationsPlannedCount:
        iterationsPlannedCount === undefined ? undefined : iterationsPlannedCount - unbegunCount,
      loopUtilizationMaxRatio: this.#loopUtilizationMaxRatio,
      wantsConnections: this.#options.wantsConnections === true,
      vitals: this.#vitals.summary(),
    })
  }
}

/**
 * Iterations due after the warm-up: each that started was completed, or interrupted, or still ran when the engine was
 * last heard of. The engine's own counts begin with the run.
 */
function iterationsOf(
  totals: RunTotals['iterations'],
  { interruptedCount, activeVus }: EngineProgress,
): RunSummary['iterations'] {
  const completedCount = Math.max(totals.startedCount - interruptedCount - activeVus, 0)
  return { ...totals, completedCount, interruptedCount }
}

/** A slow reply keeps its second out of the totals until it has come; whoever watches wants everything now. */
function liveTotals(all: NameSummary, open: OpenCounts): LiveState['totals'] {
  const { throttled } = all.outcomeCounts
  const sentCount = all.sentCount + open.sentCount
  return {
    sentCount,
    throttledRatio: sentCount === 0 ? undefined : (throttled + open.throttledCount) / sentCount,
    expectedThrottledRatio: all.expectedThrottledRatio,
    errorCount: errorCount(all.outcomeCounts) + open.errorCount,
    droppedCount: (all.iterationsDroppedCount ?? 0) + open.droppedCount,
  }
}
