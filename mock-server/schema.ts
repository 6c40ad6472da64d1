/** Building blocks of the schemas for what users hand in as JSON. */
import { z } from 'zod'
import type { Fault } from '../src/core/errors.ts'
import { parseDurationUs } from '../src/core/units.ts'
import { parseFault } from './fault-syntax.ts'
import type { FaultConfig } from './faults.ts'
import { type LatencyConfig, parseLatency } from './latency.ts'
import { MAX_LIMIT } from './rule.ts'
import { type CountRange, parseCountRange } from './services/bot.ts'

/** A limit, concurrency or queue. */
export const limitField: z.ZodNumber = z.number().int().min(1).max(MAX_LIMIT)

/** A backlog, which may be 0. */
export const backlogField: z.ZodNumber = z.number().int().min(0).max(MAX_LIMIT)

/** A latency in the syntax of `parseLatency`. */
export const latencyField: z.ZodType<LatencyConfig, string> = textField(parseLatency)

/** The same for a mock that runs already: files are read before. */
export const newLatencyField: z.ZodType<LatencyConfig, string> = latencyField.refine(
  ({ kind }) => kind !== 'file',
  { error: 'a file can be given only when the mock starts' },
)

/** A fault in the syntax of `parseFault`. */
export const faultField: z.ZodType<FaultConfig, string> = textField(parseFault)

/** A whole number or a range in the syntax of `parseCountRange`. */
export const countRangeField: z.ZodType<CountRange, string> = textField(parseCountRange)

/** A text in a syntax of its own. @param parse gives what the text says, or what is wrong with it. */
export function textField<Value extends object>(
  parse: (text: string) => Value | string,
): z.ZodType<Value, string> {
  return z.string().transform((text, context) => {
    const value = parse(text)
    if (typeof value === 'object') return value
    context.addIssue({ code: 'custom', message: value })
    return z.NEVER
  })
}

/** A duration above 0, or from 0 on, up to `maxUs`, as `parseDurationUs` reads it. */
export function durationField(
  maxUs: number,
  maxInWords: string,
  minUs: 0 | 1 = 1,
): z.ZodType<number, string | number> {
  return z.union([z.string(), z.number()]).transform((value, context) => {
    const us = parseDurationUs(value)
    if (us !== undefined && us >= minUs && us <= maxUs) return us
    const message = `must be a duration ${minUs === 0 ? 'from' : 'above'} 0 and up to ${maxInWords}, e.g. "1s"`
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })
}

/** Leaves out the members that are undefined, as optional ones have to be. */
export function defined<Members extends object>(members: Members): Defined<Members> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Defined<Members>
}
type Defined<Members> = { [Key in keyof Members]: Exclude<Members[Key], undefined> }

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
