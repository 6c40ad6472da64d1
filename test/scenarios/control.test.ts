import { describe, expect, it } from 'vitest'
import { figureOf, repliesOf, runScenario } from './scenario-run.ts'

describe('control', () => {
  it('takes 20 ms for each call, without a machine to disturb it', async () => {
    const run = await runScenario('control')
    expect(run.exitCode).toBe(0)
    expect(repliesOf(run, 'control')).toEqual({ accepted: 3_000, throttled: 0 })
    expect(figureOf(run, 'control', 'response_time_accepted_min_ms')).toBeCloseTo(20, 1)
    expect(figureOf(run, 'control', 'response_time_accepted_max_ms')).toBeCloseTo(20, 1)
  })

  it('is as long as asked', async () => {
    const run = await runScenario('control', '-e', 'SECONDS=5')
    expect(run.exitCode).toBe(0)
    expect(repliesOf(run, 'control')).toEqual({ accepted: 250, throttled: 0 })
  })
})
