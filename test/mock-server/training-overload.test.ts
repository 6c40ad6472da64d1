import { expect, test } from 'vitest'
import { createApp, type MockApp } from '../../mock-server/app.ts'
import type { IngestState } from '../../mock-server/ingest.ts'
import type { OperationCounts } from '../../mock-server/oracle.ts'
import { configOf, rank } from './requests.ts'

const S = 1_000_000
const EVENT_BYTES = 10_000

/** A Rank of just that many bytes: one action with one long feature. */
function rankOf(bytes: number): ReturnType<typeof rank> {
  const bare = rank(['a'], { contextFeatures: [{ text: '' }] })
  return rank(['a'], { contextFeatures: [{ text: 'x'.repeat(bytes - bare.body.length) }] })
}

/** So many events a second for a minute. */
function minuteOf(perS: number): MockApp {
  const app = createApp(configOf('personalizer-s0,tps=none,concurrency=none,latency=lognormal:20ms:80ms'), 1)
  const call = rankOf(EVENT_BYTES)
  for (let i = 0; i < perS * 60; i++) app.handle(call, Math.floor((i * S) / perS))
  return app
}

const ingestOf = (app: MockApp, nowUs: number): IngestState =>
  (app.state(nowUs).resources[0]!.serviceState as { ingest: IngestState }).ingest

function ranksOf(app: MockApp): OperationCounts {
  return app.state(60 * S).resources[0]!.operations['rank']!
}

// Personalizer takes in 20 MB a second for training and neither slows nor refuses Rank for more: learn.microsoft.com, personalizer,
// scalability and performance.
test('T3b: 2,500 Ranks of 10 kB a second leave 300 MB after a minute, gone 15 s later; Rank is as before', () => {
  const [overloaded, fitting] = [minuteOf(2_500), minuteOf(2_000)]
  const { backlogBytes, lagUs } = ingestOf(overloaded, 60 * S)
  expect(Math.abs(backlogBytes / 300_000_000 - 1)).toBeLessThan(0.01)
  expect(Math.abs(lagUs / (15 * S) - 1)).toBeLessThan(0.01)
  expect(ingestOf(overloaded, 74 * S).backlogBytes).toBeGreaterThan(0)
  expect(ingestOf(overloaded, 75 * S + 1_000).backlogBytes).toBe(0)
  expect(ingestOf(fitting, 60 * S)).toMatchObject({ backlogBytes: 0, lagUs: 0 })

  const [more, less] = [ranksOf(overloaded), ranksOf(fitting)]
  expect(more.statusCounts).toEqual({ 201: 150_000 })
  expect(less.statusCounts).toEqual({ 201: 120_000 })
  const meanUs = (counts: OperationCounts): number => counts.latencySumUs / counts.requestCount
  expect(Math.abs(meanUs(more) / meanUs(less) - 1)).toBeLessThan(0.01)
}, 60_000)
