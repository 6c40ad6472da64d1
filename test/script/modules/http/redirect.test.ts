import { describe, expect, it } from 'vitest'
import type { RequestSpec } from '../../../../src/engine/host.ts'
import type { HttpResponse } from '../../../../src/script/modules/http/response.ts'
import type { Reply } from '../../../support/fake-transport.ts'
import { bench, headerOf, requestsOf } from './bench.ts'

interface Trip {
  readonly response: HttpResponse
  readonly requests: readonly RequestSpec[]
}

const HEADERS = {
  Authorization: 'Bearer x',
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
  const { host, http } = bench((_spec, index) => (index === 0 ? { status, headers } : { body: 'there' }))
  const body = method === 'GET' || method === 'HEAD' ? null : 'body'
  const response = await http.request(method, 'http://target/a/b?c=d', body, { headers: HEADERS, ...params })
  expect(host.isWaiting).toBe(false)
  return { response, requests: host.requests }
}

const AGAIN = (): Reply => ({ status: 302, headers: [['Location', '/again']] })

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
    'keep every header within the origin, and say where they came from: %s',
    async (location) => {
      const { requests } = await trip('POST', 307, location)
      const referer = ['Referer', 'http://target/a/b?c=d']
      expect(requests[1]?.headers).toEqual([...(requests[0]?.headers ?? []), referer])
    },
  )

  it.each(['http://other/', 'https://target/', 'http://target:81/'])(
    'take nothing to another origin that belongs to this one: %s',
    async (location) => {
      const { requests } = await trip('POST', 307, location)
      expect(requests[1]?.headers.map(([name]) => name)).toEqual([
        'Accept',
        'Content-Type',
        'User-Agent',
        'Referer',
      ])
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
    const { host, http } = bench(AGAIN)
    const response = await http.get('http://target/', { redirects })
    expect(host.requests).toHaveLength(count)
    expect(response.status).toBe(302)
    expect(host.isWaiting).toBe(false)
  })

  it('end where the option maxRedirects says', async () => {
    const { host, http } = bench(AGAIN)
    host.http = { ...host.http, maxRedirects: 2, isMaxRedirectsGiven: true }
    await http.get('http://target/')
    expect(host.requests).toHaveLength(3)
    expect(host.warnings).toEqual([])
  })

  it.each([
    [undefined, 1],
    [3, 0],
  ])(
    'that were not followed for k6’s own limit are warned about (redirects %s)',
    async (redirects, count) => {
      const { host, http } = bench(AGAIN)
      await http.get('http://target/', { redirects })
      expect(host.warnings).toHaveLength(count)
    },
  )

  it('take user info of the new address along', async () => {
    const { requests } = await trip('GET', 302, 'http://me:secret@other/')
    expect(headerOf(requests[1], 'Authorization')).toBe('Basic bWU6c2VjcmV0')
  })
})

describe('Referer', () => {
  it.each([
    ['http://target/a', 'https://other/b', 'http://target/a'],
    ['https://target/a', 'https://other/b', 'https://target/a'],
    ['https://target/a', 'http://other/b', undefined],
    ['http://me:secret@target/a', 'http://target/b', 'http://target/a'],
  ])('from %s to %s is %s', async (from, location, referer) => {
    const requests = await requestsOf(
      ({ http }) => http.get(from),
      (_, index) => (index === 0 ? { status: 302, headers: [['Location', location]] } : {}),
    )
    expect(headerOf(requests[1], 'Referer')).toBe(referer)
  })

  it('is that of the last hop, unless the script gave one', async () => {
    const follow = (headers: object) =>
      requestsOf(
        ({ http }) => http.get('http://target/0', { headers, redirects: 2 }),
        (_, index) => ({ status: 302, headers: [['Location', `/${index + 1}`]] }),
      )
    const own = await follow({})
    expect(own.map((spec) => headerOf(spec, 'referer'))).toEqual([
      undefined,
      'http://target/0',
      'http://target/1',
    ])
    const given = await follow({ Referer: 'http://mine/' })
    expect(given.map((spec) => headerOf(spec, 'referer'))).toEqual(Array(3).fill('http://mine/'))
  })
})
