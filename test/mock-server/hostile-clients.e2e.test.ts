import { describe, expect, test } from 'vitest'
import { ask, GET, open, start } from './mock-client.ts'

const POST = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n'

test('clients that send their heads byte by byte are cut off, and others are served meanwhile', async () => {
  const server = await start('custom', { headTimeoutMs: 150 })
  const slow = await Promise.all(Array.from({ length: 50 }, () => open(server, 'GET / HTTP/1.1\r\nX: ')))
  const dripping = setInterval(() => {
    for (const { socket } of slow) if (socket.writable) socket.write('x')
  }, 20)
  for (let i = 0; i < 20; i++) expect((await ask(server)).status).toBe(200)
  await Promise.all(slow.map(({ closed }) => closed))
  clearInterval(dripping)
  expect(new Set(slow.map(({ text }) => text().slice(0, 12)))).toEqual(new Set(['HTTP/1.1 408']))
  expect(server.state().resources[0]?.operations['request']?.requestCount).toBe(20)
})

test('clients that leave, before or after their request is complete, do no harm', async () => {
  const server = await start('custom,latency=300ms')
  const half = await open(server, `${POST}abc`)
  const whole = await open(server, GET)
  await expect.poll(() => server.state().resources[0]?.inFlightCount).toBe(1)
  half.socket.destroy()
  whole.socket.resetAndDestroy()
  await expect.poll(() => server.state().resources[0]?.inFlightCount).toBe(0)
  expect((await ask(server)).status).toBe(200)
  expect(server.state().resources[0]?.operations['request']?.requestCount).toBe(2)
})

test('connections beyond the most are closed, those that are there are served', async () => {
  const server = await start('custom', { maxConnections: 2 })
  const first = await open(server, GET)
  const second = await open(server)
  await expect.poll(() => first.text()).toContain('200 OK')
  const third = await open(server, GET)
  await third.closed
  expect(third.text()).toBe('')
  second.socket.write(GET)
  await expect.poll(() => second.text()).toContain('200 OK')
})

test('replies to requests sent ahead come in their order, whatever their latencies', async () => {
  const server = await start('custom,latency=uniform:0s:20ms')
  const paths = Array.from({ length: 20 }, (_, index) => `/${index}`)
  const client = await open(server, paths.map((path) => GET.replace('/', path)).join(''))
  await expect.poll(() => client.text()).toContain('"path":"/19"')
  expect([...client.text().matchAll(/"path":"([^"]+)"/g)].map(([, path]) => path)).toEqual(paths)
})

describe('what is no proper HTTP is refused and closed', () => {
  test.each<[string, string, string]>([
    ['no request line', 'hello\r\n\r\n', '400'],
    ['two lengths', POST.replace('10', '10\r\nContent-Length: 11'), '400'],
    ['a length and chunks', POST.replace('10', '10\r\nTransfer-Encoding: chunked'), '400'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', '400'],
    ['a broken chunk', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', '400'],
    ['a head that is too large', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, '431'],
  ])('%s', async (_story, text, status) => {
    const server = await start('custom')
    const client = await open(server, text)
    await client.closed
    expect(client.text().slice(9, 12)).toBe(status)
    expect(server.state().resources[0]?.operations).toEqual({})
    expect((await ask(server)).status).toBe(200)
  })
})
