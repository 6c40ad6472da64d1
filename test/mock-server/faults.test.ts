import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type FaultConfig,
  type FaultCondition,
  type FaultEffect,
  FaultInjector,
  stallUs,
  wireFaultOf,
} from '../../mock-server/faults.ts'
import type { WireFault } from '../../mock-server/exchange.ts'
import { Rng } from '../../src/core/rng.ts'

const MS = 1_000

function injector(...configs: FaultConfig[]): FaultInjector {
  return new FaultInjector(configs, new Rng(1))
}

/** Numbers of the requests that are hit, of `count` that come 1 ms after each other from 0 on. */
function hits(faults: FaultInjector, count: number): number[] {
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  return numbers.filter((number) => faults.next((number - 1) * MS) !== undefined)
}

describe('which requests are hit', () => {
  test.each<[string, FaultCondition, number[]]>([
    ['no condition', {}, [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['every third', { every: 3 }, [3, 6, 9]],
    ['a list', { numbers: [2, 7, 100] }, [2, 7]],
    ['a span, its end not included', { fromUs: 2 * MS, toUs: 4 * MS }, [3, 4]],
    ['from a time on', { fromUs: 6 * MS }, [7, 8, 9]],
    ['until a time', { toUs: 2 * MS }, [1, 2]],
    ['all that is said must hold', { every: 2, numbers: [2, 3, 4], fromUs: 2 * MS }, [4]],
    ['a share of all', { ratio: 1 }, [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ])('%s', (_story, condition, expected) => {
    expect(hits(injector({ kind: 'reset', ...condition }), 9)).toEqual(expected)
  })

  test('a share is met, and is the same for the same seed only', () => {
    const one: FaultConfig = { kind: 'reset', ratio: 0.01 }
    const count = 100_000
    const drawn = hits(injector(one), count)
    // Five standard deviations of a binomial count.
    expect(Math.abs(drawn.length - 1_000)).toBeLessThan(160)
    expect(hits(injector(one), count)).toEqual(drawn)
    expect(hits(new FaultInjector([one], new Rng(2)), count)).not.toEqual(drawn)
  })

  test('the first of several that hit wins, and no draw depends on the others', () => {
    const first: FaultConfig = { kind: 'reset', ratio: 0.5 }
    const second: FaultConfig = { kind: 'malformed', ratio: 0.5 }
    const together = injector(first, second)
    const kinds = Array.from({ length: 200 }, () => together.next(0)?.kind)
    const resets = hits(injector(first), 200)
    expect(kinds.flatMap((kind, index) => (kind === 'reset' ? [index + 1] : []))).toEqual(resets)
    const never = injector({ ...first, numbers: [1_000] }, second)
    const second200 = hits(never, 200)
    expect(kinds.flatMap((kind, index) => (kind === 'malformed' ? [index + 1] : []))).toEqual(
      second200.filter((number) => !resets.includes(number)),
    )
  })
})

describe('pauses', () => {
  const pause = (fromUs: number, durationUs: number): FaultConfig => ({ kind: 'pause', fromUs, durationUs })

  test.each<[string, FaultConfig[], [dueUs: number, leavesUs: number][]]>([
    [
      'one',
      [pause(100, 50)],
      [
        [99, 99],
        [100, 150],
        [149, 150],
        [150, 150],
      ],
    ],
    [
      'two that overlap, later one first',
      [pause(120, 60), pause(100, 50)],
      [
        [99, 99],
        [110, 180],
        [179, 180],
        [180, 180],
      ],
    ],
    [
      'two that touch',
      [pause(0, 10), pause(10, 10)],
      [
        [0, 20],
        [10, 20],
      ],
    ],
    [
      'one within another',
      [pause(0, 100), pause(10, 5)],
      [
        [12, 100],
        [0, 100],
      ],
    ],
    ['none', [], [[7, 7]]],
  ])('%s', (_story, configs, table) => {
    const faults = injector(...configs)
    expect(table.map(([dueUs]) => [dueUs, faults.afterPauses(dueUs)])).toEqual(table)
  })

  test('no reply leaves early, within a pause or before one that was due earlier', () => {
    const pauses = fc.array(fc.tuple(fc.nat(100), fc.nat(40)), { maxLength: 5 })
    fc.assert(
      fc.property(pauses, fc.nat(150), (spans, dueUs) => {
        const faults = injector(...spans.map(([fromUs, durationUs]) => pause(fromUs, durationUs)))
        const leavesUs = faults.afterPauses(dueUs)
        expect(leavesUs).toBeGreaterThanOrEqual(dueUs)
        for (const [fromUs, durationUs] of spans) {
          expect(leavesUs >= fromUs && leavesUs < fromUs + durationUs).toBe(false)
        }
        expect(faults.afterPauses(dueUs + 1)).toBeGreaterThanOrEqual(leavesUs)
        // And none waits longer than it must: every instant from due on lies in a pause.
        for (let atUs = dueUs; atUs < leavesUs; atUs++) {
          expect(spans.some(([fromUs, durationUs]) => atUs >= fromUs && atUs < fromUs + durationUs)).toBe(
            true,
          )
        }
      }),
    )
  })

  test('are no fault of a single request', () => {
    expect(injector(pause(0, 100)).next(50)).toBeUndefined()
  })
})

describe('what becomes of a reply', () => {
  test.each<[FaultEffect, number, WireFault | undefined]>([
    [{ kind: 'error', status: 500 }, 10, undefined],
    [{ kind: 'reset' }, 0, { kind: 'reset' }],
    [{ kind: 'malformed' }, 10, { kind: 'malformed' }],
    [{ kind: 'stall' }, 10, { kind: 'stall' }],
    [{ kind: 'stall', durationUs: 5 }, 10, undefined],
    [{ kind: 'slow-body', bytesPerS: 7 }, 10, { kind: 'slow-body', bytesPerS: 7 }],
    [{ kind: 'slow-body', bytesPerS: 7 }, 0, undefined],
    [{ kind: 'close-mid-body' }, 11, { kind: 'close-mid-body', sentBytes: 5 }],
    [{ kind: 'close-mid-body' }, 1, { kind: 'close-mid-body', sentBytes: 0 }],
    [{ kind: 'close-mid-body' }, 0, undefined],
  ])('%j of %d bytes', (effect, bodyBytes, expected) => {
    expect(wireFaultOf(effect, bodyBytes)).toEqual(expected)
  })

  test('only a stall of some length takes longer', () => {
    expect(stallUs(undefined)).toBe(0)
    expect(stallUs({ kind: 'stall' })).toBe(0)
    expect(stallUs({ kind: 'reset' })).toBe(0)
    expect(stallUs({ kind: 'stall', durationUs: 9 })).toBe(9)
  })
})
