import { describe, expect, it } from 'vitest'
import { EventLoop } from '../../src/script/event-loop.ts'
import { WaitGuard } from '../../src/script/guard.ts'
import { FakeHost } from './modules/fake-host.ts'

interface SetUp {
  readonly host: FakeHost
  readonly loop: EventLoop
  /** `name@µs` for every event. */
  readonly trace: string[]
  readonly note: (name: string) => () => void
}

function setUp(): SetUp {
  const host = new FakeHost()
  const trace: string[] = []
  const note = (name: string) => () => void trace.push(`${name}@${host.clock.nowUs()}`)
  return { host, loop: new EventLoop(host.clock, host, host), trace, note }
}

/** Waits until the clock shows this time. */
function at(host: FakeHost, us: number): Promise<void> {
  return new Promise((resolve) => void host.clock.schedule(us, resolve, 'coarse'))
}

describe('timers', () => {
  it('fire in the order of their times, those of one time in the order in which they were set', async () => {
    const { loop, trace, note } = setUp()
    loop.setTimer(note('c'), 3_000, false)
    loop.setTimer(note('a'), 1_000, false)
    loop.setTimer(note('b'), 1_000, false)
    loop.setTimer(note('now'), 0, false)
    await loop.idle()
    expect(trace).toEqual(['now@1', 'a@1000', 'b@1000', 'c@3000'])
    expect(loop.idle()).toBeUndefined()
  })

  it('repeat until they are cleared, without drifting', async () => {
    const { loop, trace, note } = setUp()
    const id = loop.setTimer(note('tick'), 10_000, true)
    loop.setTimer(() => loop.clearTimer(id), 35_000, false)
    await loop.idle()
    expect(trace).toEqual(['tick@10000', 'tick@20000', 'tick@30000'])
  })

  it('repeat at most once a millisecond', async () => {
    const { loop, trace, note } = setUp()
    const id = loop.setTimer(note('tick'), 0, true)
    loop.setTimer(() => loop.clearTimer(id), 2_500, false)
    await loop.idle()
    expect(trace).toEqual(['tick@1000', 'tick@2000'])
  })

  it('have numbers from 1; clearing what is no timer does nothing', async () => {
    const { loop, trace, note } = setUp()
    expect(loop.setTimer(note('first'), 1, false)).toBe(1)
    expect(loop.setTimer(note('second'), 2, false)).toBe(2)
    loop.clearTimer(2)
    loop.clearTimer(7)
    loop.clearTimer(Number.NaN)
    await loop.idle()
    expect(trace).toEqual(['first@1'])
  })

  it('may set and clear others', async () => {
    const { loop, trace, note } = setUp()
    loop.setTimer(() => loop.clearTimer(3), 1_000, false)
    loop.setTimer(() => void loop.setTimer(note('inner'), 500, false), 2_000, false)
    loop.setTimer(note('cleared'), 3_000, false)
    await loop.idle()
    expect(trace).toEqual(['inner@2500'])
  })

  it('let what awaits them begin something new before all is over', async () => {
    const { loop, trace, note } = setUp()
    const pause = (us: number): Promise<void> =>
      new Promise((resolve) => void loop.setTimer(resolve, us, false))
    void pause(1_000).then(() => pause(1_000).then(note('second pause')))
    await loop.idle()
    expect(trace).toEqual(['second pause@2000'])
  })

  it('wait until the VU waits no more, and then let the script go on first', async () => {
    const { host, loop, trace, note } = setUp()
    loop.setTimer(note('timer'), 1_000, false)
    host.enter('http.get')
    await at(host, 5_000)
    host.leave()
    void Promise.resolve().then(note('script'))
    await loop.idle()
    expect(trace).toEqual(['script@5000', 'timer@5000'])
  })

  it('wait again when the script waits again', async () => {
    const { host, loop, trace, note } = setUp()
    loop.setTimer(note('timer'), 1_000, false)
    host.enter('http.get')
    await at(host, 5_000)
    host.leave()
    host.enter('sleep')
    await at(host, 6_000)
    host.leave()
    await loop.idle()
    expect(trace).toEqual(['timer@6000'])
  })

  it('hold back what became due meanwhile when they are cleared', async () => {
    const { host, loop, trace, note } = setUp()
    const id = loop.setTimer(note('timer'), 1_000, false)
    host.enter('http.get')
    await at(host, 5_000)
    loop.clearTimer(id)
    host.leave()
    await at(host, 9_000)
    expect(trace).toEqual([])
    expect(loop.idle()).toBeUndefined()
  })

  it('fail the iteration with what they throw', async () => {
    const { host, loop } = setUp()
    const error = new Error('broken')
    loop.setTimer(
      () => {
        throw error
      },
      1_000,
      false,
    )
    await loop.idle()
    expect(host.failures).toEqual([error])
  })
})

describe('operations', () => {
  it('keep the loop busy until they end', async () => {
    const { host, loop, trace, note } = setUp()
    void loop.track(at(host, 4_000)).then(note('operation'))
    await loop.idle()
    expect(trace).toEqual(['operation@4000'])
  })

  it('pass values and errors on', async () => {
    const { loop } = setUp()
    await expect(loop.track(Promise.resolve(7))).resolves.toBe(7)
    await expect(loop.track(Promise.reject(new Error('no key')))).rejects.toThrow('no key')
    expect(loop.idle()).toBeUndefined()
  })
})

describe('drop', () => {
  it('ends everything: no timer fires, no operation settles, nobody waits', async () => {
    const { host, loop, trace, note } = setUp()
    loop.setTimer(note('timer'), 1_000, false)
    loop.setTimer(note('tick'), 1_000, true)
    void loop.track(at(host, 2_000)).then(note('operation'))
    void loop.idle()?.then(note('idle'))
    loop.drop()
    expect(loop.idle()).toBeUndefined()
    await at(host, 9_000)
    expect(trace).toEqual([])
  })

  it('leaves what begins later alone', async () => {
    const { host, loop, trace, note } = setUp()
    void loop.track(at(host, 2_000))
    loop.drop()
    loop.setTimer(note('timer'), 3_000, false)
    await loop.idle()
    expect(trace).toEqual(['timer@3000'])
  })
})

it('the guard tells when a wait is over, once, and at no other time', () => {
  const guard = new WaitGuard([], () => undefined)
  const calls: boolean[] = []
  guard.enter('sleep')
  expect(guard.isWaiting).toBe(true)
  guard.onceFree(() => calls.push(guard.isWaiting))
  guard.onceFree(() => calls.push(guard.isWaiting))
  expect(calls).toEqual([])
  guard.leave()
  expect(calls).toEqual([false, false])
  guard.enter('sleep')
  guard.leave()
  expect(calls).toHaveLength(2)
})
