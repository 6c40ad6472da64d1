import { once } from 'node:events'
import { Agent, type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { MockServer, MockServerOptions } from '../../mock-server/server.ts'
import { startMockServer } from '../../mock-server/server.ts'
import { EXIT, UserError } from '../../src/core/errors.ts'
import { configOf, JSON_HEADERS, RANK_PATH } from './requests.ts'

interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly tookMs: number
}

interface Ask {
  readonly path?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const running: MockServer[] = []
const agent = new Agent({ keepAlive: true })

async function start(spec: string, options: Partial<MockServerOptions> = {}): Promise<MockServer> {
  const server = await startMockServer({
    config: configOf(spec),
    seed: 1,
    host: '127.0.0.1',
    port: 0,
    ...options,
  })
  running.push(server)
  return server
}

function ask(
  server: MockServer,
  { path = '/', method = 'GET', headers = {}, body = '' }: Ask = {},
): Promise<Reply> {
  const startMs = performance.now()
  return new Promise((resolve, reject) => {
    const call = httpRequest(
      { host: '127.0.0.1', port: server.port, path, method, headers, agent },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('end', () => {
          const tookMs = performance.now() - startMs
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text, tookMs })
        })
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}

async function open(server: MockServer): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

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
    const body = 'x'.repeat(3_000_000)
    const reply = await ask(server, { path: RANK_PATH, method: 'POST', headers: JSON_HEADERS, body })
    expect(reply.status).toBe(413)
    const counts = server.state().resources[0]!.operations['rank']!
    expect(counts.requestBodyBytes).toBeLessThan(1_500_000)
    expect((await ask(server, { path: '/__mock/state' })).status).toBe(200)
  })

  test('clients that leave, before or after their request is complete, do no harm', async () => {
    const server = await start('custom,latency=300ms')
    const half = await open(server)
    half.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc')
    const whole = await open(server)
    whole.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await expect.poll(() => server.state().resources[0]?.inFlightCount).toBe(1)
    half.destroy()
    whole.resetAndDestroy()
    await expect.poll(() => server.state().resources[0]?.inFlightCount).toBe(0)
    expect((await ask(server)).status).toBe(200)
    expect(server.state().resources[0]?.operations['request']?.requestCount).toBe(2)
  })

  test('what is no HTTP is answered with 400', async () => {
    const socket = await open(await start('custom'))
    socket.write('hello\r\n\r\n')
    const [reply] = (await once(socket, 'data')) as [Buffer]
    expect(reply.toString()).toMatch(/^HTTP\/1\.1 400 /)
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
