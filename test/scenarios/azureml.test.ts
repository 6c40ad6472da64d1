import { describe, expect, it } from 'vitest'
import { figureOf, repliesOf, runScenario } from './scenario-run.ts'

/** Share of calls that find all of them busy, by Erlang's B formula, where nothing can wait. */
function erlangB(offered: number, concurrency: number): number {
  let blocked = 1
  for (let count = 1; count <= concurrency; count++) {
    blocked = (offered * blocked) / (count + offered * blocked)
  }
  return blocked
}

const SCORE_S = 0.05

describe('azureml-low', () => {
  it('serves 80 calls a second in turn, and 31 % fewer at random', async () => {
    const run = await runScenario('azureml-low')
    expect(run.exitCode).toBe(0)
    expect(repliesOf(run, 'score-in-turn')).toEqual({ accepted: 800, throttled: 0 })
    const expected = erlangB(80 * SCORE_S, 4)
    expect(expected).toBeCloseTo(0.3107, 4)
    expect(Math.abs(figureOf(run, 'score-at-random', 'throttled_ratio') - expected)).toBeLessThan(0.03)
  })
})

describe('azureml-high', () => {
  it.each([
    { rate: 240, exitCode: 0, toleranceRatio: 0.006 },
    { rate: 400, exitCode: 99, toleranceRatio: 0.02 },
  ])(
    'has a 503 for the expected share of $rate calls a second',
    async ({ rate, exitCode, toleranceRatio }) => {
      const run = await runScenario('azureml-high', '-e', `RATE=${rate}`)
      expect(run.exitCode).toBe(exitCode)
      const ratio = figureOf(run, 'score', 'throttled_ratio')
      expect(Math.abs(ratio - erlangB(rate * SCORE_S, 20))).toBeLessThan(toleranceRatio)
    },
  )
})

describe('azureml-endpoints', () => {
  it.each([
    { rate: 480, exitCode: 0, toleranceRatio: 0.005 },
    { rate: 800, exitCode: 99, toleranceRatio: 0.015 },
  ])('has at $rate calls a second what each has at half', async ({ rate, exitCode, toleranceRatio }) => {
    const run = await runScenario('azureml-endpoints', '-e', `RATE=${rate}`)
    expect(run.exitCode).toBe(exitCode)
    const ratio = figureOf(run, 'score', 'throttled_ratio')
    expect(Math.abs(ratio - erlangB((rate / 2) * SCORE_S, 20))).toBeLessThan(toleranceRatio)
  })
})
