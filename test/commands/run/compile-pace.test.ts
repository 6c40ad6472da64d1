import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'
import { afterEach, expect, it } from 'vitest'
import { isRare, setCompilePace, type CompilePace } from '../../../src/commands/run/compile-pace.ts'
import { enginePlan } from '../../support/engine-run.ts'

afterEach(() => {
  setCompilePace('usual')
  setFlagsFromString('--no-allow-natives-syntax')
})

const rate = (rps: number): object => {
  return { executor: 'constant-arrival-rate', rate: rps, duration: '9s', preAllocatedVUs: 1 }
}

const RAMP = {
  executor: 'ramping-arrival-rate',
  preAllocatedVUs: 1,
  stages: [
    { target: 300, duration: '4s' },
    { target: 0, duration: '4s' },
  ],
}

it.each<[string, Record<string, object>, boolean]>([
  ['a low rate', { a: rate(199) }, true],
  ['a high rate', { a: rate(200) }, false],
  ['two that are high together', { a: rate(150), b: rate(60) }, false],
  ['two that are low together', { a: rate(100), b: rate(60) }, true],
  ['a ramp that is low at both ends', { a: RAMP }, false],
  ['VUs that send as fast as they can', { a: { executor: 'constant-vus', vus: 1, duration: '9s' } }, false],
  [
    'such VUs beside a low rate',
    { a: rate(1), b: { executor: 'constant-vus', vus: 1, duration: '9s' } },
    false,
  ],
])('says whether traffic is rare: %s', (_story, scenarios, expected) => {
  expect(isRare(enginePlan({ scenarios }))).toBe(expected)
})

/** That V8 is to compile a function, compiles it or has done so; src/runtime/runtime.h of V8, `OptimizationStatus`. */
const CHOSEN = (1 << 4) | (1 << 5) | (1 << 6) | (1 << 8) | (1 << 9) | (1 << 10)

/** How often a function runs until V8 chooses it. */
function callsUntilChosen(pace: CompilePace): number {
  setFlagsFromString('--allow-natives-syntax')
  const statusOf = runInThisContext('(f) => %GetOptimizationStatus(f)') as (f: unknown) => number
  // Of a text of its own: V8 knows one again that it has seen before.
  const sum = `${pace}Sum`
  const add = runInThisContext(
    `(n) => { let ${sum} = 0; for (let i = 0; i < n; i++) ${sum} += i; return ${sum} }`,
  ) as (n: number) => number
  setCompilePace(pace)
  for (let count = 1; count < 100_000; count++) {
    add(100)
    if ((statusOf(add) & CHOSEN) !== 0) return count
  }
  return Infinity
}

it('makes V8 compile sooner or later', () => {
  const counts = (['soon', 'usual', 'seldom'] as const).map(callsUntilChosen)
  const [soon = 0, usual = 0, seldom = 0] = counts
  expect(usual).toBeGreaterThan(2 * soon)
  expect(seldom).toBeGreaterThan(2 * usual)
  expect(seldom).toBeLessThan(Infinity)
})
