import { describe, expect, test } from 'vitest'
import { Rng } from '../../src/core/rng.ts'
import { CONTROL_METRICS, judgeControl, type ControlFigure } from '../../src/stats/night-control.ts'

/** Control runs around 20 ms whose logarithms have a standard deviation of about 1 %. */
const CALM = [20, 20.2, 19.8, 20.1, 19.9, 20.3, 19.7, 20, 20.2, 19.8, 20.1, 20]

const [P50] = CONTROL_METRICS

function judgeOne(past: readonly number[], tonight: number): ControlFigure {
  if (P50 === undefined) throw new Error('no metric')
  const figure = (value: number): { value: number; requestCount: number } => ({ value, requestCount: 1_000 })
  return judgeControl({ metric: P50, name: '_all', past: past.map(figure), tonight: figure(tonight) })
}

describe('a control run', () => {
  test.each([
    ['as ever', 20.1, false],
    ['10 % slower', 22, true],
    ['10 % faster', 18, true],
    ['4 % slower, certain, but less than matters', 20.8, false],
  ])('%s', (_story, tonight, isNoisy) => {
    expect(judgeOne(CALM, tonight).isNoisy).toBe(isNoisy)
  })

  test('is held against the interval that is told', () => {
    const { base, expected } = judgeOne(CALM, 22)
    // The base is the eleven runs before the last one.
    const logs = CALM.slice(0, 11).map((value) => Math.log(value))
    const centre = logs.reduce((sum, log) => sum + log, 0) / 11
    const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - centre) ** 2, 0) / 10)
    // 3.16927… is the 0.995-quantile of t with 10 degrees.
    const halfWidth = 3.169272667 * deviation * Math.sqrt(1 + 1 / 11)
    expect(base).toBeCloseTo(Math.exp(centre), 9)
    expect(expected?.low).toBeCloseTo(Math.exp(centre - halfWidth), 6)
    expect(expected?.high).toBeCloseTo(Math.exp(centre + halfWidth), 6)
  })

  test('after fewer than ten others judges nothing, however slow it is', () => {
    expect(judgeOne(CALM.slice(0, 9), 200)).toMatchObject({
      isNoisy: false,
      base: undefined,
      expected: undefined,
      learning: { nightCount: 9, neededCount: 10, isSinceChange: false },
    })
  })

  test('is one of a new level once a machine was replaced', () => {
    const slower = CALM.map((value) => value * 1.4)
    expect(judgeOne(CALM, 28).isNoisy).toBe(true)
    expect(judgeOne([...CALM, ...slower.slice(0, 8)], 28).isNoisy).toBe(false)
    expect(judgeOne([...CALM, ...slower], 20).isNoisy).toBe(true)
  })

  test('calls a machine that is as ever noisy in 1 % of cases', () => {
    const rng = new Rng('controls')
    const draw = (): number => 20 * Math.exp(0.06 * rng.normal())
    const trialCount = 4_000
    let noisyCount = 0
    for (let trial = 0; trial < trialCount; trial++) {
      if (judgeOne(Array.from({ length: 16 }, draw), draw()).isNoisy) noisyCount++
    }
    expect(noisyCount / trialCount).toBeLessThan(0.02)
    expect(noisyCount).toBeGreaterThan(0.004 * trialCount)
  })
})
