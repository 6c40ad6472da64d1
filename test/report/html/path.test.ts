import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dotPath, rectPath, stepArea, stepPath, type Axes } from '../../../src/report/html/svg/path.ts'
import { clamp01, type Scale } from '../../../src/report/html/svg/scale.ts'

function upTo(max: number): Scale {
  return { at: (value) => clamp01(value / max), ticks: () => [] }
}

const AXES: Axes = { x: upTo(24), y: upTo(10) }

/** Corner points of each stroke of a path, absolute. */
function corners(d: string): (readonly [number, number])[][] {
  const strokes: [number, number][][] = []
  let [x, y] = [0, 0]
  for (const [, command = '', first = '', second] of d.matchAll(/([MhvHVz])(-?\d+)?(?: (-?\d+))?/g)) {
    if (command === 'z') continue
    if (command === 'M') {
      ;[x, y] = [Number(first), Number(second)]
      strokes.push([])
    } else if (command === 'h') x += Number(first)
    else if (command === 'v') y += Number(first)
    else if (command === 'H') x = Number(first)
    else y = Number(first)
    strokes.at(-1)?.push([x, y])
  }
  return strokes
}

/** The level of a stroke at `x`, looking left from it. */
function levelAt(
  strokes: readonly (readonly (readonly [number, number])[])[],
  x: number,
): number | undefined {
  for (const stroke of strokes) {
    for (const [i, [right, y]] of stroke.entries()) {
      const [left, before] = stroke[i - 1] ?? [right, y]
      if (before === y && left < x && x <= right) return y
    }
  }
  return undefined
}

const values = fc.array(fc.option(fc.integer({ min: 0, max: 10 }), { nil: undefined }), {
  minLength: 1,
  maxLength: 24,
})

describe('stepPath', () => {
  it('draws equal values in one stroke and leaves gaps open', () => {
    expect(stepPath(AXES, [0, 1, 2, 3, 4, 5], [10, 10, 5, undefined, 0])).toBe(
      'M0 0h200v500h100M400 1000h100',
    )
  })

  it('draws a single value', () => {
    expect(stepPath(AXES, [0, 24], [5])).toBe('M0 500h2400')
  })

  it('has each value over its own stretch, and nothing where there is none', () => {
    fc.assert(
      fc.property(values, (given) => {
        const edges = Array.from({ length: given.length + 1 }, (_, i) => i)
        const strokes = corners(stepPath(AXES, edges, given))
        for (const [i, value] of given.entries()) {
          expect(levelAt(strokes, (i + 0.5) * 100)).toBe(value === undefined ? undefined : 1000 - value * 100)
        }
      }),
    )
  })
})

describe('stepArea', () => {
  it('goes along the upper line and back along the lower one', () => {
    expect(stepArea(AXES, [0, 1, 2], [0, 1], [2, 3])).toBe('M0 800h100v-100h100V900H100V1000H0z')
    expect(stepArea(AXES, [0, 1, 2], [0, 0], [2, 2])).toBe('M0 800h200V1000H0z')
  })

  it('encloses the sum of the differences', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 })), {
      minLength: 1,
      maxLength: 24,
    })
    fc.assert(
      fc.property(pairs, (given) => {
        const edges = Array.from({ length: given.length + 1 }, (_, i) => i)
        const lower = given.map(([low]) => low)
        const upper = given.map(([low, more]) => low + more)
        const [corner = []] = corners(stepArea(AXES, edges, lower, upper))
        const area = corner.reduce((sum, [x, y], i) => {
          const [nextX, nextY] = corner[(i + 1) % corner.length] ?? [0, 0]
          return sum + (x * nextY - nextX * y) / 2
        }, 0)
        const expected = given.reduce((sum, [, more]) => sum + more, 0) * 100 * 100
        expect(Math.abs(area)).toBeCloseTo(expected, 5)
      }),
    )
  })
})

it('dots and rectangles stand where their values are', () => {
  expect(dotPath(AXES, [[12, 5]])).toBe('M1200 500h0')
  expect(rectPath(AXES, [6, 12], [0, Infinity])).toBe('M600 0H1200V1000H600z')
})
