import { describe, expect, it } from 'vitest'
import type { RequestSpec } from '../../../src/engine/host.ts'
import { createHttpModule } from '../../../src/script/modules/http.ts'
import type { HttpResponse } from '../../../src/script/modules/http-response.ts'
import { FakeHost } from './fake-host.ts'

interface Trip {
  readonly response: HttpResponse
  readonly requests: readonly RequestSpec[]
}

const HEADERS = {
  Authorization: 'Bearer x',
  Cookie: 'a=1',
  'Ocp-Apim-Subscription-Key': 'k',
  Host: 'front',
  Accept: '*/*',
  'Content-Type': 'text/plain',
}

/** One request that is redirected once. */
async function trip(
  method: string,
  status: number,
  location: string | undefined,
  params = {},
): Promise<Trip> {
  const headers = location === undefined ? [] : [['Location', location] as const]
  const host = new FakeHost((_spec, index) => (index === 0 ? { status, headers } : { body: 'there' }))
  const http = createHttpModule(host, host)
  const body = method === 'GET' || method === 'HEAD' ? null : 'body'
  const response = await http.request(method, 'http://target/a/b?c=d', body, { headers: HEADERS, ...params })
  expect(host.isWaiting).toBe(false)
  return { response, requests: host.requests }
}

describe('redirects', () => {
  // RFC 9110 §15.4; what k6 does.
  it.each([
    ['GET', 301, 'GET'],
    ['HEAD', 301, 'HEAD'],
    ['POST', 301, 'GET'],
    ['POST', 302, 'GET'],
    ['PUT', 302, 'GET'],
    ['DELETE', 303, 'GET'],
    ['HEAD', 303, 'HEAD'],
    ['POST', 307, 'POST'],
    ['PUT', 308, 'PUT'],
    ['GET', 308, 'GET'],
  ])('%s, %i: goes on as %s', async (method, status, next) => {
    const { requests, response } = await trip(method, status, '/there')
    expect(requests.map((request) => request.method)).toEqual([method, next])
    const keepsBody = status >= 307
    expect(requests[1]?.body).toBe(keepsBody ? requests[0]?.body : null)
    const types = requests[1]?.headers.filter(([name]) => name === 'Content-Type')
    expect(types).toHaveLength(keepsBody ? 1 : 0)
    expect(response).toMatchObject({ status: 200, url: 'http://target/there', body: 'there' })
  })

  it.each([
    ['/there', 'http://target/there'],
    ['there?x=1', 'http://target/a/there?x=1'],
    ['?x=1', 'http://target/a/b?x=1'],
    ['//other/there', 'http://other/there'],
    ['https://target/there#part', 'https://target/there'],
    ['http://me:secret@target/there', 'http://target/there'],
    ['http://me:%zz@target/there', 'http://target/there'],
  ])('Location %s leads to %s', async (location, url) => {
    const { requests, response } = await trip('GET', 302, location)
    expect(requests[1]).toMatchObject({ url, name: url.replace(/\?.*/, '') })
    expect(response.url).toBe(url)
  })

  it('keep the name that the script gave', async () => {
    const { requests } = await trip('GET', 302, '/there', { tags: { name: 'rank' } })
    expect(requests.map(({ name }) => name)).toEqual(['rank', 'rank'])
  })

  it.each(['/there', 'http://target/there', 'http://target:80/there'])(
    'keep every header within the origin: %s',
    async (location) => {
      const { requests } = await trip('POST', 307, location)
      expect(requests[1]?.headers).toEqual(requests[0]?.headers)
    },
  )

  it.each(['http://other/', 'https://target/', 'http://target:81/'])(
    'take nothing to another origin that belongs to this one: %s',
    async (location) => {
      const { requests } = await trip('POST', 307, location)
      expect(requests[1]?.headers.map(([name]) => name)).toEqual(['Accept', 'Content-Type', 'User-Agent'])
    },
  )

  it.each([
    [302, undefined],
    [302, 'ftp://target/there'],
    [302, 'mailto:me@target'],
    [302, 'http://'],
    [300, '/there'],
    [304, '/there'],
    [200, '/there'],
    [201, '/there'],
  ])('status %i with Location %j is handed to the script', async (status, location) => {
    const { requests, response } = await trip('GET', status, location)
    expect(requests).toHaveLength(1)
    expect(response.status).toBe(status)
  })

  it.each([
    [undefined, 11],
    [0, 1],
    [3, 4],
  ])('params.redirects %s: %i requests at most', async (redirects, count) => {
    const host = new FakeHost(() => ({ status: 302, headers: [['Location', '/again']] }))
    const response = await createHttpModule(host, host).get('http://target/', { redirects })
    expect(host.requests).toHaveLength(count)
    expect(response.status).toBe(302)
    expect(host.isWaiting).toBe(false)
  })
})
