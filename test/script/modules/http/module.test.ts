import { describe, expect, it } from 'vitest'
import type { RequestSpec } from '../../../../src/engine/host.ts'
import type { HttpModule } from '../../../../src/script/modules/http/module.ts'
import type { HttpResponse } from '../../../../src/script/modules/http/response.ts'
import { ScriptError } from '../../../../src/script/script-error.ts'
import { bench, requestsOf } from './bench.ts'

/** The request that a call makes. */
async function specOf(call: (http: HttpModule) => Promise<unknown>): Promise<RequestSpec> {
  const [spec] = await requestsOf(({ http }) => call(http))
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

  const MISTAKES: readonly (readonly [
    string,
    number,
    string,
    (http: HttpModule) => Promise<HttpResponse>,
  ])[] = [
    ['a URL', 1020, 'not an absolute http(s) URL', (http) => http.get('rank')],
    ['a body', 1000, 'a request body must be', (http) => http.post(URL, 7)],
    ['params', 1000, 'request params must be', (http) => http.get(URL, 'params')],
  ]

  it.each(MISTAKES)(
    'with %s that is wrong send nothing and give error %i',
    async (_name, code, error, call) => {
      const { host, http } = bench()
      const response = await call(http)
      expect(response).toMatchObject({
        status: 0,
        error: expect.stringContaining(error),
        error_code: code,
        body: null,
      })
      expect(host.warnings).toEqual([expect.stringContaining(error)])
      expect(host.isWaiting).toBe(false)
      expect(host.requests).toEqual([])
    },
  )

  it.each(MISTAKES)(
    'with %s that is wrong throw when the option throw is set',
    (_name, _code, error, call) => {
      const { host, http } = bench()
      host.http = { ...host.http, throws: true }
      expect(() => call(http)).toThrow(error)
      expect(host.isWaiting).toBe(false)
    },
  )

  it('end the run for what k6 has and headroom does not', () => {
    expect(() => bench().http.get(URL, { auth: 'ntlm' })).toThrow(ScriptError)
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
    [{ list: [2, 1], none: [], flag: true }, 'flag=true&list=2&list=1'],
    [{ b: 1, a: null }, 'a=null&b=1'],
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

describe('a failed request', () => {
  it('is a response of status 0, not an exception', async () => {
    const { host, http } = bench(() => ({ error: 'refused' }))
    expect(await http.get(URL)).toMatchObject({ status: 0, error_code: 1212 })
    expect(host.isWaiting).toBe(false)
  })

  it.each([
    [true, undefined, 'it ended in refused'],
    [false, true, 'it ended in refused'],
    [true, false, 'status 0'],
    [false, undefined, 'status 0'],
  ])('with the option throw %s and the parameter %s: %s', async (option, parameter, outcome) => {
    const { host, http } = bench(() => ({ error: 'refused' }))
    host.http = { ...host.http, throws: option }
    const ended = await http.get(URL, { throw: parameter }).then(
      ({ status }) => `status ${status}`,
      ({ message }: Error) => message,
    )
    expect(ended).toBe(outcome)
    expect(host.isWaiting).toBe(false)
  })

  it('that the script must not pass over knows where it was asked for', async () => {
    const { host, http } = bench(() => ({ error: 'refused' }))
    host.http = { ...host.http, throws: true }
    const askingFunction = (): Promise<unknown> => http.get(URL)
    const error = await askingFunction().catch((thrown: unknown) => thrown)
    expect((error as Error).stack).toContain('askingFunction')
  })
})

describe('http.url', () => {
  it.each([
    [
      (http: HttpModule) => http.url`http://target/posts/${7}/x?y=${'z'}`,
      'http://target/posts/7/x?y=z',
      'http://target/posts/${}/x?y=${}',
    ],
    [(http: HttpModule) => http.url`http://target/`, 'http://target/', 'http://target/'],
  ])('asks for the URL under a name without the values', async (make, url, name) => {
    const spec = await specOf((http) => http.get(make(http), { tags: { kind: 'a' } }))
    expect(spec).toMatchObject({ url, name, tags: { kind: 'a', name } })
  })

  it('leaves the name to the script', async () => {
    const spec = await specOf((http) => http.get(http.url`http://target/${1}`, { tags: { name: 'mine' } }))
    expect(spec.name).toBe('mine')
  })

  it('is no function', () => {
    expect(() => bench().http.url('http://target/' as unknown as TemplateStringsArray)).toThrow(
      'template tag',
    )
  })
})

describe('expected statuses', () => {
  const expects = async (prepare: (http: HttpModule) => unknown): Promise<RequestSpec['expects']> => {
    const [spec] = await requestsOf(async ({ http }) => http.get(URL, prepare(http)))
    return spec?.expects
  }

  it('are left to the engine by default', async () => {
    expect(await expects(() => undefined)).toBeUndefined()
  })

  it('are numbers and ranges', async () => {
    const test = await expects((http) => ({
      responseCallback: http.expectedStatuses(404, { min: 200, max: 202 }),
    }))
    expect([199, 200, 202, 203, 404, 405].map((status) => test?.(status))).toEqual([
      false,
      true,
      true,
      false,
      true,
      false,
    ])
  })

  it('hold for all requests of the VU once set, but a request may have its own', async () => {
    const { host, http } = bench()
    http.setResponseCallback(http.expectedStatuses(404))
    await http.get(URL)
    await http.get(URL, { responseCallback: http.expectedStatuses(410) })
    await http.get(URL, { responseCallback: null })
    http.setResponseCallback(null)
    await http.get(URL)
    expect(host.requests.map((spec) => [spec.expects?.(404), spec.expects?.(410)])).toEqual([
      [true, false],
      [false, true],
      [undefined, undefined],
      [undefined, undefined],
    ])
    expect(host.requests.map((spec) => spec.expects === null)).toEqual([false, false, true, true])
  })

  it.each([[[]], [['200']], [[{ min: 1 }]], [[200, null]], [[1.5]]])('cannot be %j', (given) => {
    expect(() => bench().http.expectedStatuses(...given)).toThrow('http.expectedStatuses()')
  })

  it('cannot be told by a function', () => {
    expect(() => bench().http.setResponseCallback(() => true)).toThrow(
      'must be made by http.expectedStatuses()',
    )
  })
})
