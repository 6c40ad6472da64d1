import { describe, expect, it } from 'vitest'
import type { ConnectionFigures } from '../../src/core/connection-figures.ts'
import {
  READING_EVERY_US,
  VitalsMeter,
  VitalsTotals,
  type Vitals,
  type VitalsReading,
  type VitalsSummary,
} from '../../src/measure/vitals.ts'

const MS = 1_000

/** What happens between two readings: µs of each clock. */
interface Stretch {
  readonly loopActiveUs?: number
  readonly cpuUs?: number
  readonly wallStepUs?: number
  readonly isUnreadable?: boolean
  readonly connectionWaitUs?: number
}

/** A thread whose clocks are told what to do. */
class Thread {
  #reading: VitalsReading = {
    monotonicUs: 5_000,
    wallOffsetUs: 1_700_000_000_000_000,
    loopActiveUs: 700,
    cpuUs: 900,
  }
  #connections: ConnectionFigures = { waitUs: 40, shortageCount: 1 }
  #wallOffsetUs = 1_700_000_000_000_000
  readonly #meter = new VitalsMeter(this.#reading, this.#connections)

  pass(elapsedUs: number, stretch: Stretch = {}): this {
    const { loopActiveUs = 0, cpuUs = loopActiveUs, wallStepUs = 0, connectionWaitUs = 0 } = stretch
    const last = this.#reading
    this.#wallOffsetUs += wallStepUs
    this.#reading = {
      monotonicUs: last.monotonicUs + elapsedUs,
      wallOffsetUs: stretch.isUnreadable === true ? undefined : this.#wallOffsetUs,
      loopActiveUs: last.loopActiveUs + loopActiveUs,
      cpuUs: last.cpuUs + cpuUs,
    }
    this.#connections = { ...this.#connections, waitUs: this.#connections.waitUs + connectionWaitUs }
    this.#meter.read(this.#reading)
    return this
  }

  idle(count: number): this {
    for (let n = 0; n < count; n++) this.pass(READING_EVERY_US)
    return this
  }

  take(): Vitals {
    return this.#meter.take(this.#connections)
  }

  summary(): VitalsSummary {
    const totals = new VitalsTotals()
    totals.add(this.take())
    return totals.summary()
  }
}

describe('VitalsMeter', () => {
  it('sees no delay in readings that come in time', () => {
    expect(new Thread().idle(50).summary()).toEqual({
      loopDelayP99Us: 0,
      cpuDelayP99Us: 0,
      clockStepUs: 0,
      connections: { waitUs: 0, shortageCount: 0 },
    })
  })

  it.each([
    ['the loop was busy', { loopActiveUs: 300 * MS, cpuUs: 300 * MS }, 'loopDelayP99Us'],
    ['polled before and was busy then', { loopActiveUs: 310 * MS, cpuUs: 310 * MS }, 'loopDelayP99Us'],
    ['it was active and got no CPU', { loopActiveUs: 300 * MS, cpuUs: 40 * MS }, 'cpuDelayP99Us'],
    ['it was woken too late', { loopActiveUs: 0, cpuUs: 0 }, 'cpuDelayP99Us'],
    ['it polled and was taken off the CPU', { loopActiveUs: 310 * MS, cpuUs: 10 * MS }, 'cpuDelayP99Us'],
    ['other threads worked while it was', { loopActiveUs: 300 * MS, cpuUs: 600 * MS }, 'loopDelayP99Us'],
  ] as const)('a reading is late because %s', (_story, stretch, figure) => {
    const summary = new Thread()
      .idle(100)
      .pass(READING_EVERY_US + 300 * MS, stretch)
      .summary()
    const { loopDelayP99Us = 0, cpuDelayP99Us = 0 } = summary
    expect(summary[figure]).toBeGreaterThan(250 * MS)
    expect(Math.min(loopDelayP99Us, cpuDelayP99Us)).toBe(0)
  })

  it('counts a stall by the time that it takes, not as one reading', () => {
    // Waits of 1 s, 0.99 s, … 0: every hundredth of the ten seconds.
    const once = new Thread()
      .idle(900)
      .pass(READING_EVERY_US + 1_000 * MS, { loopActiveUs: 1_000 * MS })
      .summary()
    expect(once.loopDelayP99Us).toBeGreaterThanOrEqual(890 * MS)
    expect(once.loopDelayP99Us).toBeLessThanOrEqual(901 * MS)
    // The same in a hundred times as long a run is less than 1 % of it.
    const rare = new Thread()
      .idle(90_000)
      .pass(READING_EVERY_US + 500 * MS, { loopActiveUs: 500 * MS })
      .summary()
    expect(rare.loopDelayP99Us).toBe(0)
  })

  it('tells the largest step of the wall clock, also after a moment in which it could not be read', () => {
    const thread = new Thread().pass(READING_EVERY_US, { wallStepUs: 30 * MS })
    thread.pass(READING_EVERY_US, { wallStepUs: -2_000 * MS, isUnreadable: true })
    thread.pass(READING_EVERY_US).pass(READING_EVERY_US, { wallStepUs: 500 * MS })
    expect(thread.summary().clockStepUs).toBe(-2_000 * MS)
  })

  it('sees no step in a clock that is a little fast all the time', () => {
    const thread = new Thread()
    for (let n = 0; n < 1_000; n++) thread.pass(READING_EVERY_US, { wallStepUs: 5 })
    expect(thread.summary().clockStepUs).toBe(5)
  })

  it('begins anew with every take', () => {
    const thread = new Thread()
    thread.pass(READING_EVERY_US + 300 * MS, { wallStepUs: 5_000 * MS, connectionWaitUs: 70 })
    expect(thread.summary()).toMatchObject({ clockStepUs: 5_000 * MS, connections: { waitUs: 70 } })
    expect(thread.idle(5).summary()).toEqual({
      loopDelayP99Us: 0,
      cpuDelayP99Us: 0,
      clockStepUs: 0,
      connections: { waitUs: 0, shortageCount: 0 },
    })
  })
})

describe('VitalsTotals', () => {
  it('adds up what several takes saw', () => {
    const totals = new VitalsTotals()
    const thread = new Thread()
    for (const wallStepUs of [10, -4_000, 300]) {
      thread.idle(10).pass(READING_EVERY_US, { wallStepUs, connectionWaitUs: 5 })
      totals.add(thread.take())
    }
    expect(totals.summary()).toMatchObject({ clockStepUs: -4_000, connections: { waitUs: 15 } })
  })

  it('has no delays without a reading', () => {
    expect(new VitalsTotals().summary()).toEqual({
      loopDelayP99Us: undefined,
      cpuDelayP99Us: undefined,
      clockStepUs: 0,
      connections: { waitUs: 0, shortageCount: 0 },
    })
  })
})
