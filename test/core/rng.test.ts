import { describe, expect, test } from 'vitest'
import { Rng } from '../../src/core/rng.ts'

const COUNT = 100_000

function draw(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next)
}

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, variance }
}

describe('a seeded stream', () => {
  test.each([1, 'night', 0, -5])('of seed %o repeats itself', (seed) => {
    const first = new Rng(seed)
    const second = new Rng(seed)
    expect(draw(100, () => first.next())).toEqual(draw(100, () => second.next()))
  })

  test('differs from that of another seed and from its forks', () => {
    const streams = [
      new Rng(1),
      new Rng(2),
      new Rng(1).fork('a'),
      new Rng(1).fork('b'),
      new Rng(1).fork('a').fork('b'),
    ]
    const starts = streams.map((rng) => rng.next())
    expect(new Set(starts).size).toBe(streams.length)
  })

  test('forks the same stream however much was drawn before', () => {
    const rng = new Rng(1)
    const early = rng.fork('arrivals').next()
    draw(10, () => rng.next())
    expect(rng.fork('arrivals').next()).toBe(early)
  })

  test('is the same on every machine and in every release', () => {
    const rng = new Rng(1)
    expect(draw(3, () => rng.int(1_000_000))).toMatchInlineSnapshot(`
      [
        667488,
        115917,
        852662,
      ]
    `)
  })
})

describe('distributions, within four standard errors', () => {
  test('first numbers of streams with similar names are uniform', () => {
    const { mean } = moments(Array.from({ length: COUNT }, (_, i) => new Rng(`e${i}`).next()))
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / COUNT))
  })

  test('next is uniform in [0, 1)', () => {
    const rng = new Rng(1)
    const values = draw(COUNT, () => rng.next())
    const { mean, variance } = moments(values)
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / COUNT))
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / COUNT))
  })

  test('int is every number below its bound and no other', () => {
    const rng = new Rng(1)
    expect(new Set(draw(1_000, () => rng.int(5)))).toEqual(new Set([0, 1, 2, 3, 4]))
  })

  test('exponential has mean and variance 1', () => {
    const rng = new Rng(1)
    const values = draw(COUNT, () => rng.exponential())
    const { mean, variance } = moments(values)
    expect(values.every((value) => value >= 0 && Number.isFinite(value))).toBe(true)
    expect(Math.abs(mean - 1)).toBeLessThan(4 * Math.sqrt(1 / COUNT))
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(8 / COUNT))
  })

  test('normal has mean 0 and variance 1', () => {
    const rng = new Rng(1)
    const { mean, variance } = moments(draw(COUNT, () => rng.normal()))
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / COUNT))
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / COUNT))
  })
})
