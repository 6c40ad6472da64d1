/** The JSON form of what changes a resource over time, and of what stands in front of and behind several. */
import { z } from 'zod'
import { type AutoscaleChange, MAX_AUTOSCALE_PERIOD_US, parseGrowth } from './autoscale.ts'
import { changeCapacity } from './capacity.ts'
import { nameField, queueField, ruleField } from './limits-schema.ts'
import { MAX_LIMIT } from './rule.ts'
import {
  backlogField,
  closedObject,
  defined,
  durationField,
  latencyField,
  limitField,
  textField,
} from './schema.ts'
import type { SharedBackendConfig } from './shared-backend.ts'
import {
  type ManagerSettings,
  MAX_INSTANCES,
  MAX_SCALE_TIME_US,
  parseInstances,
  parsePolicy,
  parseTrigger,
} from './traffic/settings.ts'
import { MAX_USAGE_PERIOD_US, parseOutage, type UsageReportChange } from './usage-report.ts'

/** `true`, `false` or what differs from the profile. */
export const autoscaleField: z.ZodType<AutoscaleChange> = z.union([
  z.boolean().transform((enabled): AutoscaleChange => ({ enabled })),
  closedObject({
    enabled: z.boolean().optional(),
    period: durationField(MAX_AUTOSCALE_PERIOD_US, '1d').optional(),
    growth: textField(parseGrowth).optional(),
    max: limitField.optional(),
    spare: z.number().int().min(0).max(MAX_LIMIT).nullable().optional(),
  }).transform(({ period: periodUs, max: maxPerS, spare: sparePerS, ...rest }): AutoscaleChange =>
    defined({ ...rest, periodUs, maxPerS, sparePerS }),
  ),
])

export const usageReportField: z.ZodType<UsageReportChange> = closedObject({
  period: durationField(MAX_USAGE_PERIOD_US, '1d').optional(),
  tries: z.number().int().min(1).max(1_000).optional(),
  outages: z.array(textField(parseOutage)).min(1),
}).transform(({ period: periodUs, ...rest }): UsageReportChange => defined({ ...rest, periodUs }))

/** As many resources of the same kind, `NAME-1` and so on. */
export const instanceCountField: z.ZodNumber = z.number().int().min(1).max(MAX_INSTANCES)

export const backendField: z.ZodType<SharedBackendConfig> = closedObject({
  name: nameField,
  rules: z.array(ruleField).default([]),
  concurrency: limitField.optional(),
  queue: queueField.optional(),
  latency: latencyField,
  workers: limitField.optional(),
  backlog: backlogField.optional(),
})
  .refine(({ queue, concurrency }) => queue === undefined || concurrency !== undefined, {
    error: 'needs a cap on requests in flight; add concurrency',
    path: ['queue'],
    when: isObjectIn,
  })
  .refine(({ backlog, workers }) => backlog === undefined || workers !== undefined, {
    error: 'needs workers',
    path: ['backlog'],
    when: isObjectIn,
  })
  .transform(({ workers, backlog, ...rest }): SharedBackendConfig =>
    defined({ ...rest, capacity: changeCapacity(undefined, { workers, backlog }) }),
  )

/** Checks over several members are made beside those of each, so that all faults are told at once. */
function isObjectIn({ value }: { readonly value: unknown }): boolean {
  return typeof value === 'object' && value !== null
}

export const managerField: z.ZodType<ManagerSettings> = closedObject({
  policy: textField(parsePolicy).optional(),
  instances: textField(parseInstances).optional(),
  scaleOn: textField(parseTrigger).optional(),
  scalePeriod: durationField(MAX_SCALE_TIME_US, '1d').optional(),
  scaleLag: durationField(MAX_SCALE_TIME_US, '1d').optional(),
  scaleCooldown: durationField(MAX_SCALE_TIME_US, '1d', 0).optional(),
  scaleStep: z.number().int().min(1).max(MAX_INSTANCES).optional(),
  tps: limitField.optional(),
  concurrency: limitField.optional(),
  latency: latencyField.optional(),
}).transform(
  ({
    scalePeriod: scalePeriodUs,
    scaleLag: scaleLagUs,
    scaleCooldown: scaleCooldownUs,
    ...rest
  }): ManagerSettings => defined({ ...rest, scalePeriodUs, scaleLagUs, scaleCooldownUs }),
)
