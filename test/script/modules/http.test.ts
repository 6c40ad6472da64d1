import { describe, expect, it } from 'vitest'
import type { RequestSpec } from '../../../src/engine/host.ts'
import { createHttpModule, type HttpModule } from '../../../src/script/modules/http.ts'
import { ScriptError } from '../../../src/script/script-error.ts'
import type { Reply } from '../../support/fake-transport.ts'
import { FakeHost } from './fake-host.ts'

interface Bench {
  readonly host: FakeHost
  readonly http: HttpModule
}

function bench(answer?: (spec: RequestSpec, index: number) => Reply): Bench {
  const host = new FakeHost(answer)
  return { host, http: createHttpModule(host, host) }
}

/** The request that a call makes. */
async function specOf(call: (http: HttpModule) => Promise<unknown>): Promise<RequestSpec> {
  const { host, http } = bench()
  await call(http)
  const [spec] = host.requests
  if (spec === undefined) throw new Error('nothing was asked')
  return spec
}

const URL = 'http://target/rank'
const PARAMS = { headers: { 'X-Key': '1' } }

describe('the functions', () => {
  type Call = (http: HttpModule) => Promise<unknown>

  it.each<readonly [string, string, Call]>([
    ['get(url, params)', 'GET', (http) => http.get(URL, PARAMS)],
    ['head(url, params)', 'HEAD', (http) => http.head(URL, PARAMS)],
    ['request(method, url, null, params)', 'PURGE', (http) => http.request('purge', URL, null, PARAMS)],
  ])('%s', async (_name, method, call) => {
    const spec = await specOf(call)
    expect(spec).toMatchObject({ method, url: URL, path: '/rank', body: null, name: URL })
    expect(spec.headers).toContainEqual(['X-Key', '1'])
  })

  it.each<readonly [string, string, Call]>([
    ['post', 'POST', (http) => http.post(URL, 'body', PARAMS)],
    ['put', 'PUT', (http) => http.put(URL, 'body', PARAMS)],
    ['patch', 'PATCH', (http) => http.patch(URL, 'body', PARAMS)],
    ['del', 'DELETE', (http) => http.del(URL, 'body', PARAMS)],
    ['options', 'OPTIONS', (http) => http.options(URL, 'body', PARAMS)],
    ['request', 'GET', (http) => http.request('GET', URL, 'body', PARAMS)],
  ])('%s takes a body before the params', async (_name, method, call) => {
    const spec = await specOf(call)
    expect(spec).toMatchObject({ method, url: URL, body: 'body' })
    expect(spec.headers).toContainEqual(['X-Key', '1'])
  })

  it.each(['', 'GET /', 'G\r\nET', 'gét'])('%j is no method', (method) => {
    const { host, http } = bench()
    expect(() => http.request(method, URL)).toThrow('not an HTTP method')
    expect(host.requests).toEqual([])
  })

  it('are refused while the script loads', () => {
    const { host, http } = bench()
    host.mayWait = false
    expect(() => http.get(URL)).toThrow('requests cannot be made while the script loads')
  })

  it('tell the guard that they wait until the reply is there', async () => {
    const { host, http } = bench()
    const pending = http.del(URL)
    expect(host.isWaiting).toBe(true)
    await pending
    await http.post(URL)
    expect(host.waits).toEqual(['http.del', 'http.post'])
    expect(host.isWaiting).toBe(false)
  })

  it.each<readonly [string, string, (http: HttpModule) => unknown]>([
    ['a URL', 'not an absolute http(s) URL', (http) => http.get('rank')],
    ['a body', 'a request body must be', (http) => http.post(URL, 7)],
    ['params', 'request params must be', (http) => http.get(URL, 'params')],
    ['an unsupported parameter', '"jar" is not supported', (http) => http.get(URL, { jar: {} })],
  ])('wait for nothing when %s is wrong', (_name, message, call) => {
    const { host, http } = bench()
    expect(() => call(http)).toThrow(message)
    expect(host.isWaiting).toBe(false)
    expect(host.requests).toEqual([])
  })
})

describe('the name of a request', () => {
  it.each([
    ['http://target/rank?key=secret', undefined, 'http://target/rank'],
    ['http://me:secret@target/rank#part', undefined, 'http://target/rank'],
    ['http://target/users/17', { name: 'user' }, 'user'],
    ['http://target/rank', { kind: 'x' }, 'http://target/rank'],
  ])('of %s with tags %j is %s', async (url, tags, name) => {
    const spec = await specOf((http) => http.get(url, { tags }))
    expect(spec.name).toBe(name)
    expect(spec.tags).toEqual(tags)
    expect(JSON.stringify(spec)).not.toContain('me:secret')
  })
})

