/** How late replies really left, as the oracle tells those who want to know. */
import { describe, expect, test } from 'vitest'
import type { DecisionRecord } from '../../mock-server/oracle.ts'
import type { MockServer } from '../../mock-server/server.ts'
import type { Times } from '../../mock-server/times.ts'
import { ask, GET, open, start } from './mock-client.ts'
import { configOf } from './requests.ts'

const SPEC = 'custom,latency=100ms'

/** A mock that notes it. */
function startNoting(spec: string): Promise<MockServer> {
  return start(spec, { config: { ...configOf(spec), notesLateness: true } })
}

async function adminAnswer<T>(server: MockServer, name: string): Promise<T> {
  return JSON.parse((await ask(server, { path: `/__mock/${name}` })).body) as T
}

async function latenessOf(server: MockServer): Promise<(number | undefined)[]> {
  const { decisions } = await adminAnswer<{ decisions: DecisionRecord[] }>(server, 'decisions')
  return decisions.map(({ lateUs }) => lateUs)
}

/** Keeps the mock, which lives in this process, from everything. */
function block(ms: number): void {
  for (const endMs = performance.now() + ms; performance.now() < endMs;);
}

describe('the lateness of replies', () => {
  test('is that of the process, and part of the times', async () => {
    const server = await startNoting(SPEC)
    await ask(server)
    const reply = ask(server)
    const requestCount = (): unknown => server.state().resources[0]?.operations['request']?.requestCount
    await expect.poll(requestCount, { interval: 5 }).toBe(2)
    block(200)
    await reply
    const { latency, lateness } = await adminAnswer<Times>(server, 'times')
    expect(lateness?.maxUs).toBeGreaterThan(20_000)
    expect(lateness?.minUs).toBeGreaterThanOrEqual(0)
    // Of two requests the longer one was the one that left late.
    expect(latency?.maxUs).toBe(100_000 + (lateness?.maxUs ?? 0))
  })

  test('is noted of each reply by itself, whatever order they leave in', async () => {
    const server = await startNoting('custom,latency=uniform:1ms:40ms')
    await Promise.all(Array.from({ length: 20 }, () => ask(server)))
    const lateness = await latenessOf(server)
    expect(lateness).toHaveLength(20)
    for (const lateUs of lateness) expect(lateUs).toBeGreaterThanOrEqual(0)
  })

  test('is not noted of a reply that never leaves', async () => {
    const server = await startNoting('custom,fault=reset')
    const client = await open(server, GET)
    await client.closed
    expect(await latenessOf(server)).toEqual([undefined])
  })

  test('is not noted where nobody wants it', async () => {
    const server = await start(SPEC)
    await ask(server)
    expect(await latenessOf(server)).toEqual([undefined])
    expect((await adminAnswer<Times>(server, 'times')).lateness).toBeUndefined()
  })
})
