import { performance } from 'node:perf_hooks'
import type { ConnectionFigures } from '../core/connection-figures.ts'
import { US_PER_MS } from '../core/units.ts'
import { READING_EVERY_US, VitalsMeter, type Vitals, type VitalsReading } from '../measure/vitals.ts'
import type { Clock, Timer } from './clock.ts'
import type { VitalsPort } from './ports.ts'

/** Clocks that are read one after the other belong together when nothing came between. */
const SAME_MOMENT_MS = 5

/** The clock of the thread, and how much of its polling the thread slept of its own will. */
export type WatchedClock = Pick<Clock, 'nowUs' | 'schedule'> & { readonly nappedUs: number }

/** Watches how the thread fares in which it runs. */
export class VitalsWatch implements VitalsPort {
  readonly #connections: () => ConnectionFigures
  readonly #clock: WatchedClock
  #meter: VitalsMeter | undefined
  #timer: Timer | undefined

  /** @param connections gives the figures of now. */
  constructor(connections: () => ConnectionFigures, clock: WatchedClock) {
    this.#connections = connections
    this.#clock = clock
  }

  /**
   * Takes readings that nobody sees, one after the other. At a hundred a second V8 comes to compile this some ten seconds into
   * a run, which takes 10 to 25 ms: it belongs before the load.
   *
   * @returns how many it took.
   */
  rehearse(lastsMs: number): number {
    let count = 0
    this.begin()
    for (const endMs = performance.now() + lastsMs; performance.now() < endMs; count++) {
      this.#timer?.cancel()
      this.#read()
    }
    this.end()
    return count
  }

  begin(): void {
    this.#timer?.cancel()
    this.#meter = new VitalsMeter(this.#reading(), this.#connections())
    this.#schedule()
  }

  take(): Vitals | undefined {
    this.#meter?.read(this.#reading())
    return this.#meter?.take(this.#connections())
  }

  end(): void {
    this.#timer?.cancel()
    this.#meter = undefined
  }

  /** A chain, because an interval would make up for what it has missed. */
  readonly #read = (): void => {
    this.#meter?.read(this.#reading())
    this.#schedule()
  }

  #schedule(): void {
    this.#timer = this.#clock.schedule(this.#clock.nowUs() + READING_EVERY_US, this.#read, 'coarse')
  }

  #reading(): VitalsReading {
    const beforeMs = performance.now()
    const wallMs = Date.now()
    const nowMs = performance.now()
    const { user, system } = process.cpuUsage()
    return {
      monotonicUs: toUs(nowMs),
      wallOffsetUs: nowMs - beforeMs < SAME_MOMENT_MS ? toUs(wallMs - nowMs) : undefined,
      loopActiveUs: toUs(performance.eventLoopUtilization().active) - this.#clock.nappedUs,
      cpuUs: user + system,
    }
  }
}

function toUs(ms: number): number {
  return Math.round(ms * US_PER_MS)
}
