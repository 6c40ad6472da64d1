import type { Rng } from '../src/core/rng.ts'
import {
  Admission,
  type Asked,
  type Decision,
  type LimitsChange,
  type LimitsConfig,
  type LimitsState,
} from './admission.ts'
import { admit } from './admit.ts'
import { Backend, type BackendChange, type BackendConfig, type BackendState } from './backend.ts'
import type { Limited } from './cap.ts'

/** What several resources stand in front of: the one search service behind many apps. */
export interface SharedBackendConfig extends LimitsConfig, Omit<BackendConfig, 'faults'> {
  readonly name: string
}

/** Its own account. Requests = admitted + refused (over all rules). */
export interface SharedBackendState extends LimitsState, Omit<BackendState, 'faults'> {
  readonly name: string
  readonly requestCount: number
  readonly admittedCount: number
  readonly refusedCounts: Readonly<Record<string, number>>
}

/**
 * A service that others call for each of their own requests. It is asked when a request has passed the limits of the
 * resource in front, whose own work then takes as much longer as this one takes.
 */
export class SharedBackend {
  readonly name: string
  readonly #rng: Rng
  #backend: Backend
  #admission: Admission
  #admittedCount = 0
  #refusedCounts: Record<string, number> = {}

  constructor(config: SharedBackendConfig, rng: Rng) {
    this.name = config.name
    this.#rng = rng
    this.#backend = new Backend(config, rng)
    this.#admission = new Admission(config)
  }

  /** A refusal names the rule after the backend: `search/rate`. What is admitted has to be served. */
  admit(asked: Asked, nowUs: number): Decision {
    const { slots: _slots, ...common } = asked
    const decision = admit(this.#admission, this.#backend, common, nowUs)
    if (decision.admitted) return decision
    this.#refusedCounts[decision.rule] = (this.#refusedCounts[decision.rule] ?? 0) + 1
    return { ...decision, rule: `${this.name}/${decision.rule}` }
  }

  /**
   * @param readyUs when the request reaches it.
   * @returns when it has answered.
   */
  serve(nowUs: number, readyUs: number): number {
    const { dueUs } = this.#backend.serve(nowUs, readyUs)
    this.#admission.occupy(nowUs, dueUs)
    this.#admittedCount++
    return dueUs
  }

  /** The limits in force. */
  get limits(): Limited {
    return { name: this.name, ...this.#admission.config, ...this.#backend.config }
  }

  patch(patch: LimitsChange & BackendChange, nowUs: number): void {
    this.#admission.change(patch, nowUs)
    this.#backend.change(patch)
  }

  /** Begins anew with the limits in force. */
  reset(): void {
    this.#admission = new Admission(this.#admission.config)
    this.#backend = new Backend(this.#backend.config, this.#rng)
    this.#admittedCount = 0
    this.#refusedCounts = {}
  }

  state(nowUs: number): SharedBackendState {
    const { faults: _faults, ...backend } = this.#backend.state(nowUs)
    const refusedCount = Object.values(this.#refusedCounts).reduce((total, count) => total + count, 0)
    return {
      name: this.name,
      ...this.#admission.state(nowUs),
      ...backend,
      requestCount: this.#admittedCount + refusedCount,
      admittedCount: this.#admittedCount,
      refusedCounts: { ...this.#refusedCounts },
    }
  }
}
