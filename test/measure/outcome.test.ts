import { expect, test } from 'vitest'
import {
  DEFAULT_OUTCOME_RULES,
  OUTCOMES,
  outcomeOfStatus,
  zeroOutcomeCounts,
} from '../../src/measure/outcome.ts'

test.each([
  [200, 'accepted'],
  [204, 'accepted'],
  [399, 'accepted'],
  [400, 'client_error'],
  [404, 'client_error'],
  [429, 'throttled'],
  [499, 'client_error'],
  [500, 'server_error'],
  [503, 'server_error'],
  [100, 'client_error'],
])('by default %d is %s', (status, outcome) => {
  expect(outcomeOfStatus(status, DEFAULT_OUTCOME_RULES)).toBe(outcome)
})

test.each([
  [503, 'throttled'],
  [429, 'throttled'],
  [404, 'accepted'],
  [500, 'server_error'],
])('with rules of its own %d is %s: throttled wins over expected', (status, outcome) => {
  const rules = { expected: (code: number) => code === 404 || code === 429, throttled: new Set([429, 503]) }
  expect(outcomeOfStatus(status, rules)).toBe(outcome)
})

test('a fresh count has every outcome', () => {
  expect(Object.keys(zeroOutcomeCounts())).toEqual([...OUTCOMES])
})
