import { describe, expect, it } from 'vitest'
import {
  failedMetrics,
  figureOf,
  observed,
  repliesOf,
  runScenario,
  type ScenarioRun,
} from './scenario-run.ts'

describe('personalizer-rank-reward', () => {
  it('meets the cap in its spike, and only there', async () => {
    const run = await runScenario('personalizer-rank-reward')
    expect(run.exitCode).toBe(0)
    const seconds = run.timeseries.filter((row) => row['name'] === '_all')
    const throttledSeconds = seconds
      .filter((row) => row['throttled_count'] !== '0')
      .map((row) => Number(row['second']))
    expect(Math.min(...throttledSeconds)).toBe(8)
    expect(Math.max(...throttledSeconds)).toBeLessThanOrEqual(13)
    expect(Math.max(...seconds.map((row) => Number(row['accepted_count'])))).toBe(100)
  })
})

describe('personalizer-container', () => {
  it('is as fast as the service within the capacity, queues beyond it, and never throttles', async () => {
    const run = await runScenario('personalizer-container')
    expect(run.exitCode).toBe(0)
    expect(repliesOf(run, '_all')).toEqual({ accepted: 3_750, throttled: 0 })
    expect(figureOf(run, 'rank-within', 'response_time_accepted_max_ms')).toBeLessThan(20.1)
    // For 5 s there were 100 a second more than 250 a second: 500 wait, which takes 2 s.
    const longestMs = figureOf(run, 'rank-beyond', 'response_time_accepted_max_ms')
    expect(longestMs).toBeGreaterThan(2_000)
    expect(longestMs).toBeLessThan(2_040)
  })
})

describe('personalizer-free-tier', () => {
  it('ranks for 300 visitors, and takes the reward of every one of them', async () => {
    const run = await runScenario('personalizer-free-tier')
    expect(run.exitCode).toBe(0)
    expect(repliesOf(run, 'rank')).toEqual({ accepted: 300, throttled: 150 })
    expect(repliesOf(run, 'reward')).toEqual({ accepted: 300, throttled: 0 })
    const dayS = 86_400
    expect(figureOf(run, 'rank', 'retry_after_p50_s')).toBeGreaterThan(29 * dayS)
    expect(figureOf(run, 'rank', 'retry_after_max_s')).toBeLessThanOrEqual(30 * dayS)
  })
})

/** What the mock's training queue held at most. */
function backlogPeakBytes(run: ScenarioRun): number {
  const [resource] = run.manifest.mock?.counters.resources ?? []
  const { serviceState } = resource as unknown as {
    serviceState: { ingest: { backlogPeakBytes: number } }
  }
  return serviceState.ingest.backlogPeakBytes
}

describe('personalizer-training-throughput', () => {
  it('keeps up with 1,900 events of 10 kB a second', async () => {
    const run = await runScenario('personalizer-training-throughput')
    expect(run.exitCode).toBe(0)
    expect(repliesOf(run, 'rank')).toEqual({ accepted: 11_400, throttled: 0 })
    expect(backlogPeakBytes(run)).toBeLessThan(100_000)
  })

  it('falls behind at 2,500, which no reply tells', async () => {
    const run = await runScenario('personalizer-training-throughput', '-e', 'EVENTS_PER_S=2500')
    expect(run.exitCode).toBe(99)
    expect(failedMetrics(run)).toEqual(['training_bytes'])
    expect(repliesOf(run, 'rank')).toEqual({ accepted: 15_000, throttled: 0 })
    // Events have 10,085 bytes: 25.2 MB a second come and 20 MB go, for 6 s.
    const expectedBytes = 6 * (2_500 * 10_085 - 20_000_000)
    expect(backlogPeakBytes(run) / expectedBytes).toBeCloseTo(1, 2)
  })
})

describe('personalizer-key-rotation', () => {
  it('loses no call, and shuts the old key out', async () => {
    const run = await runScenario('personalizer-key-rotation')
    expect(run.exitCode).toBe(0)
    expect(repliesOf(run, 'rank')).toEqual({ accepted: 800, throttled: 0 })
    expect(figureOf(run, 'rank-with-old-key', 'client_error_count')).toBe(1)
  })
})

describe('personalizer-transient-5xx', () => {
  it('serves all users with retries', async () => {
    const run = await runScenario('personalizer-transient-5xx')
    expect(run.exitCode).toBe(0)
    expect(observed(run, 'served')).toBe(1)
    expect(figureOf(run, '_all', 'error_ratio')).toBeGreaterThan(0.01)
    expect(figureOf(run, '_all', 'error_ratio')).toBeLessThan(0.03)
  })

  it('and loses some without', async () => {
    const run = await runScenario('personalizer-transient-5xx', '-e', 'RETRIES=0')
    expect(run.exitCode).toBe(99)
    expect(failedMetrics(run)).toEqual(['served'])
    // Two calls have to go well for each user: 0.98 ².
    expect(Math.abs(observed(run, 'served') - 0.9604)).toBeLessThan(0.02)
  })
})
