import { describe, expect, test } from 'vitest'
import { createLatency, parseLatency } from '../../mock-server/latency.ts'
import { meanLatencyUs } from '../../mock-server/latency-mean.ts'
import { Rng } from '../../src/core/rng.ts'

const MODELS = [
  '20ms',
  'uniform:5ms:15ms',
  'normal:20ms:5ms',
  'normal:10ms:10ms',
  'normal:0ms:10ms',
  'normal:10ms:0ms',
  'lognormal:20ms:80ms',
  'quantiles:p10=1ms:p50=5ms:p90=45ms',
]

describe('the mean is that of many draws', () => {
  test.each(MODELS)('%s', (text) => {
    const config = parseLatency(text)
    if (typeof config === 'string') throw new Error(config)
    const next = createLatency(config, new Rng(text))
    const count = 200_000
    let sumUs = 0
    for (let i = 0; i < count; i++) sumUs += next()
    expect(Math.abs(meanLatencyUs(config)! / (sumUs / count) - 1)).toBeLessThan(0.01)
  })
})

test('of half a normal distribution it is σ·√(2/π)', () => {
  const config = { kind: 'normal', meanUs: 0, sdUs: 1_000_000 } as const
  expect(meanLatencyUs(config)! / 1_000_000).toBeCloseTo(Math.sqrt(2 / Math.PI), 6)
})

test('of measured values it is their mean; of a file that has not been read there is none', () => {
  expect(meanLatencyUs({ kind: 'values', path: 'a.csv', valuesUs: [1, 2, 6] })).toBe(3)
  expect(meanLatencyUs({ kind: 'file', path: 'a.csv' })).toBeUndefined()
})
