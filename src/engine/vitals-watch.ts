import { performance } from 'node:perf_hooks'
import type { ConnectionFigures } from '../core/connection-figures.ts'
import { US_PER_MS } from '../core/units.ts'
import { READING_EVERY_US, VitalsMeter, type Vitals, type VitalsReading } from '../measure/vitals.ts'
import type { VitalsPort } from './ports.ts'

/** Clocks that are read one after the other belong together when nothing came between. */
const SAME_MOMENT_MS = 5

/** Watches how the thread fares in which it runs. */
export class VitalsWatch implements VitalsPort {
  readonly #connections: () => ConnectionFigures
  readonly #nappedUs: () => number
  #meter: VitalsMeter | undefined
  #timer: NodeJS.Timeout | undefined

  /**
   * @param connections gives the figures of now.
   * @param nappedUs how long the thread has slept of its own will so far, outside of the event loop's waiting.
   */
  constructor(connections: () => ConnectionFigures, nappedUs: () => number = () => 0) {
    this.#connections = connections
    this.#nappedUs = nappedUs
  }

  begin(): void {
    this.#meter = new VitalsMeter(this.#reading())
    this.#timer = setTimeout(this.#read, READING_EVERY_US / US_PER_MS)
  }

  take(): Vitals | undefined {
    this.#meter?.read(this.#reading())
    return this.#meter?.take()
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#meter = undefined
  }

  /** A chain, because an interval would make up for what it has missed. */
  readonly #read = (): void => {
    this.#meter?.read(this.#reading())
    this.#timer = setTimeout(this.#read, READING_EVERY_US / US_PER_MS)
  }

  #reading(): VitalsReading {
    const beforeMs = performance.now()
    const wallMs = Date.now()
    const nowMs = performance.now()
    const { user, system } = process.cpuUsage()
    return {
      monotonicUs: toUs(nowMs),
      wallOffsetUs: nowMs - beforeMs < SAME_MOMENT_MS ? toUs(wallMs - nowMs) : undefined,
      loopActiveUs: toUs(performance.eventLoopUtilization().active) - this.#nappedUs(),
      cpuUs: user + system,
      connections: this.#connections(),
    }
  }
}

function toUs(ms: number): number {
  return Math.round(ms * US_PER_MS)
}
