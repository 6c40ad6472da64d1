import { describe, expect, it } from 'vitest'
import { latenessDoubt, noiseOf, type Sides } from '../../../src/commands/verify/lateness.ts'
import { times } from './fixture.ts'

const sides = (engineUs: number | undefined, mockUs: number | undefined): Sides => ({
  observed: { scheduleDelay: engineUs === undefined ? undefined : times(engineUs) },
  truth: { ...(mockUs !== undefined && { lateness: times(mockUs) }) },
})

describe('noise', () => {
  it.each<[string, Sides, number]>([
    ['is the engine’s lateness, on both sides', sides(400, 600), 800],
    ['is not what timers cost the mock', sides(0, 2_000), 0],
    ['is what else made the mock late', sides(100, 9_000), 7_100],
    ['of an engine that does not say is that of the mock', sides(undefined, 2_300), 600],
    ['of a target that is not ours is that of the engine', sides(300, undefined), 600],
    ['is unknown, and taken for none, when nobody says anything', sides(undefined, undefined), 0],
  ])('%s', (_story, who, usualUs) => {
    expect(noiseOf(who, 'p99Us').usualUs).toBe(usualUs)
  })

  it('is at most that of the latest request', () => {
    const observed = { scheduleDelay: { p99Us: 100, maxUs: 700 } }
    expect(noiseOf({ observed }, 'p99Us')).toMatchObject({ usualUs: 200, mostUs: 1_400 })
  })

  it('says who was late and how much', () => {
    expect(noiseOf(sides(2_840, 1_200), 'p99Us').why).toBe(
      'the machine was busy: schedule delay p99 2.8 ms, the mock’s replies p99 1.2 ms late',
    )
    expect(noiseOf(sides(undefined, 1_200), 'maxUs').why).toBe(
      'the machine was busy: the mock’s replies max 1.2 ms late',
    )
  })

  it('is a doubt when it is more than what is allowed', () => {
    expect(latenessDoubt(sides(500, 0), 'maxUs', 1_000)).toBeUndefined()
    expect(latenessDoubt(sides(501, 0), 'maxUs', 1_000)).toMatch(/schedule delay max 0\.5 ms/)
  })
})
