import { describe, expect, it } from 'vitest'
import type { RequestEnd, RequestSpec } from '../../../../src/engine/host.ts'
import type { WireErrorKind } from '../../../../src/http/transport.ts'
import type { Call } from '../../../../src/script/modules/http/call.ts'
import { readParams, type ResponseType } from '../../../../src/script/modules/http/params.ts'
import { HttpResponse } from '../../../../src/script/modules/http/response.ts'
import type { Sender } from '../../../../src/script/modules/http/sender.ts'
import { errorOf, responseOf, type Reply } from '../../../support/fake-transport.ts'

const SPEC: RequestSpec = {
  method: 'POST',
  url: 'http://target/rank?key=1',
  target: { protocol: 'http:', hostname: 'target', port: 80, authority: 'target' },
  path: '/rank?key=1',
  headers: [['content-type', 'text/plain']],
  body: 'question',
  timeoutUs: 1_000_000,
  name: 'http://target/rank',
  tags: undefined,
}

function responseOfEnd(end: RequestEnd, responseType: ResponseType = 'text', spec = SPEC): HttpResponse {
  const { body } = spec
  const params = readParams(undefined, () => {})
  const call: Call = { spec, params, responseType, body, credentials: undefined, failure: undefined }
  const sender = undefined as unknown as Sender
  return new HttpResponse({ call, spec, end }, spec.url, sender)
}

function responseTo(reply: Reply, type: ResponseType = 'text', spec: RequestSpec = SPEC): HttpResponse {
  return responseOfEnd({ kind: 'response', response: responseOf(reply), outcome: 'accepted' }, type, spec)
}

function failure(kind: WireErrorKind): HttpResponse {
  return responseOfEnd({ kind: 'error', error: errorOf(kind), outcome: 'network_error' })
}

