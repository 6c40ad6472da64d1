import { expect } from 'vitest'
import { formatFault } from '../../src/core/errors.ts'
import type { OptionLayer } from '../../src/script/option-layer.ts'
import { flagLayer, variableLayer, type FlagValues } from '../../src/script/option-sources.ts'
import { validateOptions, type ValidatedOptions } from '../../src/script/options.ts'
import type { RunPlan } from '../../src/script/plan.ts'

const EXPORTS = ['default', 'rank', 'reward']

/** Options that are given outside of the script. */
export interface Elsewhere {
  /** By the option's key, what stands behind its flag. */
  readonly flags?: FlagValues['texts']
  readonly tags?: FlagValues['tags']
  readonly variables?: Readonly<Record<string, string>>
  /** What the file `k6.json` holds. */
  readonly config?: Readonly<Record<string, unknown>>
  readonly seed?: number
}

export function validate(
  raw: unknown,
  { flags = {}, tags = {}, variables = {}, config, seed }: Elsewhere = {},
  exports: readonly string[] = EXPORTS,
): ValidatedOptions {
  const file: OptionLayer | undefined = config && { values: config, whereOf: (key) => `k6.json: ${key}` }
  return validateOptions(raw, {
    exports,
    config: file,
    variables: variableLayer(variables),
    flags: flagLayer({ texts: flags, tags }),
    seed,
  })
}

export function planOf(raw: unknown, elsewhere: Elsewhere = {}): RunPlan {
  const { plan, faults } = validate(raw, elsewhere)
  if (plan === undefined) throw new Error(faults.map(formatFault).join('\n'))
  expect(faults).toEqual([])
  return plan
}

/** Every fault as `where: what`, and its advice after ` → `. */
export function faultsOf(
  raw: unknown,
  elsewhere: Elsewhere = {},
  exports: readonly string[] = EXPORTS,
): string[] {
  const { plan, faults } = validate(raw, elsewhere, exports)
  expect(plan).toBeUndefined()
  return faults.map(({ where, what, todo }) => `${where}: ${what}${todo === undefined ? '' : ` → ${todo}`}`)
}

type RawOptions = Readonly<Record<string, unknown>>

/** What every scenario has that says nothing else. */
export const DEFAULTS: RawOptions = {
  exec: 'default',
  startTimeUs: 0,
  gracefulStopUs: 30_000_000,
  env: {},
  tags: {},
}

/** The least that each executor needs. */
export const RATE: RawOptions = {
  executor: 'constant-arrival-rate',
  rate: 50,
  duration: '1m',
  preAllocatedVUs: 20,
}
export const RAMP: RawOptions = {
  executor: 'ramping-arrival-rate',
  stages: [{ duration: '10s', target: 5 }],
  preAllocatedVUs: 1,
}
export const VUS: RawOptions = { executor: 'constant-vus', duration: '10s' }

/** The least that a run needs. */
export const SHORT: RawOptions = { vus: 1, duration: '1s' }
