import { describe, expect, it } from 'vitest'
import { createApp, type MockApp } from '../../../mock-server/app.ts'
import type { MockRequest, ReplyPlan } from '../../../mock-server/exchange.ts'
import { parseMockSpec } from '../../../mock-server/spec.ts'
import { VirtualTransport } from '../../../src/commands/run/virtual-transport.ts'
import { VirtualClock } from '../../../src/engine/virtual-clock.ts'
import type { ReplyHandler, WireError, WireRequest, WireResponse } from '../../../src/http/transport.ts'

const AUTHORITY = 'mock.invalid'

interface Heard {
  readonly atUs: number
  readonly sentAtUs: number
  readonly response?: WireResponse
  readonly error?: WireError
}

/** A transport on a clock of its own, over the mock of a spec or an app that answers so. */
class Bench {
  readonly clock = new VirtualClock()
  readonly asked: MockRequest[] = []
  readonly transport: VirtualTransport

  constructor(mock: string | Partial<ReplyPlan>) {
    const app = typeof mock === 'string' ? appOf(mock) : fixedApp(mock)
    const watched: MockApp = {
      handle: (request, nowUs) => {
        this.asked.push(request)
        return app.handle(request, nowUs)
      },
      state: (nowUs) => app.state(nowUs),
      cap: (nowUs) => app.cap(nowUs),
    }
    this.transport = new VirtualTransport(watched, this.clock, AUTHORITY)
  }

  /** Sends, and resolves with what the handler heard and when. */
  ask(request: Partial<WireRequest> = {}): Promise<Heard> {
    return new Promise((resolve) => {
      let sentAtUs = -1
      const heard = (end: Pick<Heard, 'response' | 'error'>): void =>
        resolve({ atUs: this.clock.nowUs(), sentAtUs, ...end })
      const handler: ReplyHandler = {
        onSent: (atUs) => (sentAtUs = atUs),
        onResponse: (response) => heard({ response }),
        onError: (error) => heard({ error }),
      }
      this.transport.send({ ...REQUEST, ...request }, handler)
    })
  }

  waitUntil(us: number): Promise<void> {
    return new Promise((resolve) => void this.clock.schedule(us, resolve, 'exact'))
  }
}

const REQUEST: WireRequest = {
  method: 'GET',
  target: { protocol: 'http:', hostname: AUTHORITY, port: 80, authority: AUTHORITY },
  path: '/a?b=1',
  headers: [],
  body: null,
  deadlineUs: 60_000_000,
  group: 0,
}

function appOf(spec: string): MockApp {
  const { config } = parseMockSpec(spec)
  if (config === undefined) throw new Error(`no mock: ${spec}`)
  return createApp(config, 1)
}

/** Answers 50 ms after it was asked. */
function fixedApp(plan: Partial<ReplyPlan>): MockApp {
  const other = appOf('custom')
  return {
    handle: (_request, nowUs) => ({
      status: 200,
      headers: [],
      body: '0123456789',
      bodyBytes: 10,
      replyAtUs: nowUs + 50_000,
      ...plan,
    }),
    state: (nowUs) => other.state(nowUs),
    cap: (nowUs) => other.cap(nowUs),
  }
}

