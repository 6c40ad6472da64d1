import { describe, expect, it } from 'vitest'
import type { RequestSpec } from '../../../../src/engine/host.ts'
import type { Reply } from '../../../support/fake-transport.ts'
import { bench, BENCH_NOW_MS, headerOf } from './bench.ts'

const URL = 'http://shop.example/items/1'

/** Sets the cookies with the first reply. */
function setting(...cookies: readonly string[]) {
  return (_spec: RequestSpec, index: number): Reply => ({
    headers: index === 0 ? cookies.map((cookie) => ['Set-Cookie', cookie] as const) : [],
  })
}

describe('a cookie that a reply sets', () => {
  it.each([
    ['a=1', URL, 'a=1'],
    ['a=1; Path=/items', URL, 'a=1'],
    ['a=1; Path=/items', 'http://shop.example/other', undefined],
    ['a=1', 'http://shop.example/items/2', 'a=1'],
    ['a=1', 'http://shop.example/', undefined],
    ['a=1; Path=/', 'http://shop.example/', 'a=1'],
    ['a=1; Path=/', 'http://sub.shop.example/', undefined],
    ['a=1; Path=/; Domain=shop.example', 'http://sub.shop.example/', 'a=1'],
    ['a=1; Path=/; Domain=other.example', 'http://other.example/', undefined],
    ['a=1; Path=/', 'http://shop.example:8080/', 'a=1'],
    ['a=1; Path=/; Secure', 'http://shop.example/', undefined],
    ['a=1; Path=/; Secure', 'https://shop.example/', 'a=1'],
    ['a=1; Path=/; HttpOnly; SameSite=Strict', 'http://shop.example/', 'a=1'],
    ['a=1; Max-Age=0', URL, undefined],
    ['a=1; Expires=Sat, 01 Jan 2000 00:00:00 GMT', URL, undefined],
    ['no cookie at all', URL, undefined],
  ])('%s goes with %s as %s', async (cookie, url, sent) => {
    const { host, http } = bench(setting(cookie))
    await http.get(URL)
    await http.get(url)
    expect(headerOf(host.requests[1], 'Cookie')).toBe(sent)
  })

  it('goes to an address and to localhost as to a name', async () => {
    for (const host of ['127.0.0.1:8080', 'localhost', '[::1]:90']) {
      const made = bench(setting('a=1'))
      await made.http.get(`http://${host}/`)
      await made.http.get(`http://${host}/x`)
      expect(headerOf(made.host.requests[1], 'Cookie')).toBe('a=1')
    }
  })

  it('lives as long as it says, on the clock of the run', async () => {
    const { host, http, clock } = bench(
      setting('a=1; Max-Age=60', 'b=2; Expires=Tue, 01 Jan 2030 00:00:30 GMT', 'c=3'),
    )
    await http.get(URL)
    const sentAfter = async (seconds: number): Promise<string | undefined> => {
      clock.nowMs = BENCH_NOW_MS + seconds * 1000
      await http.get(URL)
      return headerOf(host.requests.at(-1), 'Cookie')
    }
    expect(await sentAfter(29.9)).toBe('a=1; b=2; c=3')
    expect(await sentAfter(30)).toBe('a=1; c=3')
    expect(await sentAfter(59.9)).toBe('a=1; c=3')
    expect(await sentAfter(60)).toBe('c=3')
  })

  it('is replaced by a later one, and taken away by one that has expired', async () => {
    const { host, http } = bench((_, index) => {
      const cookies = ['a=1', 'a=2', 'a=; Max-Age=0']
      return { headers: [['set-cookie', cookies[index] ?? 'z=9']] }
    })
    for (let count = 0; count < 4; count++) await http.get(URL)
    expect(host.requests.map((spec) => headerOf(spec, 'cookie'))).toEqual([
      undefined,
      'a=1',
      'a=2',
      undefined,
    ])
  })

  it('is forgotten with the iteration, unless the script wants to keep it', async () => {
    for (const noCookiesReset of [false, true]) {
      const { host, http } = bench(setting('a=1'))
      host.http = { ...host.http, noCookiesReset }
      await http.get(URL)
      host.iterationCount++
      await http.get(URL)
      expect(headerOf(host.requests[1], 'Cookie')).toBe(noCookiesReset ? 'a=1' : undefined)
    }
  })

  it('goes along a redirect, and one that the redirect sets does, too', async () => {
    const { host, http } = bench((_, index) =>
      index === 0
        ? {
            status: 302,
            headers: [
              ['Location', '/items/2'],
              ['Set-Cookie', 'b=2'],
            ],
          }
        : {},
    )
    http.cookieJar().set(URL, 'a', '1')
    const { cookies, request } = await http.get(URL, { headers: { Cookie: 'own=0' } })
    expect(host.requests.map((spec) => headerOf(spec, 'Cookie'))).toEqual(['own=0; a=1', 'a=1; b=2'])
    expect(cookies).toEqual({})
    expect(Object.keys(request.cookies)).toEqual(['own', 'a'])
  })
})

