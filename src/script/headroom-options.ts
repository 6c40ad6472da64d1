import * as z from 'zod'
import type { Fault } from '../core/errors.ts'
import { US_PER_S } from '../core/units.ts'
import {
  check,
  duration,
  flag,
  isRecord,
  list,
  mapChecked,
  oneOf,
  optionPath,
  positive,
  record,
  strict,
  text,
  whole,
} from './option-schema.ts'
import type { Checked } from './option-schema.ts'
import type { ArrivalKind, HeadroomPlan, ThresholdSpec } from './plan.ts'
import { suggest } from './suggest.ts'

/** A threshold as scripts write it: `'p(95)<500'`, or the same with k6's conditions for ending the run. */
type ThresholdOption =
  | string
  | {
      readonly threshold: string
      /** Ends the run once the threshold is crossed. Default false. */
      readonly abortOnFail?: boolean
      /** How long to wait before the first such check. Default 0. */
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
  readonly cap?: { readonly rps?: number; readonly concurrency?: number }
  /** Thresholds on headroom's own metrics, in k6's grammar. */
  readonly thresholds?: Readonly<Record<string, readonly ThresholdOption[]>>
  /** How the arrivals of a scenario are spread around its rate. Default `'even'`. */
  readonly arrival?: Readonly<Record<string, ArrivalKind>>
  /** Kept out of the summary; whole seconds. Default 0. */
  readonly warmup?: string | number
  /** How many client processes the VUs stand for: the VUs of one share connections. Default 1. */
  readonly clients?: number
  /** `'per-vu'`: every VU has connections of its own, as on k6. Default `'shared'`. */
  readonly connections?: 'shared' | 'per-vu'
  /** Of all random numbers of the run; a whole number of at least 0. */
  readonly seed?: number
}

const THRESHOLDS = record(
  list(
    z.preprocess(
      (value) => (typeof value === 'string' ? { threshold: value } : value),
      strict({
        threshold: text(),
        abortOnFail: flag().default(false),
        delayAbortEval: duration().default(0),
      }),
    ),
  ),
)

const HEADROOM = strict({
  mock: z
    .union([text(), record(z.unknown())], { error: 'must be a profile or the configuration of a mock' })
    .optional(),
  throttled: list(whole(100, 599)).default([]),
  cap: strict({ rps: positive().optional(), concurrency: whole(1).optional() }).default({}),
  thresholds: THRESHOLDS.default({}),
  arrival: record(oneOf(['even', 'poisson'])).default({}),
  warmup: duration()
    .default(0)
    .refine((us) => us % US_PER_S === 0, { error: 'must be whole seconds' }),
  clients: whole(1).default(1),
  connections: oneOf(['shared', 'per-vu']).default('shared'),
  seed: whole(0).optional(),
})

/** What `ext.headroom` says, sorted by who needs it. */
export interface HeadroomReading {
  readonly plan: HeadroomPlan
  readonly thresholds: readonly ThresholdSpec[]
  readonly arrival: Readonly<Record<string, ArrivalKind>>
}

/** @param where option path of `raw` */
export function readHeadroom(raw: unknown, where: string): Checked<HeadroomReading> {
  return mapChecked(check(HEADROOM, raw, where), (values) => ({
    plan: {
      mock: values.mock,
      throttled: values.throttled,
      cap: { rps: values.cap.rps, concurrency: values.cap.concurrency },
      warmupUs: values.warmup,
      clients: values.clients,
      connections: values.connections,
      seed: values.seed,
    },
    thresholds: thresholdSpecs(values.thresholds, `${where}.thresholds`),
    arrival: values.arrival,
  }))
}

/** Reads thresholds in k6's form; their grammar is not looked into. */
export function readThresholds(raw: unknown, where: string): Checked<readonly ThresholdSpec[]> {
  return mapChecked(check(THRESHOLDS, raw, where), (values) => thresholdSpecs(values, where))
}

function thresholdSpecs(values: z.infer<typeof THRESHOLDS>, where: string): ThresholdSpec[] {
  return Object.entries(values).flatMap(([metric, thresholds]) =>
    thresholds.map(({ threshold, abortOnFail, delayAbortEval }) => ({
      metric,
      expression: threshold,
      abortOnFail,
      delayAbortEvalUs: delayAbortEval,
      where,
    })),
  )
}

/** `arrival` may name only scenarios that have an arrival rate. Reads the raw options, whatever else is wrong with them. */
export function arrivalFaults(raw: unknown, openScenarios: readonly string[], where: string): Fault[] {
  const arrival = isRecord(raw) && isRecord(raw['arrival']) ? raw['arrival'] : {}
  return Object.keys(arrival)
    .filter((name) => !openScenarios.includes(name))
    .map((name) => ({
      where: optionPath(where, ['arrival', name]),
      what: 'no scenario of this name has an arrival rate',
      todo: suggest(name, openScenarios) ?? 'name one whose executor is constant- or ramping-arrival-rate',
    }))
}
