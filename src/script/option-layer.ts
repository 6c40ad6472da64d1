import type { Fault } from '../core/errors.ts'
import { isRecord, optionPath } from './option-schema.ts'

type RawOptions = Readonly<Record<string, unknown>>

/** Options that were given in one place. */
export interface OptionLayer {
  readonly values: RawOptions
  /** What a fault calls the option: a path, a variable or a flag. */
  readonly whereOf: (key: string) => string
}

/** The options of all places, each from the highest that gives it. */
export interface ConsolidatedOptions {
  readonly options: RawOptions
  /** What a fault calls the option: by the place that it is from. */
  readonly whereOf: (key: string) => string
  /** Whether the first option was given in a higher place than the second one. */
  readonly isAbove: (key: string, other: string) => boolean
}

/** They say what is executed: who gives one of them takes back those of lower places. */
const EXECUTION = ['duration', 'iterations', 'stages', 'scenarios']

/** Options as a script exports them. */
export function scriptLayer(values: RawOptions): OptionLayer {
  return { values, whereOf: (key) => optionPath('options', [key]) }
}

/**
 * Puts the options of several places together by k6's rules. `null` and `undefined` give nothing. Tags of a higher
 * place stand beside those of a lower one.
 *
 * @param layers from the lowest place to the highest
 */
export function consolidate(layers: readonly OptionLayer[]): ConsolidatedOptions {
  const options: Record<string, unknown> = {}
  const levels = new Map<string, number>()
  for (const [level, { values }] of layers.entries()) {
    const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null)
    if (given.some(([key]) => EXECUTION.includes(key))) {
      for (const key of EXECUTION) delete options[key]
    }
    for (const [key, value] of given) {
      if (key === 'tags' && isRecord(options[key]) && isRecord(value)) {
        // Tags of the command line are always texts: what may be wrong is below.
        options[key] = { ...options[key], ...value }
      } else {
        options[key] = value
        levels.set(key, level)
      }
    }
  }
  return {
    options,
    whereOf: (key) => (layers[levels.get(key) ?? -1] ?? scriptLayer({})).whereOf(key),
    isAbove: (key, other) => (levels.get(key) ?? -1) > (levels.get(other) ?? -1),
  }
}

/** The same faults, told by the names under which the options were given instead of their paths below `options`. */
export function relocate(faults: readonly Fault[], whereOf: (key: string) => string): Fault[] {
  return faults.map((fault) => ({ ...fault, where: relocatePath(fault.where, whereOf) }))
}

/** The same for the path of one option. */
export function relocatePath(where: string, whereOf: (key: string) => string): string {
  const [, key, rest = ''] = /^options\.([\w$-]+)(.*)$/s.exec(where) ?? []
  return key === undefined ? where : `${whereOf(key)}${rest}`
}
