import { createServer, type IncomingMessage, request as nodeRequest, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createNetServer, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Target, WireRequest, WireResponse } from '../../src/http/transport.ts'
import {
  ask,
  bodyText,
  get,
  listen,
  localTarget,
  nowUs,
  pause,
  requestTo,
  SHORT_MS,
  testTransport,
} from './ask.ts'
import { ok, scriptedServer } from './scripted-server.ts'

interface NodeServer {
  readonly target: Target
  readonly sockets: ReadonlySet<Socket>
}

type Serve = (request: IncomingMessage, response: ServerResponse) => unknown

async function nodeServer(serve: Serve): Promise<NodeServer> {
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => void serve(request, response))
  server.on('connection', (socket) => sockets.add(socket))
  onTestFinished(() => server.closeAllConnections())
  return { target: await listen(server), sockets }
}

async function readAll(message: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of message) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString()
}

it('lets time catch up before a request leaves, not when it is asked for', async () => {
  const { target } = await scriptedServer(() => [ok('a'), ok('b')])
  let untilUs = 0
  const catchUp = (): void => {
    while (nowUs() < untilUs);
  }
  const transport = testTransport({ catchUp })
  await get(transport, target)
  untilUs = nowUs() + SHORT_MS * 1_000
  const { sentAtUs, response } = await ask(transport, target)
  expect(sentAtUs).toBeGreaterThanOrEqual(untilUs)
  expect(response?.timings.firstByteAtUs).toBeGreaterThanOrEqual(untilUs)
  expect(bodyText(response!)).toBe('b')
})

