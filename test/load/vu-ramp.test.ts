import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mostVus, vuSteps, type VuStep } from '../../src/load/vu-ramp.ts'
import { vusAt } from './vu-oracle.ts'

const S = 1_000_000

const steps = (startVus: number, ...stages: [durationUs: number, target: number][]): VuStep[] => [
  ...vuSteps(
    startVus,
    stages.map(([durationUs, target]) => ({ durationUs, target })),
  ),
]

const pairs = (all: readonly VuStep[]): [number, number][] => all.map(({ atUs, vus }) => [atUs, vus])

describe('a ramp of VUs', () => {
  it.each<[string, VuStep[], [number, number][]]>([
    ['a level: nothing changes', steps(3, [10 * S, 3]), [[0, 3]]],
    [
      'up: the nth comes when a nth of the way is done',
      steps(0, [4 * S, 4]),
      [
        [0, 0],
        [S, 1],
        [2 * S, 2],
        [3 * S, 3],
        [4 * S, 4],
      ],
    ],
    [
      'down: one goes as soon as the line is one below',
      steps(2, [4 * S, 0]),
      [
        [0, 2],
        [2 * S, 1],
        [4 * S, 0],
      ],
    ],
    [
      'instants that are no whole µs: not before the line is there',
      steps(0, [10, 3]),
      [
        [0, 0],
        [4, 1],
        [7, 2],
        [10, 3],
      ],
    ],
    ['a jump at the start', steps(1, [0, 5], [S, 5]), [[0, 5]]],
    [
      'a jump on the way, and a ramp on from it',
      steps(1, [S, 1], [0, 10], [S, 9]),
      [
        [0, 1],
        [S, 10],
        [2 * S, 9],
      ],
    ],
    [
      'a ramp too steep to tell VU from VU',
      steps(0, [1, 1000]),
      [
        [0, 0],
        [1, 1000],
      ],
    ],
    [
      'up and down again in no time: only the last counts',
      steps(0, [S, 0], [0, 9], [0, 2]),
      [
        [0, 0],
        [S, 2],
      ],
    ],
  ])('%s', (_story, actual, expected) => {
    expect(pairs(actual)).toEqual(expected)
  })

  it('is exact where products leave the safe integers', () => {
    const week = 7 * 86_400 * S
    const last = steps(0, [week, 99_999]).at(-2)
    expect(last).toEqual({ atUs: Number((BigInt(week) * 99_998n + 99_998n) / 99_999n), vus: 99_998 })
  })

  const stage = fc.record({
    durationUs: fc.integer({ min: 0, max: 60 }),
    target: fc.integer({ min: 0, max: 20 }),
  })

  it('plans at every µs what the line stands for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.array(stage, { maxLength: 6 }), (startVus, stages) => {
        const planned = new Map([...vuSteps(startVus, stages)].map(({ atUs, vus }) => [atUs, vus]))
        const endUs = stages.reduce((sum, { durationUs }) => sum + durationUs, 0)
        let vus: number | undefined
        for (let timeUs = 0; timeUs <= endUs; timeUs++) {
          vus = planned.get(timeUs) ?? vus
          expect(vus).toBe(vusAt(startVus, stages, timeUs))
        }
      }),
    )
  })

  it('steps forward in time, from the start, and never above its most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.array(stage, { maxLength: 6 }), (startVus, stages) => {
        const all = [...vuSteps(startVus, stages)]
        const times = all.map(({ atUs }) => atUs)
        expect(times[0]).toBe(0)
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
        for (const { vus } of all) expect(vus).toBeLessThanOrEqual(mostVus(startVus, stages))
      }),
    )
  })
})
