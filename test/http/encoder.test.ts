import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asksToClose, RequestEncoder, type RequestForm } from '../../src/http/encoder.ts'
import type { WireRequest } from '../../src/http/transport.ts'

const REQUEST: WireRequest = {
  method: 'GET',
  target: { protocol: 'http:', hostname: 'api.test', port: 8080, authority: 'api.test:8080' },
  path: '/v1/rank?q=1',
  headers: [],
  body: null,
  deadlineUs: 60_000_000,
  group: 0,
}

function encodeRequest(request: WireRequest, form?: RequestForm): string | Buffer {
  return new RequestEncoder(form).encode(request)
}

/** The bytes on the wire, as UTF-8 text. */
function wire(request: Partial<WireRequest>): string {
  return Buffer.from(encodeRequest({ ...REQUEST, ...request })).toString('utf8')
}

const HOST = 'Host: api.test:8080\r\n'
const ALIVE = 'Connection: keep-alive\r\n'

describe('encodeRequest', () => {
  it.each<{ name: string; request: Partial<WireRequest>; expected: string }>([
    { name: 'GET', request: {}, expected: `GET /v1/rank?q=1 HTTP/1.1\r\n${HOST}${ALIVE}\r\n` },
    {
      name: 'headers in the order given',
      request: {
        headers: [
          ['b', '1'],
          ['A', '2'],
          ['b', ''],
        ],
      },
      expected: `GET /v1/rank?q=1 HTTP/1.1\r\n${HOST}b: 1\r\nA: 2\r\nb: \r\n${ALIVE}\r\n`,
    },
    {
      name: 'POST with a body',
      request: { method: 'POST', path: '/', body: '{"a":1}' },
      expected: `POST / HTTP/1.1\r\n${HOST}Content-Length: 7\r\n${ALIVE}\r\n{"a":1}`,
    },
    {
      name: 'bytes of UTF-8 counted, not characters',
      request: { method: 'POST', path: '/', body: 'ä€😀' },
      expected: `POST / HTTP/1.1\r\n${HOST}Content-Length: 9\r\n${ALIVE}\r\nä€😀`,
    },
    {
      name: 'POST with an empty body',
      request: { method: 'POST', path: '/', body: '' },
      expected: `POST / HTTP/1.1\r\n${HOST}Content-Length: 0\r\n${ALIVE}\r\n`,
    },
    {
      name: 'PUT without a body',
      request: { method: 'PUT', path: '/' },
      expected: `PUT / HTTP/1.1\r\n${HOST}Content-Length: 0\r\n${ALIVE}\r\n`,
    },
    {
      name: 'PATCH without a body',
      request: { method: 'PATCH', path: '/' },
      expected: `PATCH / HTTP/1.1\r\n${HOST}Content-Length: 0\r\n${ALIVE}\r\n`,
    },
    {
      name: 'DELETE without a body',
      request: { method: 'DELETE', path: '/' },
      expected: `DELETE / HTTP/1.1\r\n${HOST}${ALIVE}\r\n`,
    },
    {
      name: 'GET with a body',
      request: { path: '/', body: 'x' },
      expected: `GET / HTTP/1.1\r\n${HOST}Content-Length: 1\r\n${ALIVE}\r\nx`,
    },
    {
      name: 'the caller’s Host and Connection',
      request: {
        path: '/',
        headers: [
          ['hOsT', 'other'],
          ['CONNECTION', 'close'],
        ],
      },
      expected: 'GET / HTTP/1.1\r\nhOsT: other\r\nCONNECTION: close\r\n\r\n',
    },
    {
      name: 'its own framing instead of the caller’s',
      request: {
        method: 'POST',
        path: '/',
        headers: [
          ['content-length', '99'],
          ['Transfer-Encoding', 'chunked'],
          ['A', 'b'],
        ],
        body: 'xy',
      },
      expected: `POST / HTTP/1.1\r\n${HOST}A: b\r\nContent-Length: 2\r\n${ALIVE}\r\nxy`,
    },
    {
      name: 'a header beyond ASCII as UTF-8',
      request: { path: '/', headers: [['A', 'ü']] },
      expected: `GET / HTTP/1.1\r\n${HOST}A: ü\r\n${ALIVE}\r\n`,
    },
  ])('writes $name', ({ request, expected }) => {
    expect(wire(request)).toBe(expected)
  })

  it('copies a body of bytes behind the head as they are', () => {
    const body = Uint8Array.of(0, 255, 13, 10)
    const encoded = Buffer.from(encodeRequest({ ...REQUEST, method: 'POST', headers: [['A', 'ü']], body }))
    body.fill(1)
    const head = `POST /v1/rank?q=1 HTTP/1.1\r\n${HOST}A: ü\r\nContent-Length: 4\r\n${ALIVE}\r\n`
    expect(encoded).toEqual(Buffer.concat([Buffer.from(head), Buffer.from([0, 255, 13, 10])]))
  })

  it('says Content-Length: 0 for no bytes', () => {
    expect(wire({ method: 'POST', path: '/', body: new Uint8Array(0) })).toBe(
      `POST / HTTP/1.1\r\n${HOST}Content-Length: 0\r\n${ALIVE}\r\n`,
    )
  })
})

