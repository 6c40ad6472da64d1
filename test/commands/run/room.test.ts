import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  createRoom,
  giveRoom,
  type Room,
  takeWhenThereIsRoom,
  type WaitLimits,
} from '../../../src/commands/run/room.ts'
import type { Steps } from '../../../src/core/steps.ts'

/** Another thread that gives room every millisecond, in the way that `giveRoom` does. */
const GIVER = `
  const { workerData: room } = require('node:worker_threads')
  setInterval(() => {
    Atomics.add(room, 0, 1)
    Atomics.notify(room, 0)
  }, 1)
`

const PATIENT: WaitLimits = { waitMs: 60_000, allMs: 60_000 }
const IMPATIENT: WaitLimits = { waitMs: 1, allMs: 60_000 }

/** Notes how often room had been given when each of three steps was taken. */
function* threeSteps(room: Room, givenCounts: number[]): Steps<string> {
  givenCounts.push(Atomics.load(room, 0))
  yield
  givenCounts.push(Atomics.load(room, 0))
  yield
  givenCounts.push(Atomics.load(room, 0))
  return 'taken'
}

describe('room for the main thread', () => {
  afterEach(() => vi.restoreAllMocks())

  it('is waited for before every step', async () => {
    const room = createRoom()
    const givenCounts: number[] = []
    const giver = new Worker(GIVER, { eval: true, workerData: room })
    try {
      expect(takeWhenThereIsRoom(threeSteps(room, givenCounts), room, PATIENT)).toBe('taken')
    } finally {
      await giver.terminate()
    }
    const [first = 0, second = 0, third = 0] = givenCounts
    expect(first).toBeGreaterThan(0)
    expect(second).toBeGreaterThan(first)
    expect(third).toBeGreaterThan(second)
  })

  it('is not there any more when it was given before', () => {
    const room = createRoom()
    const wait = vi.spyOn(Atomics, 'wait')
    giveRoom(room)
    takeWhenThereIsRoom(threeSteps(room, []), room, IMPATIENT)
    expect(wait.mock.results[0]?.value).toBe('timed-out')
  })

  it('is no longer waited for when nobody has given any for too long', () => {
    const room = createRoom()
    const wait = vi.spyOn(Atomics, 'wait')
    const givenCounts: number[] = []
    expect(takeWhenThereIsRoom(threeSteps(room, givenCounts), room, IMPATIENT)).toBe('taken')
    expect(givenCounts).toEqual([0, 0, 0])
    expect(wait).toHaveBeenCalledTimes(1)
  })

  it('is not waited for when all steps together have taken too long', () => {
    const room = createRoom()
    const wait = vi.spyOn(Atomics, 'wait')
    const givenCounts: number[] = []
    expect(takeWhenThereIsRoom(threeSteps(room, givenCounts), room, { waitMs: 60_000, allMs: 0 })).toBe(
      'taken',
    )
    expect(givenCounts).toEqual([0, 0, 0])
    expect(wait).not.toHaveBeenCalled()
  })

  it('is told to whoever waits', () => {
    const room = createRoom()
    const notify = vi.spyOn(Atomics, 'notify')
    giveRoom(room)
    giveRoom(room)
    expect(Atomics.load(room, 0)).toBe(2)
    expect(notify.mock.calls).toEqual([
      [room, 0],
      [room, 0],
    ])
  })
})