describe('a reply', () => {
  it('says what it is', () => {
    const response = responseTo({ body: 'hello' })
    expect(response).toMatchObject({
      status: 200,
      status_text: '200 OK',
      proto: 'HTTP/1.1',
      url: 'http://target/rank?key=1',
      error: '',
      error_code: 0,
      body: 'hello',
    })
  })

  it.each([
    [200, 0],
    [302, 0],
    [399, 0],
    [400, 1400],
    [429, 1429],
    [500, 1500],
    [599, 1599],
    [600, 0],
  ])('of status %i has error_code %i, and no error text', (status, code) => {
    expect(responseTo({ status })).toMatchObject({ status, error_code: code, error: '' })
  })

  it('has headers by their canonical names, repeated ones joined', () => {
    const headers = [
      ['content-type', 'text/plain'],
      ['X-MS-Region', 'west'],
      ['set-cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
      ['etag', ''],
    ] as const
    const response = responseTo({ headers })
    expect(response.headers).toEqual({
      'Content-Type': 'text/plain',
      'X-Ms-Region': 'west',
      'Set-Cookie': 'a=1, b=2',
      Etag: '',
    })
    expect(response.headers).toBe(response.headers)
  })

  it('has timings in ms that add up', () => {
    const timings = {
      blockedUs: 1_500,
      connectingUs: 2_000,
      tlsUs: 3_000,
      sentAtUs: 100_000,
      requestEndAtUs: 100_250,
      firstByteAtUs: 104_250,
      doneAtUs: 105_000,
    }
    const end: RequestEnd = {
      kind: 'response',
      response: { ...responseOf({}), timings },
      outcome: 'accepted',
    }
    expect(responseOfEnd(end).timings).toEqual({
      blocked: 1.5,
      connecting: 2,
      tls_handshaking: 3,
      sending: 0.25,
      waiting: 4,
      receiving: 0.75,
      duration: 5,
    })
  })

  it('says what was asked', () => {
    expect(responseTo({}).request).toEqual({
      method: 'POST',
      url: 'http://target/rank?key=1',
      headers: { 'Content-Type': ['text/plain'] },
      body: 'question',
      cookies: {},
    })
    const bytes = new TextEncoder().encode('bytes')
    expect(responseTo({}, 'text', { ...SPEC, body: bytes }).request.body).toBe('bytes')
    expect(responseTo({}, 'text', { ...SPEC, body: null }).request.body).toBe('')
  })
})

describe('the body', () => {
  // Part of a longer buffer, as it comes from a socket.
  const bytes = new TextEncoder().encode('[grüße]').subarray(1, -1)

  it('as text is decoded from UTF-8', () => {
    expect(responseTo({ body: bytes }).body).toBe('grüße')
    expect(responseTo({ body: Uint8Array.of(0x61, 0xff) }).body).toBe('a\ufffd')
    expect(responseTo({}).body).toBe('')
  })

  it('as bytes is a buffer of its own', () => {
    const { body } = responseTo({ body: bytes }, 'binary')
    expect(body).toBeInstanceOf(ArrayBuffer)
    expect(new Uint8Array(body as ArrayBuffer)).toEqual(Uint8Array.from(bytes))
  })

  it('is null when nobody wanted it', () => {
    expect(responseTo({ body: bytes }, 'none').body).toBeNull()
  })
})

describe('json', () => {
  it.each(['text', 'binary'] as const)('reads a body of type %s', (type) => {
    expect(responseTo({ body: '{"rank":[1,"zwölf"]}' }, type).json()).toEqual({ rank: [1, 'zwölf'] })
  })

  it.each(['', 'nope', '{"a":'])('throws for %j', (body) => {
    expect(() => responseTo({ body }).json()).toThrow(SyntaxError)
  })

  it('throws when there is no body', () => {
    const message = 'the reply of POST http://target/rank has no body to read as JSON'
    expect(() => responseTo({ body: '{}' }, 'none').json()).toThrow(message)
    expect(() => failure('refused').json()).toThrow(message)
  })

  it('with a selector gives what it finds, and undefined for nothing and for what is not JSON', () => {
    const response = responseTo({ body: '{"a":{"b":[1,2]},"n":null}' })
    expect(response.json('a.b.1')).toBe(2)
    expect(response.json('a.b.#')).toBe(2)
    expect(response.json('n')).toBeNull()
    expect(response.json('x')).toBeUndefined()
    expect(responseTo({ body: 'nope' }).json('a')).toBeUndefined()
  })

  it('gives null for null', () => {
    expect(responseTo({ body: 'null' }).json()).toBeNull()
  })
})

describe('a connection', () => {
  const remote = {
    address: '10.0.0.1',
    port: 443,
    tls: { version: 'tls1.3', cipher: 'TLS_AES_128_GCM_SHA256' },
  }

  it('says who replied and how it was secured', () => {
    const response = { ...responseOf({}), remote }
    expect(responseOfEnd({ kind: 'response', response, outcome: 'accepted' })).toMatchObject({
      remote_ip: '10.0.0.1',
      remote_port: 443,
      tls_version: 'tls1.3',
      tls_cipher_suite: 'TLS_AES_128_GCM_SHA256',
      ocsp: { status: 'unknown', produced_at: 0 },
    })
  })

  it('that nothing is known of has no address', () => {
    const { remote_ip, remote_port, tls_version, tls_cipher_suite, ocsp } = responseTo({})
    expect([remote_ip, remote_port, tls_version, tls_cipher_suite, ocsp['status']]).toEqual([
      '',
      0,
      '',
      '',
      '',
    ])
  })
})

describe('cookies', () => {
  it('are those that the reply sets, by name', () => {
    const headers = [
      ['Set-Cookie', 'a=1; Path=/x; HttpOnly; Max-Age=60'],
      ['set-cookie', 'a=2'],
      ['Set-Cookie', 'b=3; Secure; Domain=target.example; Expires=Tue, 01 Jan 2030 00:00:00 GMT'],
    ] as const
    const none = { domain: '', path: '', httpOnly: false, secure: false, maxAge: 0, expires: 0 }
    expect(responseTo({ headers }).cookies).toEqual({
      a: [
        { ...none, name: 'a', value: '1', path: '/x', httpOnly: true, maxAge: 60 },
        { ...none, name: 'a', value: '2' },
      ],
      b: [
        {
          ...none,
          name: 'b',
          value: '3',
          secure: true,
          domain: 'target.example',
          expires: Date.UTC(2030, 0, 1),
        },
      ],
    })
    expect(responseTo({}).cookies).toEqual({})
  })

  it('of the request are listed, too', () => {
    const spec = { ...SPEC, headers: [['Cookie', 'a=1; b=x=y; a=2']] as const }
    expect(responseTo({}, 'text', spec).request.cookies).toEqual({
      a: [
        { name: 'a', value: '1', replace: false },
        { name: 'a', value: '2', replace: false },
      ],
      b: [{ name: 'b', value: 'x=y', replace: false }],
    })
  })
})

describe('as JSON', () => {
  it('a response is written whole', () => {
    const written = JSON.parse(JSON.stringify(responseTo({ body: 'hello' }))) as Record<string, unknown>
    expect(written).toMatchObject({
      status: 200,
      body: 'hello',
      proto: 'HTTP/1.1',
      timings: { duration: 10 },
    })
    expect(written['request']).toMatchObject({ method: 'POST' })
  })
})

describe('a failed request', () => {
  // The codes are those of k6's documentation, "Error codes".
  it.each([
    ['timeout', 1050],
    ['dns', 1101],
    ['unreachable', 1210],
    ['refused', 1212],
    ['reset', 1220],
    ['tls', 1300],
    ['protocol', 1000],
    ['aborted', 1000],
    ['other', 1000],
  ] as const)('%s has error_code %i', (kind, code) => {
    expect(failure(kind)).toMatchObject({
      status: 0,
      status_text: '',
      proto: '',
      error: `it ended in ${kind}`,
      error_code: code,
      body: null,
      headers: {},
    })
  })

  it('has the timings that it reached', () => {
    expect(failure('refused').timings).toEqual({
      blocked: 10,
      connecting: 0,
      tls_handshaking: 0,
      sending: 0,
      waiting: 0,
      receiving: 0,
      duration: 0,
    })
  })
})
