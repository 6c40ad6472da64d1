/** The types of the package `headroom-load`, for scripts. */

/** A threshold as scripts write it: `'p(95)<500'`, or the same with k6's conditions for ending the run. */
type ThresholdOption =
  | string
  | {
      /** E.g. `'p(95)<500'`. */
      readonly threshold: string
      /** Ends the run once the threshold is crossed. Default false. */
      readonly abortOnFail?: boolean
      /** How long to wait before the first such check: `'30s'`, or milliseconds. Default 0. */
      readonly delayAbortEval?: string | number
    }

/**
 * What a script says under `options.ext.headroom`. k6 accepts and ignores it.
 * Durations are texts such as `'30s'` or numbers of milliseconds.
 */
export interface HeadroomOptions {
  /**
   * The bundled mock to run against when no `--target` is given: a profile with settings, such as
   * `'personalizer-s0,tps=50'`, or what `headroom mock --config` reads from a file.
   */
  readonly mock?: string | Readonly<Record<string, unknown>>
  /** HTTP statuses that mean "slow down" besides 429, e.g. `[503]`. */
  readonly throttled?: readonly number[]
  /** The limits that are expected of the service, for the expected share of throttled replies. */
  readonly cap?: {
    /** Requests per second. */
    readonly rps?: number
    /** Requests at the same time. */
    readonly concurrency?: number
  }
  /**
   * Thresholds on headroom's own metrics, in k6's grammar, e.g. `{ http_req_throttled: ['rate<0.01'] }`. k6 refuses
   * metrics that it does not know among its own thresholds.
   */
  readonly thresholds?: Readonly<Record<string, readonly ThresholdOption[]>>
  /** How the arrivals of a scenario are spread around its rate, by the scenario's name. Default `'even'`. */
  readonly arrival?: Readonly<Record<string, 'even' | 'poisson'>>
  /** Kept out of the summary; whole seconds. Default 0. */
  readonly warmup?: string | number
  /** How many client processes the VUs stand for: the VUs of one share connections. Default 1. */
  readonly clients?: number
  /** `'per-vu'`: every VU has connections of its own, as on k6. Default `'shared'`. */
  readonly connections?: 'shared' | 'per-vu'
  /** Of all random numbers of the run; a whole number of at least 0. Default 1. */
  readonly seed?: number
}

/**
 * k6's own type of options with `ext.headroom` checked and completed, instead of anything at all:
 *
 *     import type { Options } from 'k6/options'
 *     import type { WithHeadroom } from 'headroom-load'
 *
 *     export const options: WithHeadroom<Options> = { … }
 */
export type WithHeadroom<K6Options extends object> = Omit<K6Options, 'ext'> & {
  ext?: {
    headroom?: HeadroomOptions
    /** Of other tools. */
    [tool: string]: unknown
  }
}