describe('against node:http', () => {
  it('carries method, path, headers and body over and back', async () => {
    const { target } = await nodeServer(async (request, response) => {
      const { method, url, headers } = request
      const body = await readAll(request)
      response.writeHead(201, 'Made', { 'X-Seen': 'yes' }).end(JSON.stringify({ method, url, headers, body }))
    })
    const headers = [['Content-Type', 'text/plain']] as const
    const response = await get(testTransport(), target, {
      method: 'POST',
      path: '/a?b=c',
      headers,
      body: 'grüße €',
    })
    expect(response).toMatchObject({ status: 201, statusText: 'Made', httpVersion: '1.1' })
    expect(response.header('x-seen')).toBe('yes')
    expect(JSON.parse(bodyText(response))).toEqual({
      method: 'POST',
      url: '/a?b=c',
      headers: {
        host: target.authority,
        'content-type': 'text/plain',
        'content-length': '11',
        connection: 'keep-alive',
      },
      body: 'grüße €',
    })
  })

  it('gives times in the order of the stages and counts bytes', async () => {
    const { target } = await nodeServer((_request, response) =>
      response.writeHead(200, { 'Content-Length': '5' }).end('hello'),
    )
    const transport = testTransport()
    const askedAtUs = nowUs()
    const first = await ask(transport, target)
    const { timings, receivedBytes, sentBytes } = first.response as WireResponse
    expect(timings.sentAtUs).toBe(first.sentAtUs)
    expect(timings.connectingUs).toBeGreaterThan(0)
    expect(timings.tlsUs).toBe(0)
    expect(timings.sentAtUs - askedAtUs).toBeGreaterThanOrEqual(timings.blockedUs + timings.connectingUs)
    expect(timings.requestEndAtUs).toBeGreaterThanOrEqual(timings.sentAtUs)
    expect(timings.firstByteAtUs).toBeGreaterThanOrEqual(timings.requestEndAtUs)
    expect(timings.doneAtUs).toBeGreaterThanOrEqual(timings.firstByteAtUs)
    expect(sentBytes).toBe(
      `GET / HTTP/1.1\r\nHost: ${target.authority}\r\nConnection: keep-alive\r\n\r\n`.length,
    )
    expect(receivedBytes).toBeGreaterThan('HTTP/1.1 200 OK\r\n\r\nhello'.length)
    const second = await get(transport, target)
    expect(second.timings).toMatchObject({ blockedUs: 0, connectingUs: 0, tlsUs: 0 })
  })

  it('uses one connection for requests one after another, many for requests at once, and the last one first', async () => {
    const { target, sockets } = await nodeServer((request, response) => {
      request.resume().on('end', () => response.end(String(request.socket.remotePort)))
    })
    const transport = testTransport()
    for (let i = 0; i < 20; i++) await get(transport, target, { method: 'POST', body: 'x' })
    expect(sockets.size).toBe(1)
    await Promise.all(Array.from({ length: 10 }, () => get(transport, target)))
    expect(sockets.size).toBe(10)
    const ports = [bodyText(await get(transport, target)), bodyText(await get(transport, target))]
    expect(ports[0]).toBe(ports[1])
    expect(sockets.size).toBe(10)
  })

  it('can send the next request from inside the handler, on the same connection', async () => {
    const { target, sockets } = await nodeServer((_request, response) => response.end('x'))
    const transport = testTransport()
    let count = 0
    await new Promise<void>((resolve, reject) => {
      const next = (): void => {
        transport.send(requestTo(target), {
          onSent: () => {},
          onResponse: () => (++count === 100 ? resolve() : next()),
          onError: (error) => reject(new Error(error.message)),
        })
      }
      next()
    })
    expect(sockets.size).toBe(1)
  })

  it('does not share connections between groups, nor between authorities', async () => {
    const { target, sockets } = await nodeServer((_request, response) => response.end('x'))
    const transport = testTransport()
    await get(transport, target, { group: 1 })
    await get(transport, target, { group: 2 })
    await get(transport, target, { group: 1 })
    expect(sockets.size).toBe(2)
    await get(transport, localTarget(target.port, 'http:', 'localhost'), { group: 1 })
    expect(sockets.size).toBe(3)
  })

  it.skipIf(networkInterfaces()['lo']?.every(({ family }) => family !== 'IPv6') ?? true)(
    'takes an IPv6 address in brackets',
    async () => {
      const server = createServer((request, response) => response.end(request.headers.host))
      await new Promise<void>((resolve) => server.listen(0, '::1', resolve))
      onTestFinished(() => void server.close())
      const target = localTarget((server.address() as AddressInfo).port, 'http:', '[::1]')
      const transport = testTransport()
      expect(bodyText(await get(transport, target))).toBe(target.authority)
    },
  )

  it('reads chunked and large bodies', async () => {
    const large = Buffer.alloc(3_000_000, 'abcdefghijklmnop')
    const { target } = await nodeServer((request, response) => {
      if (request.url === '/large')
        response.writeHead(200, { 'Content-Length': String(large.length) }).end(large)
      else response.write('one ', () => response.end('two'))
    })
    const transport = testTransport()
    expect(bodyText(await get(transport, target))).toBe('one two')
    expect(Buffer.from((await get(transport, target, { path: '/large' })).body).equals(large)).toBe(true)
  })

  it('sends large bodies whole, and says when the last byte was handed over', async () => {
    const { target } = await nodeServer(async (request, response) => {
      await pause(SHORT_MS)
      response.end(String(Buffer.byteLength(await readAll(request))))
    })
    const transport = testTransport()
    const body = new Uint8Array(20_000_000).fill(97)
    const response = await get(transport, target, { method: 'PUT', body })
    expect(bodyText(response)).toBe('20000000')
    const { requestEndAtUs, sentAtUs } = response.timings
    expect(requestEndAtUs - sentAtUs).toBeGreaterThan((SHORT_MS / 2) * 1000)
    expect(bodyText(await get(transport, target, { method: 'POST', body: 'ü'.repeat(500_000) }))).toBe(
      '1000000',
    )
  })

  it('has no body for HEAD and 204, and goes on on the same connection', async () => {
    const { target, sockets } = await nodeServer((request, response) => {
      if (request.method === 'HEAD') response.writeHead(200, { 'Content-Length': '1000' }).end()
      else response.writeHead(204).end()
    })
    const transport = testTransport()
    expect((await get(transport, target, { method: 'HEAD' })).body).toHaveLength(0)
    expect((await get(transport, target, { method: 'DELETE' })).status).toBe(204)
    expect(sockets.size).toBe(1)
  })

  it('closes the connection when the caller asks for it', async () => {
    const { target, sockets } = await scriptedServer(() => [ok('x')])
    const transport = testTransport()
    await get(transport, target, { headers: [['Connection', 'close']] })
    await get(transport, target)
    expect(sockets).toHaveLength(2)
  })

  it('skips 100 Continue and early hints', async () => {
    const { target } = await nodeServer(async (request, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' })
      response.end(await readAll(request))
    })
    const headers = [['Expect', '100-continue']] as const
    expect(bodyText(await get(testTransport(), target, { method: 'POST', headers, body: 'b' }))).toBe('b')
  })

  it('takes an early reply to a large request without keeping the connection', async () => {
    const { target, sockets } = await nodeServer((request, response) => {
      if (request.method === 'POST') response.writeHead(413).end('too large')
      else response.end('x')
    })
    const transport = testTransport()
    const body = new Uint8Array(50_000_000)
    const response = await get(transport, target, { method: 'POST', body })
    expect(response).toMatchObject({ status: 413 })
    expect(response.timings.requestEndAtUs).toBeLessThanOrEqual(response.timings.firstByteAtUs)
    await get(transport, target)
    expect(sockets.size).toBe(2)
  })
})

