import { expect } from 'vitest'
import { formatFault } from '../../src/core/errors.ts'
import type { OptionOverrides } from '../../src/script/option-overrides.ts'
import { validateOptions } from '../../src/script/options.ts'
import type { RunPlan } from '../../src/script/plan.ts'

const EXPORTS = ['default', 'rank', 'reward']

export function planOf(raw: unknown, overrides: OptionOverrides = {}): RunPlan {
  const { plan, faults } = validateOptions(raw, { exports: EXPORTS, overrides })
  if (plan === undefined) throw new Error(faults.map(formatFault).join('\n'))
  expect(faults).toEqual([])
  return plan
}

/** Every fault as `where: what`, and its advice after ` → `. */
export function faultsOf(
  raw: unknown,
  overrides: OptionOverrides = {},
  exports: readonly string[] = EXPORTS,
): string[] {
  const { plan, faults } = validateOptions(raw, { exports, overrides })
  expect(plan).toBeUndefined()
  return faults.map(({ where, what, todo }) => `${where}: ${what}${todo === undefined ? '' : ` → ${todo}`}`)
}

type RawOptions = Readonly<Record<string, unknown>>

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
