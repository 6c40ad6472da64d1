import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../mock-server/app.ts'
import type { DecisionRecord } from '../../mock-server/oracle.ts'
import { EXIT, UserError } from '../../src/core/errors.ts'
import { type Ask, ask, GET, open, start } from './mock-client.ts'
import { configOf, JSON_HEADERS, RANK_PATH, request } from './requests.ts'

describe('serving', () => {
  test('a Rank over a socket, headers and all', async () => {
    const server = await start('personalizer-s0,latency=5ms')
    const body = JSON.stringify({ actions: [{ id: 'ü', features: [] }], eventId: 'e' })
    const reply = await ask(server, { path: RANK_PATH, method: 'POST', headers: JSON_HEADERS, body })
    expect(reply.status).toBe(201)
    expect(JSON.parse(reply.body)).toEqual({
      ranking: [{ id: 'ü', probability: 1 }],
      eventId: 'e',
      rewardActionId: 'ü',
    })
    expect(reply.headers).toMatchObject({
      'content-length': String(Buffer.byteLength(reply.body)),
      'x-envoy-upstream-service-time': '5',
      connection: 'keep-alive',
    })
  })

  test('204 and HEAD have no body, and leave the connection usable', async () => {
    const server = await start('personalizer-s0,latency=0s')
    const path = '/personalizer/v1.0/events/e/reward'
    for (let i = 0; i < 3; i++) {
      const reply = await ask(server, { path, method: 'POST', headers: JSON_HEADERS, body: '{"value":1}' })
      expect([reply.status, reply.body]).toEqual([204, ''])
    }
    const custom = await start('custom')
    expect(await ask(custom, { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
    expect((await ask(custom)).body).toBe('{"method":"GET","path":"/"}')
  })

  test.each(['1ms', '1500us', '3ms', '30ms'])('no reply leaves before its latency of %s', async (latency) => {
    const server = await start(`custom,latency=${latency}`)
    const replies = await Promise.all(Array.from({ length: 20 }, () => ask(server)))
    const leastMs = server.state().resources[0]!.operations['request']!.latencySumUs / 20 / 1_000
    expect(Math.min(...replies.map(({ tookMs }) => tookMs))).toBeGreaterThanOrEqual(leastMs)
  })

  test('replies leave in the order of their due times, not of arrival', async () => {
    const server = await start('custom,latency=300ms')
    const order: string[] = []
    const slow = ask(server).then(() => order.push('slow'))
    await expect.poll(() => server.state().resources[0]?.inFlightCount).toBe(1)
    await ask(server, { path: '/__mock/limits', method: 'PATCH', body: '{"latency":"2ms"}' })
    await ask(server).then(() => order.push('fast'))
    await slow
    expect(order).toEqual(['fast', 'slow'])
  })

  test('a body beyond the limit is answered with 413 and not kept', async () => {
    const server = await start('personalizer-s0')
    const body = 'x'.repeat(5_000_000)
    const reply = await ask(server, { path: RANK_PATH, method: 'POST', headers: JSON_HEADERS, body })
    expect(reply.status).toBe(413)
    const counts = server.state().resources[0]!.operations['rank']!
    expect(counts.requestBodyBytes).toBeLessThan(2_500_000)
    expect((await ask(server, { path: '/__mock/state' })).status).toBe(200)
  })

  test('decides as the app alone decides on the same requests at the same times', async () => {
    const spec =
      'custom,tps=30,concurrency=12,workers=4,backlog=6,latency=lognormal:5ms:30ms,fault=error:500:0.2+stall:3ms/5'
    const server = await start(spec)
    await Promise.all(Array.from({ length: 60 }, () => ask(server)))
    const socket = JSON.parse((await ask(server, { path: '/__mock/decisions' })).body) as {
      decisions: DecisionRecord[]
    }
    expect(new Set(socket.decisions.map(({ rule }) => rule))).not.toEqual(new Set([null]))
    const app = createApp(configOf(spec), 1)
    for (const { atUs } of socket.decisions) app.handle(request(), atUs)
    const { body } = app.handle(request({ path: '/__mock/decisions' }), 0)
    expect(JSON.parse(body)).toEqual(socket)
  })
})

describe('time', () => {
  test('may pass faster than it does', async () => {
    const server = await start('custom,latency=6s', { timeScale: 60 })
    const { tookMs } = await ask(server)
    expect(tookMs).toBeGreaterThanOrEqual(100)
    expect(server.state().nowUs).toBeGreaterThanOrEqual(6_000_000)
    expect(server.state().resources[0]?.operations['request']?.latencySumUs).toBe(6_000_000)
  })

  test('may be skipped', async () => {
    const server = await start('custom,rates=1/1h')
    expect([(await ask(server)).status, (await ask(server)).status]).toEqual([200, 429])
    const skip = { path: '/__mock/advance', method: 'POST', body: '{"duration":"1h"}' }
    expect((await ask(server, skip)).status).toBe(200)
    expect((await ask(server)).status).toBe(200)
    expect(server.state().nowUs).toBeGreaterThanOrEqual(3_600_000_000)
  })
})

describe('latency files', () => {
  test('are read at the start', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'headroom-'))
    const path = join(directory, 'rank.csv')
    await writeFile(path, 'latency_us\n1234\n')
    const server = await start(`custom,latency=file:${path}`)
    await ask(server)
    const resource = server.state().resources[0]
    expect(resource?.operations['request']?.latencySumUs).toBe(1_234)
    expect(resource?.latency).toBe(`file:${path}`)
    await rm(directory, { recursive: true })
  })

  test('that are not there are a usage error', async () => {
    const error: unknown = await start('custom,latency=file:gone.csv').catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      exitCode: EXIT.usage,
      faults: [{ where: 'mock', what: 'the latency file gone.csv cannot be read' }],
    })
  })
})