describe('params.cookies', () => {
  it('come before those of the jar, and beside them unless they replace them', async () => {
    const { host, http } = bench()
    http.cookieJar().set(URL, 'a', 'jar')
    http.cookieJar().set(URL, 'b', 'jar')
    await http.get(URL, { cookies: { a: 'own', b: { value: 'own', replace: true }, c: 1 } })
    await http.get(URL)
    expect(host.requests.map((spec) => headerOf(spec, 'Cookie'))).toEqual([
      'a=own; b=own; c=1; a=jar',
      'a=jar; b=jar',
    ])
  })
})

describe('a cookie jar', () => {
  it('tells the cookies of a URL', () => {
    const { http } = bench()
    const jar = http.cookieJar()
    jar.set(URL, 'a', '1')
    jar.set(URL, 'a', '2', { path: '/' })
    jar.set(URL, 'b', '3', { domain: 'shop.example', path: '/', secure: true, http_only: true, max_age: 60 })
    expect(jar.cookiesForURL(URL)).toEqual({ a: ['1', '2'] })
    expect(jar.cookiesForURL('https://sub.shop.example/')).toEqual({ b: ['3'] })
    expect(jar.cookiesForURL('http://other.example/')).toEqual({})
  })

  it.each([
    [{ max_age: 10 }, true],
    [{ max_age: -1 }, false],
    [{ expires: 'Tue, 01 Jan 2030 00:00:10 GMT' }, true],
    [{ expires: 'Tue, 01 Jan 2019 00:00:10 GMT' }, false],
  ])('keeps a cookie with %j: %s', (options, isKept) => {
    const jar = bench().http.cookieJar()
    jar.set(URL, 'a', '1', options)
    expect(jar.cookiesForURL(URL)).toEqual(isKept ? { a: ['1'] } : {})
  })

  it('forgets one cookie or all of a URL', () => {
    const jar = bench().http.cookieJar()
    for (const name of ['a', 'b', 'c']) jar.set(URL, name, '1')
    jar.set('http://other.example/', 'd', '1')
    jar.delete(URL, 'a')
    expect(Object.keys(jar.cookiesForURL(URL))).toEqual(['b', 'c'])
    jar.clear(URL)
    expect(jar.cookiesForURL(URL)).toEqual({})
    expect(jar.cookiesForURL('http://other.example/')).toEqual({ d: ['1'] })
  })

  it('of the script’s own is used for the requests that name it, and outlives the iteration', async () => {
    const { host, http } = bench(setting('a=1'))
    const jar = new http.CookieJar()
    await http.get(URL, { jar })
    await http.get(URL)
    host.iterationCount++
    await http.get(URL, { jar })
    expect(host.requests.map((spec) => headerOf(spec, 'Cookie'))).toEqual([undefined, undefined, 'a=1'])
    expect(jar).toBeInstanceOf(http.CookieJar)
    expect(jar.cookiesForURL(URL)).toEqual({ a: ['1'] })
  })

  it('takes absolute URLs, dates and what a header can carry', () => {
    const jar = bench().http.cookieJar()
    expect(() => jar.set('/items', 'a', '1')).toThrow('a cookie jar takes absolute URLs')
    expect(() => jar.set(URL, 'a', '1\r\nX-Evil: 1')).toThrow('the value of cookie a has a character')
    expect(() => jar.set(URL, 'a=b', '1')).toThrow('not a name for a cookie')
    expect(() => jar.set(URL, 'a', '1', { expires: 'soon' })).toThrow('a cookie expires at a date')
  })

  it('of the VU is not there while the script loads', () => {
    const { host, http } = bench()
    host.mayWait = false
    expect(() => http.cookieJar()).toThrow('cannot be called while the script loads')
  })
})