describe('headers', () => {
  it('are sent as given, in order, with what is missing', async () => {
    const spec = await specOf((http) =>
      http.post('http://me:secret@target/', { a: 1 }, { headers: { Accept: '*/*', 'x-n': 3 } }),
    )
    expect(spec.headers).toEqual([
      ['Accept', '*/*'],
      ['x-n', '3'],
      ['User-Agent', 'headroom/test'],
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['Authorization', 'Basic bWU6c2VjcmV0'],
    ])
  })

  it('of the script win', async () => {
    const headers = { 'user-agent': 'mine', 'CONTENT-TYPE': 'text/plain', authorization: 'Bearer x' }
    const spec = await specOf((http) => http.post('http://me:secret@target/', { a: 1 }, { headers }))
    expect(spec.headers).toEqual([
      ['user-agent', 'mine'],
      ['CONTENT-TYPE', 'text/plain'],
      ['authorization', 'Bearer x'],
    ])
  })

  it('do not gather from request to request', async () => {
    const { host, http } = bench()
    await http.get(URL)
    await http.get(URL)
    expect(host.requests.map(({ headers }) => headers)).toEqual([
      [['User-Agent', 'headroom/test']],
      [['User-Agent', 'headroom/test']],
    ])
  })
})

describe('bodies', () => {
  const bodyOf = async (body: unknown): Promise<RequestSpec['body']> =>
    (await specOf((http) => http.post(URL, body))).body

  it.each([
    ['text', 'text'],
    ['', ''],
    [null, null],
    [undefined, null],
    [{ a: 1, b: 'x y', c: 'ü&=' }, 'a=1&b=x+y&c=%C3%BC%26%3D'],
    [{ list: [1, 2], none: [], flag: true }, 'list=1&list=2&flag=true'],
    [{}, ''],
  ])('%j is sent as %j', async (body, sent) => {
    expect(await bodyOf(body)).toEqual(sent)
  })

  it('of bytes are sent as they are', async () => {
    const bytes = Uint8Array.of(0, 1, 254, 255)
    expect(await bodyOf(bytes.buffer)).toEqual(bytes)
    expect(await bodyOf(bytes.subarray(1, 3))).toEqual(Uint8Array.of(1, 254))
    expect(await bodyOf(new DataView(bytes.buffer, 2))).toEqual(Uint8Array.of(254, 255))
  })

  it('of text and bytes have no content type of their own', async () => {
    for (const body of ['text', new ArrayBuffer(2), null]) {
      const spec = await specOf((http) => http.post(URL, body))
      expect(spec.headers.map(([name]) => name)).toEqual(['User-Agent'])
    }
  })

  it.each([7, true, () => 1, Symbol('x')])('%s is none', (body) => {
    expect(() => bench().http.post(URL, body)).toThrow('a request body must be')
  })
})

describe('responseType', () => {
  const typed = async (discards: boolean, responseType?: string): Promise<unknown> => {
    const { host, http } = bench(() => ({ body: 'hello' }))
    host.discardResponseBodies = discards
    const { body } = await http.get(URL, { responseType })
    return body instanceof ArrayBuffer ? 'bytes' : body
  }

  it.each([
    [false, undefined, 'hello'],
    [false, 'text', 'hello'],
    [false, 'binary', 'bytes'],
    [false, 'none', null],
    [true, undefined, null],
    [true, 'text', 'hello'],
    [true, 'binary', 'bytes'],
  ])('discardResponseBodies %s, responseType %s: the body is %j', async (discards, type, body) => {
    expect(await typed(discards, type)).toBe(body)
  })
})

describe('what comes out differently from k6', () => {
  it.each([
    ['Set-Cookie', 'a=1', 'headroom does not keep cookies yet'],
    ['Content-Encoding', 'gzip', 'headroom does not decompress bodies yet'],
  ])('%s is warned about', async (name, value, text) => {
    const { host, http } = bench(() => ({ headers: [[name, value]] }))
    await http.get(URL)
    await http.get(URL)
    expect(host.warnings).toHaveLength(1)
    expect(host.warnings[0]).toContain(text)
  })
})

describe('a failed request', () => {
  it('is a response of status 0, not an exception', async () => {
    const { host, http } = bench(() => ({ error: 'refused' }))
    expect(await http.get(URL)).toMatchObject({ status: 0, error_code: 1212 })
    expect(host.isWaiting).toBe(false)
  })
})

describe('unsupported parameters', () => {
  it.each(['auth', 'cookies', 'jar', 'compression', 'responseCallback', 'header'])('%s is named', (key) => {
    expect(() => bench().http.get(URL, { [key]: 'x' })).toThrow(ScriptError)
    expect(() => bench().http.get(URL, { [key]: 'x' })).toThrow(
      `the request parameter "${key}" is not supported yet`,
    )
  })
})
