import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sendBatch, type BatchRequest } from '../../../../src/script/modules/http/batch.ts'
import { bench } from './bench.ts'

const URL = 'http://target/rank'

describe('http.batch', () => {
  it('takes requests in all their forms, and gives the replies in their order', async () => {
    const { host, http } = bench((spec) => ({ body: spec.path }))
    const replies = await http.batch([
      'http://target/a',
      ['POST', 'http://target/b', 'body', { headers: { 'X-Key': '1' } }],
      ['get', 'http://target/c'],
      { method: 'put', url: 'http://target/d', body: { x: 1 }, params: { tags: { name: 'd' } } },
      { url: 'http://target/e' },
      http.url`http://target/${'f'}`,
    ])
    expect(host.requests.map(({ method, path, body, name }) => [method, path, body, name])).toEqual([
      ['GET', '/a', null, 'http://target/a'],
      ['POST', '/b', 'body', 'http://target/b'],
      ['GET', '/c', null, 'http://target/c'],
      ['PUT', '/d', 'x=1', 'd'],
      ['GET', '/e', null, 'http://target/e'],
      ['GET', '/f', null, 'http://target/${}'],
    ])
    expect(Array.isArray(replies)).toBe(true)
    expect(Object.values(replies).map(({ body }) => body)).toEqual(['/a', '/b', '/c', '/d', '/e', '/f'])
  })

  it('gives an object for an object', async () => {
    const { http } = bench((spec) => ({ body: spec.path }))
    const replies = await http.batch({ one: 'http://target/1', two: ['GET', 'http://target/2'] })
    expect(Object.entries(replies).map(([key, { body }]) => [key, body])).toEqual([
      ['one', '/1'],
      ['two', '/2'],
    ])
  })

  it('is one wait', async () => {
    const { host, http } = bench()
    const pending = http.batch([URL, URL])
    expect(host.waits).toEqual(['http.batch'])
    expect(host.isWaiting).toBe(true)
    await pending
    expect(host.isWaiting).toBe(false)
  })

  it('lets what fails be: the others have their replies', async () => {
    const { http } = bench((spec) => (spec.path === '/bad' ? { error: 'reset' } : {}))
    const replies = await http.batch([URL, 'http://target/bad', 'nowhere', URL])
    expect(Object.values(replies).map(({ status, error_code }) => [status, error_code])).toEqual([
      [200, 0],
      [0, 1220],
      [0, 1020],
      [200, 0],
    ])
  })

  it('throws the first error when exceptions are wanted, after all have ended', async () => {
    const { host, http } = bench((_, index) => (index === 1 ? { error: 'reset' } : {}))
    host.http = { ...host.http, throws: true, batch: 1 }
    await expect(http.batch([URL, URL, URL])).rejects.toThrow('it ended in reset')
    expect(host.requests).toHaveLength(3)
    expect(host.isWaiting).toBe(false)
  })

  it('follows redirects and keeps cookies, as single requests do', async () => {
    const { host, http } = bench((_, index) =>
      index === 0
        ? {
            status: 302,
            headers: [
              ['Location', '/there'],
              ['Set-Cookie', 'a=1; Path=/'],
            ],
          }
        : {},
    )
    await http.batch([URL])
    expect(host.requests.map(({ path }) => path)).toEqual(['/rank', '/there'])
    expect(http.cookieJar().cookiesForURL(URL)).toEqual({ a: ['1'] })
  })

  it.each([[undefined], ['http://target/'], [7]])('takes no %j', async (given) => {
    await expect(bench().http.batch(given)).rejects.toThrow(
      'http.batch() takes a list or an object of requests',
    )
  })

  it('says which request has no URL', async () => {
    await expect(bench().http.batch([URL, ['GET']])).rejects.toThrow(
      'request 1 of http.batch() needs at least',
    )
  })
})

/** Requests to hosts that end in a given order; watches how many are under way. */
class Traffic {
  readonly started: number[] = []
  maxCount = 0
  readonly maxByHost = new Map<string, number>()
  readonly #underWay = new Map<number, () => void>()
  readonly #hosts: readonly string[]

  constructor(hosts: readonly string[]) {
    this.#hosts = hosts
  }

  send(index: number): Promise<number> {
    this.started.push(index)
    return new Promise((resolve) => {
      this.#underWay.set(index, () => resolve(index))
      this.#watch()
    })
  }

  /** Ends one of those under way; false when there is none. */
  endOne(choice: number): boolean {
    const indexes = [...this.#underWay.keys()]
    const index = indexes[choice % Math.max(1, indexes.length)]
    if (index === undefined) return false
    this.#underWay.get(index)?.()
    return this.#underWay.delete(index)
  }

  #watch(): void {
    this.maxCount = Math.max(this.maxCount, this.#underWay.size)
    for (const host of this.#hosts) {
      const count = [...this.#underWay.keys()].filter((index) => this.#hosts[index] === host).length
      this.maxByHost.set(host, Math.max(this.maxByHost.get(host) ?? 0, count))
    }
  }
}

async function drained(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

describe('sendBatch', () => {
  it('never has more under way than allowed, in all and for a host, and sends all', async () => {
    const hosts = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 })
    const limit = fc.integer({ min: 0, max: 5 })
    await fc.assert(
      fc.asyncProperty(
        hosts,
        limit,
        limit,
        fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
        async (names, batch, batchPerHost, choices) => {
          const traffic = new Traffic(names)
          const requests: BatchRequest[] = names.map((host, index) => ({
            method: 'GET',
            url: `http://${host}/${index}`,
            body: undefined,
            params: undefined,
          }))
          const sending = sendBatch(requests, { batch, batchPerHost }, ({ url }) =>
            traffic.send(Number(String(url).split('/').at(-1))),
          )
          for (const choice of choices) {
            await drained()
            traffic.endOne(choice)
          }
          const ends = await sending
          expect(ends.map((end) => end.status === 'fulfilled' && end.value)).toEqual(
            names.map((_, index) => index),
          )
          expect(traffic.maxCount).toBeLessThanOrEqual(batch === 0 ? Infinity : batch)
          for (const count of traffic.maxByHost.values()) {
            expect(count).toBeLessThanOrEqual(batchPerHost === 0 ? Infinity : batchPerHost)
          }
          for (const host of ['a', 'b', 'c']) {
            const order = traffic.started.filter((index) => names[index] === host)
            expect(order).toEqual(order.toSorted((x, y) => x - y))
          }
        },
      ),
      { numRuns: 100 },
    )
  })

  it('uses what is allowed', async () => {
    const traffic = new Traffic(Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? 'a' : 'b')))
    const requests = Array.from({ length: 30 }, (_, index) => ({
      method: 'GET',
      url: `http://${index % 2 === 0 ? 'a' : 'b'}/${index}`,
      body: undefined,
      params: undefined,
    }))
    const sending = sendBatch(requests, { batch: 20, batchPerHost: 6 }, ({ url }) =>
      traffic.send(Number(String(url).split('/').at(-1))),
    )
    await drained()
    expect([traffic.maxCount, ...traffic.maxByHost.values()]).toEqual([12, 6, 6])
    while (traffic.endOne(0)) await drained()
    expect(await sending).toHaveLength(30)
  })
})