describe('VirtualTransport', () => {
  it('brings the reply when the mock says, with the times of the exchange', async () => {
    const bench = new Bench('custom,latency=20ms')
    await bench.waitUntil(1_000_000)
    const { atUs, sentAtUs, response } = await bench.ask()
    expect(atUs).toBe(1_020_000)
    expect(sentAtUs).toBe(1_000_000)
    expect(response?.status).toBe(200)
    expect(response?.timings).toMatchObject({
      blockedUs: 0,
      sentAtUs: 1_000_000,
      firstByteAtUs: 1_020_000,
      doneAtUs: 1_020_000,
    })
  })

  it('counts from the start of the load when set-up came before it', async () => {
    const bench = new Bench('custom,latency=20ms')
    await bench.waitUntil(5_000_000)
    bench.clock.rebase()
    expect((await bench.ask()).atUs).toBe(20_000)
    expect((await bench.ask()).response?.timings).toMatchObject({ sentAtUs: 20_000, doneAtUs: 40_000 })
  })

  it('lets virtual time go on however quick the mock is', async () => {
    const bench = new Bench('custom')
    expect((await bench.ask()).atUs).toBe(1)
    expect((await bench.ask()).atUs).toBe(2)
  })

  it('tells the mock of the request as a server would', async () => {
    const bench = new Bench('custom')
    const headers = [
      ['X-Twice', 'a'],
      ['x-twice', 'b'],
    ] as const
    await bench.ask({ method: 'POST', headers, body: 'grün' })
    expect(bench.asked).toEqual([
      {
        method: 'POST',
        path: '/a?b=1',
        headers: { host: AUTHORITY, 'x-twice': 'a, b' },
        body: Buffer.from('grün'),
      },
    ])
    await bench.ask({ headers: [['Host', 'other']] })
    expect(bench.asked[1]?.headers).toEqual({ host: 'other' })
  })

  it('gives headers by name, repeated ones together, and weighs both directions', async () => {
    const headers = [
      ['Set-Cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ] as const
    const { response } = await new Bench({ headers }).ask()
    expect(response?.header('set-cookie')).toBe('a=1, b=2')
    expect(response?.header('retry-after')).toBeUndefined()
    expect(Buffer.from(response?.body ?? []).toString()).toBe('0123456789')
    const head = 'HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n\r\n'
    expect(response?.receivedBytes).toBe(head.length + 10)
    expect(response?.sentBytes).toBeGreaterThan('GET /a?b=1 HTTP/1.1\r\n\r\n'.length)
  })

  it('HEAD has the headers of the reply and no body', async () => {
    const { response } = await new Bench('custom').ask({ method: 'HEAD' })
    expect(response?.body).toHaveLength(0)
    expect(Number(response?.header('content-length'))).toBeGreaterThan(0)
  })

  it.each([
    [49_999, 'timeout'],
    [50_000, undefined],
  ])('a deadline at %i µs: %s', async (deadlineUs, kind) => {
    const { atUs, error, response } = await new Bench({}).ask({ deadlineUs })
    expect(atUs).toBe(deadlineUs)
    expect(error?.kind).toBe(kind)
    expect(response === undefined).toBe(kind !== undefined)
  })

  it('another host is not there', async () => {
    const bench = new Bench('custom')
    const { error, sentAtUs } = await bench.ask({
      target: { ...REQUEST.target, authority: 'elsewhere.example' },
    })
    expect(error).toMatchObject({ kind: 'unreachable', sentAtUs: undefined, sentBytes: 0 })
    expect(error?.message).toContain('elsewhere.example')
    expect(sentAtUs).toBe(-1)
    expect(bench.asked).toEqual([])
  })

  it('ends everything under way when it is aborted, each once', async () => {
    const bench = new Bench('custom,latency=1s')
    const replies = [bench.ask(), bench.ask()]
    await bench.waitUntil(300_000)
    bench.transport.abortAll()
    for (const { atUs, error } of await Promise.all(replies)) {
      expect(error).toMatchObject({ kind: 'aborted', atUs: 300_000, sentAtUs: 0 })
      expect(atUs).toBe(300_000)
    }
    bench.transport.abortAll()
    await bench.waitUntil(2_000_000)
  })

  it('breaks replies as the mock says', async () => {
    const ends = async (fault: ReplyPlan['fault']): Promise<Heard> =>
      new Bench({ ...(fault && { fault }) }).ask()
    expect(await ends({ kind: 'reset' })).toMatchObject({
      atUs: 50_000,
      error: { kind: 'reset', receivedBytes: 0 },
    })
    expect(await ends({ kind: 'malformed' })).toMatchObject({ atUs: 50_000, error: { kind: 'protocol' } })
    expect(await ends({ kind: 'stall' })).toMatchObject({ atUs: 60_000_000, error: { kind: 'timeout' } })
    const cut = await ends({ kind: 'close-mid-body', sentBytes: 4 })
    expect(cut).toMatchObject({
      atUs: 50_000,
      error: { kind: 'reset', message: expect.stringContaining('middle') as string },
    })
    expect(cut.error?.receivedBytes).toBeGreaterThan(4)
    const slow = await ends({ kind: 'slow-body', bytesPerS: 100 })
    expect(slow).toMatchObject({
      atUs: 150_000,
      response: { timings: { firstByteAtUs: 50_000, doneAtUs: 150_000 } },
    })
  })

  it('a body may trickle past the deadline', async () => {
    const bench = new Bench({ fault: { kind: 'slow-body', bytesPerS: 100 } })
    expect(await bench.ask({ deadlineUs: 100_000 })).toMatchObject({
      atUs: 100_000,
      error: { kind: 'timeout' },
    })
  })
})
