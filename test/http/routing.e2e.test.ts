import { createServer as createNetServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { LookupAll } from '../../src/http/resolver.ts'
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

/** Resolves names from a table, and remembers what it was asked. */
function lookupIn(
  table: Readonly<Record<string, readonly string[]>>,
): LookupAll & { readonly asked: string[] } {
  const asked: string[] = []
  const lookup: LookupAll = (hostname, done) => {
    asked.push(hostname)
    const found = table[hostname]
    const error = found === undefined ? Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }) : null
    setImmediate(() => done(error, found ?? []))
  }
  return Object.assign(lookup, { asked })
}

function named({ port }: Target, hostname: string): Target {
  return localTarget(port, 'http:', hostname)
}

describe('hosts', () => {
  it('go where the option says, with the Host header of the URL', async () => {
    const { target, requests } = await scriptedServer(() => [ok('x')])
    const hosts = {
      'api.test': '127.0.0.1',
      'other.test:7': `127.0.0.1:${target.port}`,
      '*.wild.test:8': `127.0.0.1:${target.port}`,
      '*.test': `127.0.0.1:1`,
    }
    const lookup = lookupIn({})
    const transport = testTransport({ connection: { hosts }, lookup })
    const targets = [
      named(target, 'api.test'),
      localTarget(7, 'http:', 'other.test'),
      localTarget(8, 'http:', 'a.wild.test'),
    ]
    for (const each of targets) expect(bodyText(await get(transport, each))).toBe('x')
    expect(requests.map((request) => /Host: (.*)\r/.exec(request)?.[1])).toEqual(
      targets.map(({ authority }) => authority),
    )
    expect((await failing(transport, localTarget(9, 'http:', 'other.test'))).kind).toBe('refused')
    expect(lookup.asked).toEqual([])
  })

  it('may be redirected although they are addresses', async () => {
    const { target } = await scriptedServer(() => [ok('x')])
    const transport = testTransport({ connection: { hosts: { '192.0.2.1': '127.0.0.1' } } })
    expect(bodyText(await get(transport, named(target, '192.0.2.1')))).toBe('x')
  })
})

describe('names', () => {
  it('are resolved once for all connections, and the time is blocked time', async () => {
    const { target, sockets } = await scriptedServer(() => [ok('x')])
    const lookup = lookupIn({ 'api.test': ['127.0.0.1'] })
    const transport = testTransport({ lookup })
    const api = named(target, 'api.test')
    const first = await Promise.all([get(transport, api), get(transport, api)])
    await Promise.all([get(transport, api), get(transport, api), get(transport, api)])
    expect(sockets).toHaveLength(3)
    expect(lookup.asked).toEqual(['api.test'])
    for (const { timings } of first) expect(timings.blockedUs).toBeGreaterThan(0)
  })

  it('that are not known fail, each time anew', async () => {
    const lookup = lookupIn({})
    const transport = testTransport({ lookup })
    for (let i = 0; i < 2; i++) {
      const error = await failing(transport, localTarget(80, 'http:', 'api.test'))
      expect(error).toMatchObject({ kind: 'dns', message: 'the name api.test could not be resolved' })
    }
    expect(lookup.asked).toHaveLength(2)
  })

  it('that are resolved too late open no connection, but are known from then on', async () => {
    const { target, sockets } = await scriptedServer(() => [ok('x')])
    const lookup: LookupAll = (_hostname, done) =>
      void setTimeout(() => done(null, ['127.0.0.1']), 2 * SHORT_MS)
    const transport = testTransport({ lookup })
    const api = named(target, 'api.test')
    const error = await failing(transport, api, { deadlineUs: nowUs() + SHORT_MS * 1_000 })
    expect(error.kind).toBe('timeout')
    await pause(3 * SHORT_MS)
    expect(sockets).toHaveLength(0)
    const { timings } = await get(transport, api)
    expect(timings.blockedUs).toBe(0)
  })

  it('that are not resolved in time say so', async () => {
    const transport = testTransport({ lookup: () => {} })
    const deadlineUs = nowUs() + SHORT_MS * 1_000
    const error = await failing(transport, localTarget(80, 'http:', 'api.test'), { deadlineUs })
    expect(error).toMatchObject({ kind: 'timeout', sentAtUs: undefined })
    expect(error.message).toBe('the name api.test was not resolved in time')
  })
})

