import { describe, expect, test } from 'vitest'
import { createApp } from '../../../mock-server/app.ts'
import { Rng } from '../../../src/core/rng.ts'
import { configOf, request } from '../requests.ts'

const S = 1_000_000

const SCORE = request({
  method: 'POST',
  path: '/workspaces/w/services/s/execute?api-version=2.0',
  headers: { authorization: 'Bearer mock-key-1', 'content-type': 'application/json' },
  body: { Inputs: { input1: [{ x: '1' }] }, GlobalParameters: {} },
})

const COUNT = 500_000

/** The share of 503 of so many Poisson arrivals at 8,000 a second. */
function lossOf(spec: string): number {
  const app = createApp(configOf(spec), 1)
  const rng = new Rng('arrivals of T2')
  let exactUs = 0
  let refusedCount = 0
  for (let i = 0; i < COUNT; i++) {
    exactUs += (rng.exponential() * S) / 8_000
    if (app.handle(SCORE, Math.floor(exactUs)).status === 503) refusedCount++
  }
  return refusedCount / COUNT
}

// More than 200 concurrent calls need more endpoints (azure-docs machine-learning/studio/scaling-webservice.md): 8,000 a second at
// 50 ms are 400 slots. Erlang-B: 5.44 % of what reaches one of two endpoints at random is lost, 3.89 % where 400 are one pool.
describe('T2: two AzureML endpoints of 200 for 8,000 calls a second at 50 ms', () => {
  const TWO = 'azureml-high-200,latency=50ms,instances=2'

  test.each([
    ['a random split', `${TWO},policy=random`, 0.0544],
    ['the one with fewer calls in flight, which pools them', `${TWO},policy=least-in-flight`, 0.0389],
    ['one pool of 400', 'azureml-high-200,concurrency=400,latency=50ms', 0.0389],
  ])('%s', (_, spec, lossRatio) => {
    expect(Math.abs(lossOf(spec) - lossRatio)).toBeLessThan(0.005)
  })
})
