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
