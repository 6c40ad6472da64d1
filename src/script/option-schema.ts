import * as z from 'zod'
import type { Fault } from '../core/errors.ts'
import { parseDurationUs } from '../core/units.ts'
import { suggest } from './suggest.ts'

/** A value after checking, or the reasons why there is none. */
export interface Checked<T> {
  readonly value: T | undefined
  readonly faults: readonly Fault[]
}

/** Checks `raw`, which stands at the option path `where`; every fault says the path of what is wrong. */
export function check<T>(schema: z.ZodType<T>, raw: unknown, where: string): Checked<T> {
  const result = schema.safeParse(raw)
  return result.success
    ? { value: result.data, faults: [] }
    : { value: undefined, faults: result.error.issues.flatMap((issue) => issueFaults(issue, where)) }
}

export function mapChecked<T, U>({ value, faults }: Checked<T>, map: (value: T) => U): Checked<U> {
  return { value: value === undefined ? undefined : map(value), faults }
}

/** Path of an option: `optionPath('options', ['stages', 0, 'target'])` is `options.stages[0].target`. */
export function optionPath(where: string, keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`
    return /^[\w$-]+$/.test(String(key))
      ? `${path}.${String(key)}`
      : `${path}[${JSON.stringify(String(key))}]`
  }, where)
}

/** The fault of an option that nobody knows, with the known name that it may be. */
export function unknownOption(where: string, key: string, known: readonly string[]): Fault {
  return { where, what: 'unknown option', todo: suggest(key, known) ?? `known here: ${known.join(', ')}` }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An object without other keys than those of the shape. */
export function strict<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodObject<{ -readonly [Key in keyof Shape]: Shape[Key] }, z.core.$strict> {
  return z.strictObject(shape, {
    // `issueFaults` makes one fault for each unknown key; the message brings it the known ones.
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : mustBe('an object')(issue),
  })
}

/** A whole number of at least `min` and, if given, at most `max`. */
export function whole(min: number, max: number = Number.MAX_SAFE_INTEGER): z.ZodInt {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
  const error = mustBe(`a whole number ${range}`)
  return z.int({ error }).min(min, { error }).max(max, { error })
}

export function positive(): z.ZodNumber {
  const error = mustBe('a number above 0')
  return z.number({ error }).gt(0, { error })
}

export function flag(): z.ZodBoolean {
  return z.boolean({ error: mustBe('true or false') })
}

export function text(): z.ZodString {
  return z.string({ error: mustBe('a text') })
}

export function texts(): z.ZodRecord<z.ZodString, z.ZodString> {
  return record(text())
}

export function record<V extends z.ZodType>(value: V): z.ZodRecord<z.ZodString, V> {
  return z.record(z.string(), value, { error: mustBe('an object') })
}

export function list<V extends z.ZodType>(element: V): z.ZodArray<V> {
  return z.array(element, { error: mustBe('a list') })
}

export function oneOf<const T extends readonly string[]>(values: T): z.ZodType<T[number]> {
  return z.enum(values, { error: mustBe(values.map((value) => `'${value}'`).join(' or ')) })
}

/** A duration as k6 takes it, a text such as `'1m30s'` or a number of milliseconds; the value is in microseconds. */
export function duration(minUs = 0, atLeast = ''): z.ZodType<number> {
  const error = mustBe(`a duration such as '30s' or a number of milliseconds${atLeast}`)
  return z.union([z.string(), z.number()], { error }).transform((input, context) => {
    const us = parseDurationUs(input)
    if (us !== undefined && us >= minUs) return us
    context.addIssue({ code: 'custom', message: error({ input }) })
    return z.NEVER
  })
}

function mustBe(expected: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) =>
    input === undefined ? `is required: ${expected}` : `must be ${expected}, not ${describe(input)}`
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'function') return 'a function'
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

function issueFaults(issue: z.core.$ZodIssue, where: string): Fault[] {
  if (issue.code !== 'unrecognized_keys')
    return [{ where: optionPath(where, issue.path), what: issue.message }]
  return issue.keys.map((key) =>
    unknownOption(optionPath(where, [...issue.path, key]), key, issue.message.split(' ')),
  )
}
