/** Building blocks of the schemas for what users hand in as JSON. */
import { z } from 'zod'
import type { Fault } from '../src/core/errors.ts'
import { MAX_LIMIT } from './config.ts'
import { type LatencyConfig, parseLatency } from './latency.ts'

/** A limit, burst or concurrency. */
export const limitField: z.ZodNumber = z.number().int().min(1).max(MAX_LIMIT)

/** A latency in the syntax of `parseLatency`. */
export const latencyField: z.ZodType<LatencyConfig, string> = z.string().transform((text, context) => {
  const latency = parseLatency(text)
  if (typeof latency === 'object') return latency
  context.addIssue({ code: 'custom', message: latency })
  return z.NEVER
})

/** An object schema whose unknown keys are faults that list the known ones. */
export function closedObject<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined
      const keys = issue.keys.map((key) => `"${key}"`).join(', ')
      return `unknown key ${keys}; known keys: ${known}`
    },
  })
}

/** Every problem that zod found, each with its path below `root`: `config.resources[0].rules[1].limit`. */
export function faultsOf(error: z.ZodError, root: string): Fault[] {
  return error.issues.map((issue) => ({ where: root + formatPath(issue.path), what: issue.message }))
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
}
