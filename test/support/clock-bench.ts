import type { Precision } from '../../src/engine/clock.ts'
import { SystemClock } from '../../src/engine/system-clock.ts'
import { FakeEventLoop } from './event-loop.ts'

interface Fired {
  readonly atUs: number
  readonly firedUs: number
  readonly precision: Precision
}

/** A clock on an event loop with a time of its own, and what it has fired. */
export class ClockBench {
  readonly loop: FakeEventLoop = new FakeEventLoop()
  /** Whether something may come in from outside. */
  isExpecting = true
  readonly clock: SystemClock = new SystemClock(() => this.isExpecting)
  readonly fired: Fired[] = []

  add(atUs: number, precision: Precision): void {
    this.clock.schedule(
      atUs,
      () => this.fired.push({ atUs, firedUs: this.clock.nowUs(), precision }),
      precision,
    )
  }

  /** How late each timer was, in the order of firing. */
  lateness(): number[] {
    this.loop.run()
    return this.fired.map(({ atUs, firedUs }) => firedUs - atUs)
  }
}

/** A turn of the loop, and the whole µs that it is cut to. */
export const TURN_US = 51