describe('starting and stopping', () => {
  test('a taken port is a usage error that says what to do', async () => {
    const { port } = await start('custom')
    const error: unknown = await start('custom', { port }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(UserError)
    expect(error).toMatchObject({
      exitCode: EXIT.usage,
      faults: [
        {
          where: '--port',
          what: `port ${port} on 127.0.0.1 is already in use`,
          todo: expect.stringContaining('--port'),
        },
      ],
    })
  })

  test('drain answers what is under way, takes nothing new and closes kept connections', async () => {
    const server = await start('custom,latency=300ms')
    await Promise.all([ask(server), ask(server)])
    const last = ask(server)
    await expect.poll(() => server.state().resources[0]?.inFlightCount).toBe(1)
    const drained = server.drain()
    await expect(once(connect(server.port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED')
    expect(await last).toMatchObject({ status: 200, headers: { connection: 'close' } })
    await drained
    expect(server.state().resources[0]?.operations['request']?.admittedCount).toBe(3)
  })

  test('drain does not wait longer than it is told', async () => {
    const server = await start('custom,latency=1h')
    const stuck = ask(server)
    await expect.poll(() => server.state().resources[0]?.inFlightCount).toBe(1)
    await Promise.all([server.drain(30), expect(stuck).rejects.toThrow(/hang up|ECONNRESET/)])
  })

  test('close does not wait for a client', async () => {
    const server = await start('custom,latency=1h')
    const clients = await Promise.all([open(server), open(server, 'GET / HT'), open(server, GET)])
    await expect.poll(() => server.state().resources[0]?.inFlightCount).toBe(1)
    await server.close()
    await Promise.all(clients.map(({ closed }) => closed))
  })

  test('close may be called twice', async () => {
    const server = await start('custom')
    await server.close()
    await expect(server.close()).resolves.toBeUndefined()
  })
})

describe('who may use the admin API', () => {
  const state: Ask = { path: '/__mock/state' }
  const withToken = (token: string): Ask => ({ ...state, headers: { authorization: `Bearer ${token}` } })

  test('on loopback: everybody', async () => {
    expect((await ask(await start('custom'), state)).status).toBe(200)
  })

  test('on any other host: nobody without a token, and the service still answers', async () => {
    const server = await start('custom', { host: '0.0.0.0' })
    expect((await ask(server, state)).status).toBe(403)
    expect((await ask(server)).status).toBe(200)
    expect(server.url).toBe(`http://localhost:${server.port}`)
  })

  test('with a token: those who know it', async () => {
    const server = await start('custom', { adminToken: 'tiger' })
    expect((await ask(server, state)).status).toBe(403)
    expect((await ask(server, withToken('lions'))).status).toBe(403)
    expect((await ask(server, withToken('tiger'))).status).toBe(200)
  })
})
