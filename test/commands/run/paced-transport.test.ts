import { describe, expect, it } from 'vitest'
import { PacedTransport } from '../../../src/commands/run/paced-transport.ts'
import { VirtualClock } from '../../../src/engine/virtual-clock.ts'
import type { ReplyHandler, Transport, WireError, WireRequest } from '../../../src/http/transport.ts'

const TARGET = { protocol: 'http:', hostname: 'a.test', port: 80, authority: 'a.test' } as const
const REQUEST: WireRequest = {
  method: 'GET',
  target: TARGET,
  path: '/',
  headers: [],
  body: null,
  deadlineUs: 60_000_000,
  group: 0,
}

interface Sent {
  readonly atUs: number
  readonly request: WireRequest
}

class Rig implements Transport {
  readonly clock = new VirtualClock()
  readonly sent: Sent[] = []
  readonly errors: WireError[] = []
  readonly paced: PacedTransport
  abortCount = 0
  isClosed = false
  readonly ended: number[] = []

  constructor(rps: number) {
    this.paced = new PacedTransport(this, this.clock, rps)
  }

  send(request: WireRequest): void {
    this.sent.push({ atUs: this.clock.nowUs(), request })
  }

  abortAll(): void {
    this.abortCount++
  }

  close(): void {
    this.isClosed = true
  }

  readonly endIteration = (group: number): void => void this.ended.push(group)

  ask(handler: Partial<ReplyHandler> = {}): void {
    const whole = {
      onSent: () => {},
      onResponse: () => {},
      onError: (error: WireError) => this.errors.push(error),
    }
    this.paced.send(REQUEST, { ...whole, ...handler })
  }

  askAt(atUs: number, count: number): void {
    this.clock.schedule(
      atUs,
      () => {
        for (let i = 0; i < count; i++) this.ask()
      },
      'exact',
    )
  }

  /** Resolves when virtual time has come to `atUs`. */
  async runTo(atUs: number): Promise<void> {
    await new Promise<void>((resolve) => void this.clock.schedule(atUs, resolve, 'exact'))
  }

  get sentAtUs(): number[] {
    return this.sent.map(({ atUs }) => atUs)
  }
}

describe('PacedTransport', () => {
  it('sends requests that come at once one after another, and none late by what adds up', async () => {
    const rig = new Rig(3)
    rig.askAt(0, 3_001)
    await rig.runTo(1_001_000_000)
    expect(rig.sentAtUs).toEqual(Array.from({ length: 3_001 }, (_, n) => Math.ceil((n * 1_000_000) / 3)))
  })

  it('lets slower ones through as they come, and saves up nothing for a burst', async () => {
    const rig = new Rig(10)
    rig.askAt(0, 1)
    rig.askAt(150_000, 1)
    rig.askAt(1_000_000, 3)
    await rig.runTo(2_000_000)
    expect(rig.sentAtUs).toEqual([0, 150_000, 1_000_000, 1_100_000, 1_200_000])
    expect(rig.sent[0]?.request).toBe(REQUEST)
  })

  it('tells how long a request waited, and moves its deadline along', async () => {
    const rig = new Rig(10)
    rig.askAt(20_000, 2)
    await rig.runTo(1_000_000)
    expect(rig.sent[1]?.request).toEqual({ ...REQUEST, waitedUs: 100_000, deadlineUs: 60_100_000 })
  })

  it('goes on evenly over the start of the run, when the clock starts again', async () => {
    const rig = new Rig(1)
    rig.askAt(5_000_000, 1)
    await rig.runTo(5_500_000)
    rig.clock.rebase()
    rig.ask()
    await rig.runTo(3_000_000)
    expect(rig.sentAtUs).toEqual([5_000_000, 500_000])
    expect(rig.sent[1]?.request.waitedUs).toBe(500_000)
  })

  it('does not send what nobody waits for any more, and gives its turn to the next', async () => {
    const rig = new Rig(1)
    rig.ask()
    rig.ask({ isOver: true })
    rig.ask()
    await rig.runTo(10_000_000)
    expect(rig.sentAtUs).toEqual([0, 1_000_000])
  })

  it.each(['abortAll', 'close'] as const)('%s ends what waits', async (method) => {
    const rig = new Rig(1)
    rig.askAt(0, 3)
    await rig.runTo(500_000)
    rig.paced[method]()
    await rig.runTo(5_000_000)
    expect(rig.sent).toHaveLength(1)
    expect(rig.errors).toHaveLength(2)
    expect(rig.errors[0]).toMatchObject({
      kind: 'aborted',
      atUs: 500_000,
      blockedUs: 500_000,
      sentAtUs: undefined,
    })
    expect([rig.abortCount, rig.isClosed]).toEqual(method === 'abortAll' ? [1, false] : [0, true])
  })

  it('passes on that an iteration has ended', () => {
    const rig = new Rig(1)
    rig.paced.endIteration(7)
    expect(rig.ended).toEqual([7])
  })
})
