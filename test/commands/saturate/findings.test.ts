import { describe, expect, it } from 'vitest'
import { doubts, findings } from '../../../src/commands/saturate/findings.ts'
import type { SaturationStep } from '../../../src/commands/saturate/saturation.ts'

function step(
  connections: number,
  acceptedPerSecond: number[],
  more: Partial<SaturationStep> = {},
): SaturationStep {
  return {
    name: `c=${connections}`,
    connections,
    startUs: 0,
    durationUs: 3_000_000,
    endUs: 3_000_000,
    statusCounts: { 200: 300 },
    acceptedPerSecond,
    unopenedCount: 0,
    loopUtilizationMaxRatio: 0.5,
    ...more,
  }
}

const FLAT = [100, 100, 100]

describe('findings', () => {
  it.each<[steps: SaturationStep[], sentence: RegExp]>([
    [
      [step(1, [50, 50, 50]), step(2, FLAT), step(4, FLAT)],
      /^throughput stopped rising at c=2, 100\.0 accepted\/s: .*no more .*95 %/,
    ],
    [[step(1, FLAT), step(2, [140, 60, 140])], /^throughput seems to have stopped rising at c=1, .*-d/],
    [[step(1, FLAT), step(2, [200, 200, 200])], /^throughput still rose at c=2/],
    [[step(1, [0, 0, 0]), step(2, [0, 0, 0])], /^no reply was accepted/],
  ])('say where throughput stopped', (steps, sentence) => {
    expect(findings(steps, undefined)[0]).toMatch(sentence)
  })

  it('of one step say nothing of a plateau', () => {
    expect(findings([step(1, FLAT)], undefined)).toEqual(['429 never came', '503 never came'])
  })

  it('say at which step overload began, with its share', () => {
    const steps = [step(1, FLAT), step(2, FLAT, { statusCounts: { 200: 300, 429: 100 } })]
    expect(findings(steps, undefined)).toContain('429 began at c=2 (25 % of its replies)')
  })

  it('doubt the generator when it was busy all the time, or near its own ceiling', () => {
    const steps = [step(1, FLAT), step(2, FLAT, { loopUtilizationMaxRatio: 0.99 })]
    expect(findings(steps, 120).slice(-2)).toEqual([
      expect.stringMatching(/^the generator itself was busy all the time from c=2 on/),
      expect.stringMatching(/120\.0\/s .*: c=1 came near it/),
    ])
    expect(findings([step(1, FLAT)], 1_000).at(-1)).toContain('well below')
  })
})

describe('doubts', () => {
  it('name the limit on open files', () => {
    const steps = [
      step(8, FLAT),
      step(64, FLAT, { unopenedCount: 40 }),
      step(128, FLAT, { unopenedCount: 104 }),
    ]
    expect(doubts(steps)).toEqual([expect.stringMatching(/^c=64 had 24 of its connections.*ulimit -n/)])
    expect(doubts(steps.slice(0, 1))).toEqual([])
  })
})
