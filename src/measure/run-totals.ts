import { doAll, type Steps } from '../core/steps.ts'
import { US_PER_S } from '../core/units.ts'
import { BIN_US } from './burst.ts'
import { CapMean } from './cap-mean.ts'
import { CapTimeline, type TargetCap, throughputRps } from './cap-timeline.ts'
import { ALL_NAMES } from './names.ts'
import { NameTotals, type SummaryFacts } from './name-totals.ts'
import { OUTCOMES } from './outcome.ts'
import { SecondRows } from './second-rows.ts'
import { BINS_PER_SECOND, type NameCell, type SecondCell, type Traffic } from './snapshot.ts'
import type { BurstRow, HistogramRows, NameSummary, Phase, SecondRow } from './summary.ts'

export interface RunTotalsOptions {
  /** Whole seconds, in µs: the seconds before it are shown but count nowhere else. */
  readonly warmupUs: number
  /** When the planned load ends. */
  readonly loadEndUs: number
  /** The target's cap at the start, when one is known: above it requests are refused. */
  readonly capRps: number | undefined
  /** Gets the rows of each second in order: `_all` first, then every name known so far. */
  readonly onSecond: (rows: readonly SecondRow[]) => void
}

export interface FinishFacts {
  /** When the load did end. */
  readonly loadEndUs: number
  /** Busiest second of the busiest worker's event loop, 0–1. */
  readonly loopUtilizationMaxRatio?: number | undefined
}

export interface RunFigures {
  /** `_all` first, then names in order of first use. */
  readonly names: readonly NameSummary[]
  readonly burst: readonly BurstRow[]
  readonly histograms: readonly HistogramRows[]
}

/**
 * What the main thread knows of a run: totals by name, the rows of every second, bursts. Memory does not grow with
 * the number of requests.
 *
 * Rates are per second of the measured part, from the end of the warm-up to the end of the load. What is sent
 * while the load drains counts, as does everything else after the warm-up, so that the seconds add up to the totals.
 */
export class RunTotals {
  readonly #options: RunTotalsOptions
  readonly #rows = new SecondRows()
  readonly #caps: CapTimeline
  readonly #capMean = new CapMean()
  readonly #all = new NameTotals(ALL_NAMES)
  readonly #names = new Map<string, NameTotals>()
  #loadEndUs: number
  #iterationsDueCount = 0
  #iterationsDroppedCount = 0
  #iterationsStartedCount = 0
  /** Requests beyond the cap, second by second: what a limiter with a window of 1 s would refuse. */
  #aboveCapCount = 0
  /** In some second it was known from which rate on requests are refused. */
  #hasRefusals: boolean
  /** Bins of the measured part up to which every second was added. */
  #measuredBins = 0

  /** @throws RangeError when the warm-up is not a whole number of seconds. */
  constructor(options: RunTotalsOptions) {
    if (options.warmupUs % US_PER_S !== 0) throw new RangeError('the warm-up must be whole seconds')
    this.#options = options
    this.#loadEndUs = options.loadEndUs
    const { capRps: rps } = options
    this.#caps = new CapTimeline(rps === undefined ? {} : { rps })
    this.#hasRefusals = rps !== undefined
  }

  /** The target's cap from that time on; times come in order. */
  setCap(cap: TargetCap, fromUs: number): void {
    this.#caps.set(cap, fromUs)
  }

  /** The cap of now. */
  get capRps(): number | undefined {
    return throughputRps(this.#caps.latest)
  }

  /** Iterations due, dropped and started after the warm-up. */
  get iterations(): {
    readonly dueCount: number
    readonly droppedCount: number
    readonly startedCount: number
  } {
    return {
      dueCount: this.#iterationsDueCount,
      droppedCount: this.#iterationsDroppedCount,
      startedCount: this.#iterationsStartedCount,
    }
  }

  /** The load ended before its plan did. To be called when it happens: seconds after it are `drain`. */
  endLoad(atUs: number): void {
    this.#loadEndUs = Math.min(this.#loadEndUs, atUs)
  }

  /** Closed seconds, each once and in order. */
  add(cells: readonly SecondCell[]): void {
    doAll(this.addInSteps(cells))
  }

  /** The same in steps; all is in the totals after the first. */
  *addInSteps(cells: readonly SecondCell[]): Steps {
    const added = cells.map((cell) => this.#addSecond(cell))
    yield
    for (const { cell, phase, cap, names } of added) {
      if (phase === 'measure') this.#addToBursts(cell, cap)
      yield
      this.#options.onSecond(this.#rows.of(cell, phase, names, throughputRps(cap)))
      yield
    }
  }

  /** The seconds that were still open when their worker died: what has no outcome was aborted. */
  adoptOpen(open: readonly SecondCell[]): void {
    this.add(open.map((cell) => ({ ...cell, names: cell.names.map(abortUnresolved) })))
  }

  /** The figures so far of all names together. */
  all(loopUtilizationMaxRatio?: number): NameSummary {
    this.#all.burst.advanceTo(this.#measuredBins)
    const isExpecting = this.#hasRefusals && this.#all.sentCount > 0
    return this.#all.summary({
      durationS: this.#durationS(),
      capRps: this.#capMean.isEmpty ? this.capRps : this.#capMean.rps,
      expectedThrottledRatio: isExpecting ? this.#aboveCapCount / this.#all.sentCount : undefined,
      iterationsDueCount: this.#iterationsDueCount,
      iterationsDroppedCount: this.#iterationsDroppedCount,
      scheduleDelay: this.#all.durations('schedule_delay', null),
      loopUtilizationMaxRatio,
    })
  }

