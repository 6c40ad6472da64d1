import type { Rng } from '../src/core/rng.ts'
import { type CapacityConfig, type CapacityState, WorkerPool } from './capacity.ts'
import { formatFault } from './fault-syntax.ts'
import { type FaultConfig, type FaultEffect, FaultInjector, stallUs } from './faults.ts'
import { type LatencyConfig, createLatency, formatLatency } from './latency.ts'

export interface BackendConfig {
  readonly latency: LatencyConfig
  readonly capacity?: CapacityConfig
  readonly faults?: readonly FaultConfig[]
}

export interface BackendState {
  /** As `parseLatency` reads it. */
  readonly latency: string
  /** `null`: as many workers as there are requests. */
  readonly capacity: CapacityState | null
  /** As `parseFault` reads them. */
  readonly faults: readonly string[]
}

/** Other figures; what is absent stays. */
export interface BackendChange {
  readonly latency?: LatencyConfig
  /** `null`: as many workers as there are requests. */
  readonly capacity?: CapacityConfig | null
  /** In place of all that there are; the first request admitted from now on is number 1. */
  readonly faults?: readonly FaultConfig[]
}

/** What becomes of one admitted request. */
export interface Work {
  /** When the reply is ready. */
  readonly dueUs: number
  readonly effect: FaultEffect | undefined
}

/** The service behind the limits: how long it takes, how much it gets done at once and what goes wrong. */
export class Backend {
  readonly #rng: Rng
  readonly #latencyRng: Rng
  #faultConfigs: readonly FaultConfig[]
  #faults: FaultInjector
  #latency: LatencyConfig
  #drawLatencyUs: () => number
  #workers: WorkerPool | undefined

  constructor({ latency, capacity, faults = [] }: BackendConfig, rng: Rng) {
    this.#rng = rng
    this.#latencyRng = rng.fork('latency')
    this.#faultConfigs = faults
    this.#faults = new FaultInjector(faults, rng.fork('faults'))
    this.#latency = latency
    this.#drawLatencyUs = createLatency(latency, this.#latencyRng)
    this.#workers = capacity && new WorkerPool(capacity)
  }

  /** From the next request on. */
  change({ latency, capacity, faults }: BackendChange): void {
    if (latency !== undefined) {
      this.#latency = latency
      this.#drawLatencyUs = createLatency(latency, this.#latencyRng)
    }
    if (capacity !== undefined) this.#setCapacity(capacity)
    if (faults !== undefined) {
      this.#faultConfigs = faults
      this.#faults = new FaultInjector(faults, this.#rng.fork('faults'))
    }
  }

  /** As it would have to be made to begin anew, changes included. */
  get config(): Required<Pick<BackendConfig, 'latency' | 'faults'>> & Pick<BackendConfig, 'capacity'> {
    const capacity = this.#workers?.config
    return {
      latency: this.#latency,
      faults: this.#faultConfigs,
      ...(capacity !== undefined && { capacity }),
    }
  }

  /** How long until the backlog has room: 0 = now. */
  waitUs(nowUs: number): number {
    return this.#workers?.waitUs(nowUs) ?? 0
  }

  /** How many requests are served at once. */
  get workerCount(): number {
    return this.#workers?.config.workers ?? Infinity
  }

  /**
   * Does the work of a request admitted at `nowUs`.
   *
   * @param readyUs when it reaches the service, later than `nowUs` if the limits hold it back.
   * @param workUs how long the work takes where the latency model says `drawnUs`; absent: just that.
   */
  serve(nowUs: number, readyUs: number, workUs?: (drawnUs: number) => number): Work {
    const drawnUs = this.#drawLatencyUs()
    const serviceUs = workUs === undefined ? drawnUs : workUs(drawnUs)
    const effect = this.#faults.next(nowUs)
    const doneUs = this.#workers?.serve(nowUs, readyUs, serviceUs) ?? readyUs + serviceUs
    return { dueUs: doneUs + stallUs(effect), effect }
  }

  /** When a reply that is ready at `dueUs` leaves. */
  afterPauses(dueUs: number): number {
    return this.#faults.afterPauses(dueUs)
  }

  state(nowUs: number): BackendState {
    return {
      latency: formatLatency(this.#latency),
      capacity: this.#workers?.state(nowUs) ?? null,
      faults: this.#faultConfigs.map(formatFault),
    }
  }

  #setCapacity(capacity: CapacityConfig | null): void {
    if (capacity === null) this.#workers = undefined
    else if (this.#workers === undefined) this.#workers = new WorkerPool(capacity)
    else this.#workers.config = capacity
  }
}
