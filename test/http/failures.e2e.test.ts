import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Target } from '../../src/http/transport.ts'
import {
  ask,
  bodyText,
  failing,
  get,
  listen,
  localTarget,
  nowUs,
  pause,
  SHORT_MS,
  testTransport,
} from './ask.ts'
import { ok, scriptedServer } from './scripted-server.ts'

describe('what fails', () => {
  const HALF = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'

  it.each<[name: string, wire: string, message: string]>([
    ['before a reply', '', 'before it replied'],
    ['in a head', 'HTTP/1.1 200 OK\r\nConte', 'in the middle of its reply'],
    ['in a body', HALF, 'in the middle of its reply'],
    [
      'in a chunked body',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n',
      'in the middle of its reply',
    ],
    ['after 100 Continue', 'HTTP/1.1 100 Continue\r\n\r\n', 'in the middle of its reply'],
  ])('a close %s', async (_name, wire, message) => {
    const { target } = await scriptedServer(() => [(socket) => socket.end(wire)])
    const error = await failing(testTransport(), target, { path: '/secret?key=1' })
    expect(error).toMatchObject({ kind: 'reset', receivedBytes: wire.length })
    expect(error.message).toBe(`${target.authority} closed the connection ${message}`)
  })

  it.each([
    ['before a reply', ''],
    ['in a body', HALF],
    ['in a body until the end', 'HTTP/1.1 200 OK\r\n\r\nhalf'],
  ])('a reset %s', async (_name, wire) => {
    const { target } = await scriptedServer(() => [
      (socket) => {
        socket.write(wire)
        setTimeout(() => socket.resetAndDestroy(), 10)
      },
    ])
    expect(await failing(testTransport(), target)).toMatchObject({ kind: 'reset', code: 'ECONNRESET' })
  })

  it('a malformed reply, which ends the connection', async () => {
    const { target, sockets } = await scriptedServer((connection) => [
      connection === 0 ? 'HELLO\r\n' : ok('x'),
    ])
    const transport = testTransport()
    const error = await failing(transport, target)
    expect(error).toMatchObject({ kind: 'protocol', code: 'BAD_RESPONSE' })
    expect(error.message).toBe(
      `the reply of ${target.authority} does not start with "HTTP/1.1" or "HTTP/1.0"`,
    )
    expect(error.sentAtUs).toBeTypeOf('number')
    await get(transport, target)
    expect(sockets).toHaveLength(2)
  })

  it('a port on which nobody listens', async () => {
    const server = createServer()
    const target = await listen(server)
    await new Promise((resolve) => server.close(resolve))
    const { error, sentAtUs } = await ask(testTransport(), target)
    expect(error).toMatchObject({ kind: 'refused', code: 'ECONNREFUSED', sentAtUs: undefined, sentBytes: 0 })
    expect(error?.message).toBe(`${target.authority} refused the connection`)
    expect(sentAtUs).toBeUndefined()
  })

  it('a name that cannot be resolved', async () => {
    // A label of more than 63 characters is refused by the resolver itself (RFC 1035 section 2.3.4).
    const hostname = `${'a'.repeat(64)}.test`
    const error = await failing(testTransport(), localTarget(80, 'http:', hostname))
    expect(error).toMatchObject({ kind: 'dns', message: `the name ${hostname} could not be resolved` })
  })
})

describe('deadlines', () => {
  it.each<[name: string, wire: string, message: string]>([
    ['nothing comes', '', 'did not reply in time'],
    [
      'half a body comes',
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf',
      'did not finish its reply in time',
    ],
  ])('end a request when %s', async (_name, wire, message) => {
    const { target } = await scriptedServer(() => [(socket) => socket.write(wire)])
    const deadlineUs = nowUs() + SHORT_MS * 1000
    const error = await failing(testTransport(), target, { deadlineUs })
    expect(error).toMatchObject({ kind: 'timeout', code: 'REQUEST_TIMEOUT' })
    expect(error.message).toBe(`${target.authority} ${message}`)
    expect(error.atUs).toBeGreaterThanOrEqual(deadlineUs)
  })

  it('end a request when nobody takes its connection', async () => {
    const target = await fullListener()
    const deadlineUs = nowUs() + SHORT_MS * 1000
    const error = await failing(testTransport(), target, { deadlineUs })
    expect(error).toMatchObject({
      kind: 'timeout',
      code: 'REQUEST_TIMEOUT',
      message: `${target.authority} did not accept the connection in time`,
      sentAtUs: undefined,
    })
    expect(error.atUs).toBeGreaterThanOrEqual(deadlineUs)
  })

  it('are those of each request, whatever the one before on the connection had', async () => {
    const { target, sockets } = await scriptedServer(() => [
      ok('x'),
      (socket) => setTimeout(() => socket.write(ok('late')), 120),
      () => {},
    ])
    const transport = testTransport()
    await get(transport, target, { deadlineUs: nowUs() + SHORT_MS * 1000 })
    // The timer of the first one fires during the second, which has longer.
    expect(bodyText(await get(transport, target, { deadlineUs: nowUs() + 1_000_000 }))).toBe('late')
    // The timer of the second one is too late for the third.
    const deadlineUs = nowUs() + SHORT_MS * 1000
    const error = await failing(transport, target, { deadlineUs })
    expect(error.kind).toBe('timeout')
    expect(error.atUs - deadlineUs).toBeLessThan(500_000)
    expect(sockets).toHaveLength(1)
  })

  it('that have passed before sending end the request too', async () => {
    const { target } = await scriptedServer(() => [() => {}])
    expect((await failing(testTransport(), target, { deadlineUs: 0 })).kind).toBe('timeout')
  })

  it('leave a timed-out connection unused, so that its late reply meets nobody', async () => {
    const { target } = await scriptedServer((connection) =>
      connection === 0 ? [(socket) => setTimeout(() => socket.write(ok('late')), 60)] : [ok('own')],
    )
    const transport = testTransport()
    await failing(transport, target, { deadlineUs: nowUs() + 20_000 })
    const bodies: string[] = []
    for (let i = 0; i < 5; i++) {
      bodies.push(bodyText(await get(transport, target)))
      await pause(20)
    }
    expect(bodies).toEqual(['own', 'own', 'own', 'own', 'own'])
  })
})

/** Listens, and never takes a connection out of the queue of two that the system keeps for it. */
const NEVER_ACCEPTING = `
  const server = require('node:net').createServer()
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  })`

/** A port whose queue of connections is full. */
async function fullListener(): Promise<Target> {
  const child = spawn(process.execPath, ['-e', NEVER_ACCEPTING], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [text] = (await once(child.stdout, 'data')) as [Buffer]
  const port = Number(text.toString())
  const queued = Array.from({ length: 2 }, () => connect({ port, host: '127.0.0.1' }))
  onTestFinished(() => {
    for (const socket of queued) socket.destroy()
  })
  await Promise.all(queued.map((socket) => once(socket, 'connect')))
  return localTarget(port)
}
