import { describe, expect, it } from 'vitest'
import { failedMetrics, figureOf, repliesOf, runScenario } from './scenario-run.ts'

describe('autoscale', () => {
  it('catches nearly all of a gradual rise', async () => {
    const run = await runScenario('autoscale')
    expect(run.exitCode).toBe(0)
    expect(figureOf(run, 'sentiment', 'throttled_ratio')).toBeGreaterThan(0)
  })

  it('and little of a sudden one', async () => {
    const run = await runScenario('autoscale', '-e', 'RISE=sudden')
    expect(run.exitCode).toBe(0)
    // Of 300 a second 50 are accepted for the first half and 73 for the second; the rest of the hour has 20.
    const accepted = 1_000 + 5 * 50 + 5 * 73
    expect(Math.abs(figureOf(run, 'sentiment', 'accepted_count') - accepted)).toBeLessThanOrEqual(5)
  })
})

describe('container', () => {
  it('loses what is above its capacity, and half an hour without a report', async () => {
    const run = await runScenario('container')
    expect(run.exitCode).toBe(0)
    // 250 a second for 10 s and 50 that waited; 120 minutes less 30, at 20 a second.
    expect(repliesOf(run, 'sentiment-spike')).toEqual({ accepted: 2_550, throttled: 450 })
    expect(repliesOf(run, 'sentiment-unreported')).toEqual({ accepted: 1_800, throttled: 600 })
  })
})

describe('traffic-manager', () => {
  it('loses nothing when the instances are there before the spike', async () => {
    const run = await runScenario('traffic-manager')
    expect(run.exitCode).toBe(0)
    expect(repliesOf(run, 'predict')).toEqual({ accepted: 3_700, throttled: 0 })
  })

  it('loses half of the spike when they come five minutes after its first refusals', async () => {
    const run = await runScenario('traffic-manager', '-e', 'SCALING=reactive')
    expect(run.exitCode).toBe(0)
    // 220 a second for 5 s are 1,100.
    const { throttled } = repliesOf(run, 'predict')
    expect(throttled).toBeGreaterThanOrEqual(1_100)
    expect(throttled).toBeLessThan(1_200)
  })
})

describe('translator-instances', () => {
  it('needs two S1 for 120 texts a second, and one for 60', async () => {
    const run = await runScenario('translator-instances')
    expect(run.exitCode).toBe(0)
    expect(repliesOf(run, '_all')).toEqual({ accepted: 21_600, throttled: 0 })
  })

  it('has too little of one', async () => {
    const run = await runScenario('translator-instances', '-e', 'INSTANCES=1')
    expect(run.exitCode).toBe(99)
    expect(failedMetrics(run)).toEqual(['http_req_throttled{name:translate-peak}'])
    expect(Math.abs(figureOf(run, 'translate-peak', 'throttled_ratio') - 0.228)).toBeLessThan(0.002)
  })
})
