/** The JSON form of limits and signals. */
import { z } from 'zod'
import type { Fault } from '../src/core/errors.ts'
import { type ServiceConfig, UNITS_OF_SERVICE } from './config.ts'
import { ALGORITHMS } from './limiter/algorithms.ts'
import type { QueueConfig } from './limiter/concurrency.ts'
import { parseRoutePattern, type RoutePattern } from './route-pattern.ts'
import {
  faultsInRule,
  faultsInUnit,
  MAX_LIMIT,
  MAX_WINDOW_US,
  REFUSAL_STATUSES,
  type RuleConfig,
  UNITS,
} from './rule.ts'
import { closedObject, defined, durationField, limitField } from './schema.ts'
import { RETRY_AFTER_FORMS, type SignalsConfig, X_RATE_LIMIT_FORMS } from './signals.ts'

export const nameField: z.ZodString = z.string().regex(/^[\w-]+$/, 'must be letters, digits, - and _')

const windowField = durationField(MAX_WINDOW_US, '366d')

/** A burst, which may be 0. */
export const burstField: z.ZodNumber = z.number().int().min(0).max(MAX_LIMIT)

/** A pattern as `parseRoutePattern` reads it. */
export const routeField: z.ZodType<RoutePattern, string> = z.string().transform((text, context) => {
  const route = parseRoutePattern(text)
  if (route !== undefined) return route
  context.addIssue({ code: 'custom', message: 'must be a path, with or without a method: "POST /vision/*"' })
  return z.NEVER
})

export const refusalStatusField: z.ZodLiteral<(typeof REFUSAL_STATUSES)[number]> = z.literal(REFUSAL_STATUSES)

/** One rule; `match` decides which requests it is for, `quota` makes it an allowance rather than a rate. */
export const ruleField: z.ZodType<RuleConfig> = closedObject({
  name: nameField,
  algorithm: z.enum(ALGORITHMS).default('sliding-log'),
  limit: limitField,
  window: windowField,
  burst: burstField.optional(),
  noDelay: z.boolean().optional(),
  countRefused: z.boolean().optional(),
  unit: z.enum(UNITS).optional(),
  match: z.array(routeField).min(1).optional(),
  group: nameField.optional(),
  perOperation: z.boolean().optional(),
  quota: z.boolean().optional(),
  autoscale: z.boolean().optional(),
  status: refusalStatusField.optional(),
})
  .transform(
    ({ window: windowUs, noDelay, countRefused, perOperation, quota, autoscale, ...rest }): RuleConfig =>
      defined({
        ...rest,
        windowUs,
        noDelay: noDelay === true ? true : undefined,
        countRefused: countRefused === true ? true : undefined,
        perOperation: perOperation === true ? true : undefined,
        isQuota: quota === true ? true : undefined,
        isAutoscaled: autoscale === true ? true : undefined,
      }),
  )
  .superRefine((rule, context) => {
    for (const { key, what } of faultsInRule(rule)) {
      context.addIssue({ code: 'custom', message: what, path: [key] })
    }
  })

export const queueField: z.ZodType<QueueConfig> = closedObject({
  size: limitField,
  timeout: durationField(3_600_000_000, '1h').optional(),
}).transform(({ size, timeout: timeoutUs }): QueueConfig => defined({ size, timeoutUs }))

export const signalsField: z.ZodType<SignalsConfig> = closedObject({
  retryAfter: z.enum(RETRY_AFTER_FORMS).optional(),
  retryAfterMs: z.boolean().optional(),
  rateLimit: z.boolean().optional(),
  xRateLimit: z.enum(X_RATE_LIMIT_FORMS).optional(),
  exposeHeaders: z.boolean().optional(),
}).transform((json): SignalsConfig => defined(json))

/** What rules of one resource count that its service cannot. */
export function faultsInUnits(
  rules: readonly RuleConfig[],
  service: ServiceConfig['kind'],
  where: string,
): Fault[] {
  return rules.flatMap((rule, index) =>
    faultsInUnit(rule, UNITS_OF_SERVICE[service]).map(({ key, what }) => ({
      where: `${where}[${index}].${key}`,
      what,
    })),
  )
}
