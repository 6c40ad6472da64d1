import { describe, expect, it } from 'vitest'
import { casesFor, remoteCase } from '../../../src/commands/verify/cases.ts'
import { peakToAverage, requestCountOf, shortestGapUs, type Load } from '../../../src/commands/verify/load.ts'
import { scriptOf } from '../../../src/commands/verify/script.ts'
import { parseMockSpec } from '../../../mock-server/spec.ts'
import { rateCurveOf } from '../../../src/engine/scenario.ts'
import { plannedCount } from '../../../src/load/arrivals.ts'
import { validateOptions } from '../../../src/script/options.ts'

const STEPS: Load = [
  { rateRps: 30, durationS: 60 },
  { rateRps: 90, durationS: 60 },
]

describe('a load', () => {
  it.each<[string, Load, number, number | undefined]>([
    ['even traffic has no peak', [{ rateRps: 20, durationS: 2 }], 1_000, 1],
    ['a window that is not whole does not count', [{ rateRps: 20, durationS: 2 }], 10_000, undefined],
    ['17 and 18 requests in turn', [{ rateRps: 175, durationS: 1 }], 100, 18 / 17.5],
    ['steps, in short windows', STEPS, 100, 1.5],
    ['steps, in long windows', STEPS, 60_000, 1.5],
  ])('%s', (_story, load, windowMs, expected) => {
    expect(peakToAverage(load, windowMs)).toBe(expected)
  })

  it('is as long and as dense as its stages', () => {
    expect(requestCountOf(STEPS)).toBe(7_200)
    expect(shortestGapUs(STEPS)).toBeCloseTo(1e6 / 90)
  })
})

describe('cases', () => {
  const all = [...casesFor(false), ...casesFor(true)]

  it('quick ones take a third', () => {
    const seconds = (isQuick: boolean): number =>
      casesFor(isQuick)
        .filter(({ target }) => target.kind === 'mock')
        .flatMap(({ load }) => load)
        .reduce((sum, { durationS }) => sum + durationS, 0)
    expect(seconds(false)).toBeLessThan(45)
    expect(seconds(true)).toBeLessThan(15)
  })

  it.each(all)('$name has a mock that can be made', ({ target }) => {
    expect(target.kind === 'remote' ? [] : parseMockSpec(target.spec).faults).toEqual([])
  })

  it.each([
    ...all.map((each) => ({ ...each, warmupS: 0 })),
    { ...remoteCase(new URL('http://127.0.0.1/'), 7, 3), warmupS: 2 },
  ])('$name is a script that plans the same number of requests after $warmupS s', ({ load, warmupS }) => {
    const [, json = ''] =
      /export const options = (\{.*?\n\})\n/s.exec(scriptOf(load, { warmupS, summaryTrendStats: ['max'] })) ??
      []
    const { plan, faults } = validateOptions(JSON.parse(json), { exports: ['default'] })
    expect(faults).toEqual([])
    const [scenario] = plan?.scenarios ?? []
    if (scenario === undefined || !('arrival' in scenario)) throw new Error('no arrivals')
    expect(plannedCount(rateCurveOf(scenario))).toBe(requestCountOf(load) + warmupS * load[0].rateRps)
    expect(plan?.headroom.warmupUs).toBe(warmupS * 1_000_000)
  })
})