describe('the same bytes give what node:http reads', () => {
  const wires = [
    ok('hello', 'A: 1\r\nb:2\r\nA: 3\r\n'),
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n',
    'HTTP/1.1 404 Not There\r\nConnection: close\r\n\r\nuntil the end',
    'HTTP/1.0 500 Old\r\nX: \xe4\r\n\r\nold',
    'HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 204 No Content\r\nX: y\r\n\r\n',
    'HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n',
  ]

  it.each(wires)('%j', async (wire) => {
    const server = createNetServer((socket) =>
      socket.on('data', () => socket.end(wire, 'latin1')).on('error', () => {}),
    )
    const target = await listen(server)
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      nodeRequest({ port: target.port, host: target.hostname, agent: false }, resolve)
        .on('error', reject)
        .end()
    })
    const { statusCode, statusMessage, rawHeaders } = message
    const theirs = [statusCode, statusMessage, message.httpVersion, rawHeaders, await readAll(message)]
    const ours = await get(testTransport(), target)
    const { status, statusText, httpVersion, headers } = ours
    expect([status, statusText, httpVersion, headers.flat(), bodyText(ours)]).toEqual(theirs)
  })
})

it('keeps many interleaved requests and replies apart', async () => {
  const textOf = (id: number): string => `${id} ${'x'.repeat((id * 977) % 100_000)}`
  const isCut = (id: number): boolean => id % 13 === 0
  const { target } = await nodeServer(async (request, response) => {
    const id = Number(await readAll(request))
    if (isCut(id)) request.socket.destroy()
    else setTimeout(() => response.end(textOf(id)), id % 7)
  })
  const transport = testTransport()
  const answerTo = async (id: number): Promise<string | undefined> => {
    const request: Partial<WireRequest> = { method: 'POST', body: String(id), group: id % 3 }
    const { response, error } = await ask(transport, target, request)
    return response === undefined ? error?.kind : bodyText(response)
  }
  const lane = async (from: number): Promise<void> => {
    for (let id = from; id < 600; id += 30) expect(await answerTo(id)).toBe(isCut(id) ? 'reset' : textOf(id))
  }
  await Promise.all(Array.from({ length: 30 }, (_, from) => lane(from)))
})
