import { setImmediate as turnOfLoop } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { VirtualClock } from '../../src/engine/virtual-clock.ts'
import { HostOperations } from '../../src/script/host-operations.ts'

/** An operation that ends when it is told to. */
function operation(): { readonly start: () => Promise<void>; readonly end: () => void } {
  let end = (): void => {}
  const promise = new Promise<void>((resolve) => {
    end = resolve
  })
  return { start: () => promise, end: () => end() }
}

describe('in virtual time', () => {
  it('results come in the order of the calls, each after all that follows from the one before', async () => {
    const operations = new HostOperations(new VirtualClock(), true)
    const [first, second] = [operation(), operation()]
    const trace: string[] = []
    const finished = Promise.all([
      operations.run(first.start).then(async () => {
        trace.push('first')
        for (let turn = 0; turn < 20; turn++) await Promise.resolve()
        return trace.push('end of first')
      }),
      operations.run(second.start).then(() => trace.push('second')),
    ])
    second.end()
    await turnOfLoop()
    expect(trace).toEqual([])
    first.end()
    await finished
    expect(trace).toEqual(['first', 'end of first', 'second'])
  })

  it('time stands still meanwhile', async () => {
    const clock = new VirtualClock()
    const operations = new HostOperations(clock, true)
    const { start, end } = operation()
    let firedUs: number | undefined
    const fired = new Promise<void>((resolve) => {
      clock.schedule(
        1_000,
        () => {
          firedUs = clock.nowUs()
          resolve()
        },
        'exact',
      )
    })
    const running = operations.run(start)
    await turnOfLoop()
    expect(firedUs).toBeUndefined()
    end()
    await running
    expect(clock.nowUs()).toBe(0)
    await fired
    expect(firedUs).toBe(1_000)
  })

  it('a failure is passed on, and does not keep the next one waiting', async () => {
    const operations = new HostOperations(new VirtualClock(), true)
    const failing = operations.run(() => Promise.reject(new Error('no such key')))
    const next = operations.run(() => Promise.resolve(7))
    await expect(failing).rejects.toThrow('no such key')
    await expect(next).resolves.toBe(7)
  })
})

it('in real time results come as they are there', async () => {
  const operations = new HostOperations(new VirtualClock(), false)
  const [first, second] = [operation(), operation()]
  const trace: string[] = []
  const finished = Promise.all([
    operations.run(first.start).then(() => trace.push('first')),
    operations.run(second.start).then(() => trace.push('second')),
  ])
  second.end()
  await turnOfLoop()
  first.end()
  await finished
  expect(trace).toEqual(['second', 'first'])
})

it.each([true, false])('the clock knows of what is under way (virtual time: %s)', async (isVirtual) => {
  const clock = new VirtualClock()
  let underWay = 0
  vi.spyOn(clock, 'beginHostOperation').mockImplementation(() => void underWay++)
  vi.spyOn(clock, 'endHostOperation').mockImplementation(() => void underWay--)
  const operations = new HostOperations(clock, isVirtual)
  const { start, end } = operation()
  const good = operations.run(start)
  const bad = operations.run(() => Promise.reject(new Error('no such key')))
  expect(underWay).toBe(2)
  end()
  await Promise.allSettled([good, bad])
  await turnOfLoop()
  await turnOfLoop()
  expect(underWay).toBe(0)
})
