import type { ConnectionFigures } from '../core/connection-figures.ts'
import { US_PER_MS } from '../core/units.ts'
import { BucketCounts } from './bucket-counts.ts'
import { HIGHEST_DURATION_US } from './buckets.ts'
import { DurationHistogram } from './histogram.ts'
import type { HistogramSnapshot } from './snapshot.ts'

/** How often an engine's thread takes a reading, µs. */
export const READING_EVERY_US: number = 10 * US_PER_MS

/** The clocks of an engine's thread, each from a zero of its own; integer µs. */
export interface VitalsReading {
  readonly monotonicUs: number
  /** Wall clock less monotonic clock; `undefined` when they could not be read at the same time. */
  readonly wallOffsetUs: number | undefined
  /** Time in which the event loop did not wait for events. */
  readonly loopActiveUs: number
  /** CPU time of the process, all threads. */
  readonly cpuUs: number
}

/** How an engine's thread fared in a stretch of time. Plain data, adds up. */
export interface Vitals {
  /** How long what happens at any moment has to wait until the event loop sees it, because the loop is busy. */
  readonly loopDelay: HistogramSnapshot
  /** The same, because the machine runs something else or does not run at all. */
  readonly cpuDelay: HistogramSnapshot
  /** The largest step of the wall clock against the monotonic one, positive when it was put forward. */
  readonly clockStepUs: number
  readonly connections: ConnectionFigures
}

/** The vitals of a run as the verdict takes them. */
export interface VitalsSummary {
  /** In 1 % of the time the wait was as long or longer; `undefined` without a reading. */
  readonly loopDelayP99Us: number | undefined
  readonly cpuDelayP99Us: number | undefined
  readonly clockStepUs: number
  readonly connections: ConnectionFigures
}

/**
 * Makes vitals of readings that are to come at fixed intervals. A reading that comes late was kept waiting, and so was
 * every one that should have come in between: these are counted with the rest of the wait that they would have had, or
 * one long stall would count as little as a short one.
 */
export class VitalsMeter {
  #last: VitalsReading
  #wallOffsetUs: number | undefined
  #loopDelay = new BucketCounts(HIGHEST_DURATION_US)
  #cpuDelay = new BucketCounts(HIGHEST_DURATION_US)
  #clockStepUs = 0
  /** When vitals were last taken. */
  #connections: ConnectionFigures

  constructor(first: VitalsReading, connections: ConnectionFigures) {
    this.#last = first
    this.#connections = connections
    this.#wallOffsetUs = first.wallOffsetUs
  }

  /** Takes the next reading; readings come in order. */
  read(reading: VitalsReading): void {
    const lateUs = Math.max(reading.monotonicUs - this.#last.monotonicUs - READING_EVERY_US, 0)
    const isStarved = 2 * withoutCpuUs(this.#last, reading) > lateUs
    const [delayed, other] = isStarved ? [this.#cpuDelay, this.#loopDelay] : [this.#loopDelay, this.#cpuDelay]
    for (let delayUs = lateUs; delayUs >= 0; delayUs -= READING_EVERY_US) {
      delayed.add(delayUs)
      other.add(0)
    }
    this.#followWall(reading.wallOffsetUs)
    this.#last = reading
  }

  /** What was seen since the last call. @param connections the figures of now. */
  take(connections: ConnectionFigures): Vitals {
    const vitals = {
      loopDelay: this.#loopDelay.snapshot(),
      cpuDelay: this.#cpuDelay.snapshot(),
      clockStepUs: this.#clockStepUs,
      connections: {
        waitUs: connections.waitUs - this.#connections.waitUs,
        shortageCount: connections.shortageCount - this.#connections.shortageCount,
      },
    }
    this.#connections = connections
    this.#loopDelay = new BucketCounts(HIGHEST_DURATION_US)
    this.#cpuDelay = new BucketCounts(HIGHEST_DURATION_US)
    this.#clockStepUs = 0
    return vitals
  }

  #followWall(offsetUs: number | undefined): void {
    if (offsetUs === undefined) return
    if (this.#wallOffsetUs !== undefined) {
      this.#clockStepUs = larger(this.#clockStepUs, offsetUs - this.#wallOffsetUs)
    }
    this.#wallOffsetUs = offsetUs
  }
}

/**
 * Time in which the thread could have gone on but was not run. While the loop was active the process used no CPU;
 * while it waited for events it did so for longer than until the next reading.
 */
function withoutCpuUs(from: VitalsReading, to: VitalsReading): number {
  const activeUs = to.loopActiveUs - from.loopActiveUs
  const idleUs = to.monotonicUs - from.monotonicUs - activeUs
  const cpuUs = to.cpuUs - from.cpuUs
  return Math.max(activeUs - cpuUs, 0) + Math.max(idleUs - READING_EVERY_US, 0)
}

/** Adds up the vitals of a run. */
export class VitalsTotals {
  readonly #loopDelay = new DurationHistogram()
  readonly #cpuDelay = new DurationHistogram()
  #clockStepUs = 0
  #connectionWaitUs = 0
  #connectionShortageCount = 0

  add({ loopDelay, cpuDelay, clockStepUs, connections }: Vitals): void {
    this.#loopDelay.merge(loopDelay)
    this.#cpuDelay.merge(cpuDelay)
    this.#clockStepUs = larger(this.#clockStepUs, clockStepUs)
    this.#connectionWaitUs += connections.waitUs
    this.#connectionShortageCount += connections.shortageCount
  }

  summary(): VitalsSummary {
    return {
      loopDelayP99Us: this.#loopDelay.quantileUs(0.99),
      cpuDelayP99Us: this.#cpuDelay.quantileUs(0.99),
      clockStepUs: this.#clockStepUs,
      connections: { waitUs: this.#connectionWaitUs, shortageCount: this.#connectionShortageCount },
    }
  }
}

/** The step of the larger size. */
function larger(stepUs: number, otherUs: number): number {
  return Math.abs(otherUs) > Math.abs(stepUs) ? otherUs : stepUs
}