  /** Everything, when the last second was added. */
  finish({ loadEndUs, loopUtilizationMaxRatio }: FinishFacts): RunFigures {
    this.endLoad(loadEndUs)
    const facts: SummaryFacts = {
      durationS: this.#durationS(),
      capRps: undefined,
      expectedThrottledRatio: undefined,
      iterationsDueCount: undefined,
      iterationsDroppedCount: undefined,
      scheduleDelay: undefined,
      loopUtilizationMaxRatio: undefined,
    }
    const named = [...this.#names.values()]
    for (const totals of named) totals.burst.advanceTo(this.#measuredBins)
    const everything = [this.#all, ...named]
    return {
      names: [this.all(loopUtilizationMaxRatio), ...named.map((totals) => totals.summary(facts))],
      burst: everything.flatMap((totals) => totals.burst.rows(totals.name)),
      histograms: everything.flatMap((totals) => totals.histograms()),
    }
  }

  #durationS(): number {
    return Math.max(this.#loadEndUs - this.#options.warmupUs, 0) / US_PER_S
  }

  #phaseOf(second: number): Phase {
    const startUs = second * US_PER_S
    if (startUs < this.#options.warmupUs) return 'warmup'
    return startUs < this.#loadEndUs ? 'measure' : 'drain'
  }

  /** @returns what else there is to do with it: every name known so far gets a row. */
  #addSecond(cell: SecondCell) {
    const phase = this.#phaseOf(cell.second)
    const cap = this.#caps.at(cell.second)
    for (const { name } of cell.names) {
      if (!this.#names.has(name)) this.#names.set(name, new NameTotals(name))
    }
    if (phase !== 'warmup') this.#addToTotals(cell, cap.rps)
    return { cell, phase, cap, names: [...this.#names.keys()] }
  }

  /** @param refusedAboveRps `undefined`: none is refused for its rate. */
  #addToTotals(cell: SecondCell, refusedAboveRps: number | undefined): void {
    this.#iterationsDueCount += cell.iterationsDueCount
    this.#iterationsDroppedCount += cell.iterationsDroppedCount
    this.#iterationsStartedCount += cell.iterationsStartedCount
    this.#all.addHistogram({ measure: 'schedule_delay', outcome: null, histogram: cell.scheduleDelay })
    this.#all.seeInflight(cell.inflightMaxCount)
    let sentCount = 0
    for (const nameCell of cell.names) {
      this.#all.add(nameCell)
      this.#names.get(nameCell.name)?.add(nameCell)
      sentCount += nameCell.sentCount
    }
    this.#aboveCapCount += Math.max(sentCount - (refusedAboveRps ?? Infinity), 0)
    this.#hasRefusals ||= refusedAboveRps !== undefined
  }

  #addToBursts(cell: SecondCell, cap: TargetCap): void {
    const startUs = cell.second * US_PER_S
    this.#capMean.add(throughputRps(cap), Math.min(this.#loadEndUs - startUs, US_PER_S))
    const startBin = (startUs - this.#options.warmupUs) / BIN_US
    const binCount = Math.min(Math.floor((this.#loadEndUs - startUs) / BIN_US), BINS_PER_SECOND)
    this.#all.burst.add(startBin, sumBins(cell.names), binCount)
    for (const { name, bins } of cell.names) this.#names.get(name)?.burst.add(startBin, bins, binCount)
    this.#measuredBins = startBin + binCount
  }
}

function sumBins(names: readonly NameCell[]): NameCell['bins'] {
  const sums = (traffic: Traffic): number[] =>
    Array.from({ length: BINS_PER_SECOND }, (_, bin) =>
      names.reduce((sum, { bins }) => sum + (bins[traffic][bin] ?? 0), 0),
    )
  return { offered: sums('offered'), sent: sums('sent'), accepted: sums('accepted') }
}

function abortUnresolved(cell: NameCell): NameCell {
  const outcomeCount = OUTCOMES.reduce((sum, outcome) => sum + cell.outcomeCounts[outcome], 0)
  const aborted = cell.outcomeCounts.aborted + cell.sentCount - outcomeCount
  return { ...cell, outcomeCounts: { ...cell.outcomeCounts, aborted } }
}