describe('the form of a connection', () => {
  const PROXY = { authorization: 'Basic abc' }

  it.each<[form: RequestForm, expected: string]>([
    [{ connection: 'close', proxy: undefined }, `GET / HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`],
    [
      { connection: 'keep-alive', proxy: { authorization: undefined } },
      `GET http://api.test:8080/ HTTP/1.1\r\n${HOST}${ALIVE}\r\n`,
    ],
    [
      { connection: 'close', proxy: PROXY },
      `GET http://api.test:8080/ HTTP/1.1\r\n${HOST}Connection: close\r\nProxy-Authorization: Basic abc\r\n\r\n`,
    ],
  ])('%j', (form, expected) => {
    expect(encodeRequest({ ...REQUEST, path: '/' }, form)).toBe(expected)
  })

  it('leaves the caller’s Connection alone', () => {
    const headers = [['connection', 'foo']] as const
    const form = { connection: 'close', proxy: undefined } as const
    expect(encodeRequest({ ...REQUEST, path: '/', headers }, form)).toBe(
      `GET / HTTP/1.1\r\n${HOST}connection: foo\r\n\r\n`,
    )
  })
})

describe('RequestEncoder', () => {
  it('encodes each request like one that knows no other', () => {
    const headers: WireRequest['headers'][] = [[], [['A', '1']], [['A', '2']], [['Host', 'other']]]
    const targets = ['api.test:8080', 'api.test'].map((authority) => ({ ...REQUEST.target, authority }))
    const request = fc.record({
      method: fc.constantFrom('GET', 'POST'),
      target: fc.constantFrom(...targets),
      path: fc.constantFrom('/', '/a'),
      headers: fc.constantFrom(...headers),
      body: fc.constantFrom(null, '', 'ä', 'ab', Buffer.from('abc')),
    })
    const property = fc.property(fc.array(request), (requests) => {
      const encoder = new RequestEncoder()
      const wires = requests.map((each) => ({ ...REQUEST, ...each }))
      expect(wires.map((each) => encoder.encode(each))).toEqual(wires.map((each) => encodeRequest(each)))
    })
    fc.assert(property)
  })
})

describe('asksToClose', () => {
  it.each<[headers: WireRequest['headers'], expected: boolean]>([
    [[], false],
    [[['Connection', 'close']], true],
    [[['connection', 'foo, Close']], true],
    [[['connection', 'keep-alive']], false],
    [[['Connection-', 'close']], false],
  ])('%j: %s', (headers, expected) => {
    expect(asksToClose({ ...REQUEST, headers })).toBe(expected)
  })
})
