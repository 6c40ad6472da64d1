import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createNetServer } from 'node:net'
import * as fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import type { Target } from '../../src/http/transport.ts'
import { ask, bodyText, get, listen, testTransport } from './ask.ts'
import { damaged, DAMAGE, generatedReply, pieces } from './conversations.ts'

const TOKEN = fc.string({ unit: fc.constantFrom('a', 'Z', '9', '-', '_', '!'), minLength: 1, maxLength: 14 })
const VALUE = fc.string({ unit: fc.constantFrom('v', ' ', '\t', '"', ',', ':'), maxLength: 20 })
const FIELDS = fc.array(
  fc.tuple(
    TOKEN.map((name) => `X${name}`),
    VALUE.map((value) => value.trim()),
  ),
  { maxLength: 5 },
)
const TEXT = fc.string({ unit: 'grapheme', maxLength: 200 })
const BYTES = fc.uint8Array({ maxLength: 3_000 })

const REQUEST = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
  path: fc.webPath().map((path) => (path === '' ? '/' : path)),
  headers: FIELDS,
  body: fc.oneof(fc.constant(null), TEXT, BYTES),
})

const REPLY = fc.record({
  status: fc.oneof(fc.integer({ min: 200, max: 599 }), fc.constantFrom(204, 304)),
  fields: FIELDS,
  pieces: fc.array(BYTES, { maxLength: 4 }),
  saysLength: fc.boolean(),
  closes: fc.boolean(),
  isEarly: fc.boolean(),
})
type Reply = typeof REPLY extends fc.Arbitrary<infer T> ? T : never

interface Seen {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

async function seenIn(request: IncomingMessage): Promise<Seen> {
  const { method, url, rawHeaders } = request
  const received: Buffer[] = []
  for await (const piece of request) received.push(piece as Buffer)
  return { method, url, rawHeaders, body: Buffer.concat(received) }
}

/** A server of node:http that gives the reply that is set, and keeps what it read. */
async function echoServer(): Promise<{ target: Target; state: { reply?: Reply; seen?: Seen } }> {
  const state: { reply?: Reply; seen?: Seen } = {}
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    state.seen = await seenIn(request)
    const { status, fields, pieces: parts, saysLength, closes, isEarly } = state.reply as Reply
    if (isEarly) response.writeEarlyHints({ link: '</a>; rel=preload' })
    const length = parts.reduce((sum, part) => sum + part.length, 0)
    const framing = saysLength ? ['Content-Length', String(length)] : []
    const closing = closes ? ['Connection', 'close'] : []
    response.writeHead(status, [...fields.flat(), ...framing, ...closing])
    for (const part of parts) response.write(part)
    response.end()
  }
  const server = createServer((request, response) => void serve(request, response))
  onTestFinished(() => server.closeAllConnections())
  return { target: await listen(server), state }
}

it('carries generated requests to node:http and its replies back, one after another', async () => {
  const { target, state } = await echoServer()
  const transport = testTransport()
  const property = fc.asyncProperty(REQUEST, REPLY, async ({ method, path, headers, body }, reply) => {
    state.reply = reply
    const response = await get(transport, target, { method, path, headers, body })
    expect(state.seen).toMatchObject({ method, url: path })
    expect(state.seen?.rawHeaders.slice(2, 2 + 2 * headers.length)).toEqual(headers.flat())
    expect(state.seen?.body.equals(Buffer.from(body ?? ''))).toBe(true)
    const hasNoBody = reply.status === 204 || reply.status === 304
    const sent = hasNoBody ? [] : reply.pieces
    expect(response.status).toBe(reply.status)
    expect(response.headers.slice(0, reply.fields.length)).toEqual(reply.fields)
    expect(Buffer.from(response.body).equals(Buffer.concat(sent))).toBe(true)
  })
  await fc.assert(property, { numRuns: 500 })
})

it('comes to an end whatever a server says, and keeps the next reply apart', async () => {
  let script: readonly string[] = []
  const server = createNetServer({ noDelay: true }, (socket) => {
    socket
      .on('error', () => {})
      .once('data', () => {
        for (const piece of script) socket.write(piece, 'latin1')
        socket.end()
      })
  })
  const target = await listen(server)
  const transport = testTransport()
  const damages = fc.array(DAMAGE, { maxLength: 2 })
  const cuts = fc.array(fc.nat({ max: 2_000 }), { maxLength: 3 })
  const property = fc.asyncProperty(generatedReply(true), damages, cuts, async (reply, damage, places) => {
    script = pieces(damaged(reply.wire, damage), places)
    const { response, error } = await ask(transport, target, { method: reply.method, group: 1 })
    expect(response === undefined).toBe(error !== undefined)
    expect(['reset', 'protocol', undefined]).toContain(error?.kind)
    script = ['HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext']
    expect(bodyText(await get(transport, target, { group: 2 }))).toBe('next')
  })
  await fc.assert(property, { numRuns: 300 })
})
