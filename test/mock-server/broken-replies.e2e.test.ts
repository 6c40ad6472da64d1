import { describe, expect, test } from 'vitest'
import { ask, GET, open, start } from './mock-client.ts'

/** What `custom` answers to GET /. */
const BODY = '{"method":"GET","path":"/"}'

describe('to a plain socket', () => {
  test('a reset comes instead of a reply', async () => {
    const client = await open(await start('custom,latency=5ms,fault=reset'), GET)
    expect(await client.closed).toBe('ECONNRESET')
    expect(client.text()).toBe('')
  })

  test('a malformed reply is no HTTP, and the connection is closed', async () => {
    const client = await open(await start('custom,fault=malformed'), GET)
    expect(await client.closed).toBeUndefined()
    expect(client.text()).not.toBe('')
    expect(client.text()).not.toMatch(/^HTTP\/1/)
  })

  test('half a body is what it says', async () => {
    const client = await open(await start('custom,fault=close-mid-body'), GET)
    await client.closed
    const [head = '', body] = client.text().split('\r\n\r\n')
    expect(head).toContain(`Content-Length: ${BODY.length}`)
    expect(body).toBe(BODY.slice(0, Math.floor(BODY.length / 2)))
  })

  test('a stall sends nothing and leaves others alone', async () => {
    const server = await start('custom,fault=stall#1')
    const stalled = await open(server, GET)
    await expect.poll(() => server.state().resources[0]?.operations['request']?.requestCount).toBe(1)
    for (let i = 0; i < 3; i++) expect((await ask(server)).status).toBe(200)
    expect([stalled.text(), stalled.socket.readyState]).toEqual(['', 'open'])
  })

  test('a slow body trickles in, at the rate that was asked for at most', async () => {
    const server = await start('custom,fault=slow-body:270')
    const startMs = performance.now()
    const client = await open(server, GET)
    await expect.poll(() => client.text().endsWith(BODY), { interval: 1 }).toBe(true)
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(100)
    // The head, and the body in pieces of a fiftieth of a second, of which some may come together.
    expect(client.pieces.length).toBeGreaterThanOrEqual(3)
    // And the connection is good for another request.
    client.socket.write(GET)
    await expect.poll(() => client.text().split(BODY).length - 1).toBe(2)
  })

  test('time scale makes it trickle faster', async () => {
    const server = await start('custom,fault=slow-body:1', { timeScale: 1_000 })
    expect((await ask(server)).body).toBe(BODY)
    expect(server.state().nowUs).toBeGreaterThanOrEqual(27_000_000)
  })
})

describe('to node:http', () => {
  test.each<[string, RegExp]>([
    ['reset', /ECONNRESET/],
    ['malformed', /Parse Error/],
    ['close-mid-body', /aborted/],
  ])('%s is an error of its kind', async (fault, message) => {
    const server = await start(`custom,fault=${fault}#1`)
    await expect(ask(server)).rejects.toThrow(message)
    expect(await ask(server)).toMatchObject({ status: 200, body: BODY })
  })

  test('an error is a reply like any other', async () => {
    const server = await start('custom,fault=error:503#1')
    expect((await ask(server)).status).toBe(503)
    expect((await ask(server)).status).toBe(200)
  })

  test('a stall of some length and a pause are late replies', async () => {
    const server = await start('custom,fault=stall:60ms#1')
    expect((await ask(server)).tookMs).toBeGreaterThanOrEqual(60)
    const pausing = await start('custom,fault=pause:300ms@0s')
    await Promise.all([ask(pausing), ask(pausing)])
    expect(pausing.state().nowUs).toBeGreaterThanOrEqual(300_000)
    expect(pausing.state().resources[0]?.operations['request']?.faultCounts).toEqual({ pause: 2 })
  })
})

describe('and then', () => {
  test('drain does not wait for what will never be answered, nor hold a new one', async () => {
    const server = await start('custom,latency=50ms,fault=stall')
    const stalled = await open(server, GET)
    const early = await open(server, GET)
    await expect.poll(() => server.state().resources[0]?.operations['request']?.requestCount).toBe(2)
    await server.drain()
    await Promise.all([stalled.closed, early.closed])
    expect([stalled.text(), early.text()]).toEqual(['', ''])
  })

  test('drain lets a slow body end', async () => {
    const server = await start('custom,fault=slow-body:270')
    const client = await open(server, GET)
    await expect.poll(() => client.text()).not.toBe('')
    await server.drain()
    await client.closed
    expect(client.text()).toContain(BODY)
  })

  test('a client that leaves in the middle of a slow body does no harm', async () => {
    const server = await start('custom,fault=slow-body:270#1')
    const client = await open(server, GET)
    await expect.poll(() => client.text()).not.toBe('')
    client.socket.resetAndDestroy()
    await client.closed
    expect((await ask(server)).status).toBe(200)
  })

  test('requests sent ahead on a connection that is reset get no reply either', async () => {
    const server = await start('custom,latency=20ms,fault=reset#2')
    const client = await open(server, GET + GET + GET)
    await client.closed
    expect(client.text().split(BODY).length - 1).toBeLessThanOrEqual(1)
    expect(server.state().resources[0]?.operations['request']?.requestCount).toBe(3)
    expect((await ask(server)).status).toBe(200)
  })
})
