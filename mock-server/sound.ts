import type { z } from 'zod'
import type { Fault } from '../src/core/errors.ts'
import { faultsOf } from './schema.ts'

/** What of an object can be used although something in it is wrong, so that all faults can be told at once. */
export interface Sound<Value> {
  /** Without the members in which something is wrong; absent: too much is wrong. */
  readonly value?: Value
  readonly faults: readonly Fault[]
  /** The members left out. */
  readonly unsound: ReadonlySet<string>
}

/** @param where what to call the object in faults. */
export function readSound<Value>(schema: z.ZodType<Value>, json: unknown, where: string): Sound<Value> {
  const parsed = schema.safeParse(json)
  if (parsed.success) return { value: parsed.data, faults: [], unsound: new Set() }
  const faults = faultsOf(parsed.error, where)
  const unsound = new Set(parsed.error.issues.flatMap(membersOf))
  if (typeof json !== 'object' || json === null) return { faults, unsound }
  const rest = Object.entries(json).filter(([name]) => !unsound.has(name))
  const again = schema.safeParse(Object.fromEntries(rest))
  return { ...(again.success && { value: again.data }), faults, unsound }
}

function membersOf(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) return issue.keys
  return issue.path.slice(0, 1).map(String)
}
