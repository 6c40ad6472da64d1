import { expect, test } from 'vitest'
import { createApp } from '../../mock-server/app.ts'
import { parseMockConfig } from '../../mock-server/config-schema.ts'
import type { DecisionRecord } from '../../mock-server/oracle.ts'
import { ask, start } from './mock-client.ts'
import { request } from './requests.ts'

const EVERYTHING = {
  decisions: 2_000,
  resources: [
    {
      name: 'app',
      profile: 'custom',
      instances: 3,
      rules: [{ name: 'rate', limit: 5, window: '20ms', algorithm: 'token-bucket', burst: 5 }],
      concurrency: 6,
      queue: { size: 2, timeout: '20ms' },
      latency: 'lognormal:3ms:15ms',
      workers: 4,
      backlog: 3,
      faults: ['error:500:0.1', 'stall:3ms/7', 'pause:20ms@300ms'],
      autoscale: { period: '100ms', growth: '1.5', max: 1_000, spare: 150 },
      usageReport: { period: '50ms', tries: 2, outages: ['120ms@500ms'] },
      backend: 'search',
    },
  ],
  backends: [
    {
      name: 'search',
      rules: [{ name: 'queries', limit: 16, window: '100ms' }],
      concurrency: 8,
      latency: 'uniform:1ms:4ms',
      workers: 5,
      backlog: 4,
    },
  ],
  manager: {
    policy: 'random',
    instances: '1-3',
    scaleOn: 'throttled:0.2:0.01',
    scalePeriod: '80ms',
    scaleLag: '120ms',
    tps: 500,
    concurrency: 15,
    latency: 'normal:1ms:300us',
  },
}

test('the same configuration and arrival times give the same decisions on sockets and in virtual time', async () => {
  const { config, faults } = parseMockConfig(EVERYTHING)
  expect(faults).toEqual([])
  const server = await start('custom', { config: config! })
  const bursts = Array.from({ length: 40 }, (_, index) => index)
  // Bursts of 5 to 24 about 20 ms apart: the arrivals are what the sockets make of it, and only they are repeated.
  for (const burst of bursts) {
    const pause = new Promise((done) => setTimeout(done, 20))
    await Promise.all([pause, ...Array.from({ length: 5 + (burst % 20) }, () => ask(server))])
  }
  const { body } = await ask(server, { path: '/__mock/decisions' })
  const { decisions } = JSON.parse(body) as { decisions: DecisionRecord[] }
  const state = server.state()

  const app = createApp(config!, 1)
  for (const { atUs } of decisions) app.handle(request(), atUs)
  expect(decisions).toHaveLength(bursts.reduce((total, burst) => total + 5 + (burst % 20), 0))
  expect(JSON.parse(app.handle(request({ path: '/__mock/decisions' }), state.nowUs).body)).toEqual({
    decisions,
  })

  // Nothing of it was idle, or the comparison would say little.
  expect(new Set(decisions.map(({ resource }) => resource))).toEqual(
    new Set(['/', 'app-1', 'app-2', 'app-3']),
  )
  const rules = new Set(decisions.map(({ rule }) => rule))
  for (const rule of [null, 'rate', 'usage-report']) expect(rules).toContain(rule)
  expect([...rules].some((rule) => rule?.startsWith('search/'))).toBe(true)
  expect(decisions.flatMap(({ faults: kinds }) => kinds)).toEqual(expect.arrayContaining(['error', 'stall']))
  expect(state.resources.some(({ autoscale }) => (autoscale?.raisedCount ?? 0) > 0)).toBe(true)
})