describe('what is blocked', () => {
  const RANGE = 'ip is blacklisted: 127.0.0.1 is in 127.0.0.0/8 of options.blacklistIPs'

  it.each<[name: string, hostname: string]>([
    ['given as an address', '127.0.0.1'],
    ['from hosts', 'mapped.test'],
    ['from the resolver', 'api.test'],
  ])('is an address %s', async (_name, hostname) => {
    const { target, sockets } = await scriptedServer(() => [ok('x')])
    const transport = testTransport({
      connection: { blacklistIPs: ['10.0.0.0/8', '127.0.0.0/8'], hosts: { 'mapped.test': '127.0.0.1' } },
      lookup: lookupIn({ 'api.test': ['127.0.0.1'] }),
    })
    // The second time the name is remembered.
    for (let i = 0; i < 2; i++) {
      const { error, sentAtUs } = await ask(transport, named(target, hostname))
      expect(error).toMatchObject({ kind: 'blocked_address', code: 'BLACKLISTED_IP', message: RANGE })
      expect(sentAtUs).toBeUndefined()
    }
    expect(sockets).toHaveLength(0)
  })

  it('is a name, before it is looked for; addresses are no names', async () => {
    const { target } = await scriptedServer(() => [ok('x')])
    const lookup = lookupIn({})
    const hosts = { 'api.test': '127.0.0.1' }
    const transport = testTransport({ connection: { blockHostnames: ['*'], hosts }, lookup })
    const error = await failing(transport, named(target, 'api.test'))
    expect(error).toMatchObject({ kind: 'blocked_hostname', code: 'BLOCKED_HOSTNAME' })
    expect(error.message).toBe('hostname is blocked: api.test matches * of options.blockHostnames')
    expect(lookup.asked).toEqual([])
    expect(bodyText(await get(transport, target))).toBe('x')
  })
})

describe('connections', () => {
  it('are used for one request with noConnectionReuse, and the server is told', async () => {
    const { target, sockets, requests } = await scriptedServer(() => [ok('x')])
    const transport = testTransport({ connection: { noConnectionReuse: true } })
    for (let i = 0; i < 3; i++) await get(transport, target)
    await pause(SHORT_MS)
    expect(sockets.map((socket) => socket.readableEnded)).toEqual([true, true, true])
    expect(requests.every((request) => request.includes('\r\nConnection: close\r\n'))).toBe(true)
  })

  it('are closed at the end of an iteration with noVUConnectionReuse, busy ones when they are done', async () => {
    const { target, sockets } = await scriptedServer((connection) => [
      connection === 1 ? (socket) => setTimeout(() => socket.write(ok('late')), SHORT_MS) : ok('x'),
    ])
    const transport = testTransport({ connection: { noVUConnectionReuse: true } })
    await get(transport, target, { group: 2 })
    const late = get(transport, target, { group: 1 })
    await get(transport, target, { group: 1 })
    await get(transport, target, { group: 1 })
    expect(sockets).toHaveLength(3)
    transport.endIteration?.(1)
    expect(bodyText(await late)).toBe('late')
    await pause(SHORT_MS)
    expect(sockets.map((socket) => socket.readableEnded)).toEqual([false, true, true])
    await get(transport, target, { group: 1 })
    await get(transport, target, { group: 2 })
    expect(sockets).toHaveLength(4)
  })

  it('know of no iterations without it', () => {
    expect(testTransport().endIteration).toBeUndefined()
  })
})

describe('replies without end', () => {
  it('are dropped as they come when nobody wants the body', async () => {
    const block = Buffer.alloc(1 << 20, 'x')
    const sizeBytes = 100 * block.length
    const server = createNetServer((socket) => {
      let left = 100
      const more = (): void => {
        while (left-- > 0) if (!socket.write(block)) return void socket.once('drain', more)
      }
      socket
        .on('error', () => {})
        .once('data', () => {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${sizeBytes}\r\n\r\n`)
          more()
        })
    })
    const target = await listen(server)
    const transport = testTransport()
    const before = process.memoryUsage().arrayBuffers
    const response = await get(transport, target, { dropsBody: true })
    expect(response.body).toHaveLength(0)
    expect(response.receivedBytes).toBeGreaterThan(sizeBytes)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000)
  })

  it.each([
    ['headers', 'HTTP/1.1 200 OK\r\n', 'X-Filler: more and more\r\n', 'has a head of more than 65536 bytes'],
    ['interim replies', '', 'HTTP/1.1 100 Continue\r\n\r\n', 'has more than 32 interim replies'],
  ])('are cut off in the %s', async (_name, start, more, fault) => {
    const { target, sockets } = await scriptedServer(() => [
      (socket) => {
        socket.write(start)
        const timer = setInterval(() => socket.write(more.repeat(100)), 1)
        socket.on('close', () => clearInterval(timer))
      },
    ])
    const error = await failing(testTransport(), target)
    expect(error).toMatchObject({ kind: 'protocol', message: `the reply of ${target.authority} ${fault}` })
    await pause(SHORT_MS)
    expect(sockets[0]?.destroyed).toBe(true)
  })

  it('say that a server did not take the whole request in time', async () => {
    const server = createNetServer((socket) => socket.on('error', () => {}).pause())
    const target = await listen(server)
    const error = await failing(testTransport(), target, {
      method: 'POST',
      body: new Uint8Array(50_000_000),
      deadlineUs: nowUs() + 200_000,
    })
    expect(error).toMatchObject({ kind: 'timeout', code: 'REQUEST_TIMEOUT' })
    expect(error.message).toBe(`${target.authority} did not take the whole request in time`)
  })
})
