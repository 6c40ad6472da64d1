import { describe, expect, it } from 'vitest'
import { Rng } from '../../../src/core/rng.ts'
import { createK6Module } from '../../../src/script/modules/k6.ts'
import { RandomSource } from '../../../src/script/random-source.ts'
import { FakeHost } from './fake-host.ts'

interface SetUp {
  readonly host: FakeHost
  readonly random: RandomSource
  readonly k6: ReturnType<typeof createK6Module>
}

function setUp(seed = 1): SetUp {
  const host = new FakeHost()
  const random = new RandomSource(new Rng(seed), false)
  return { host, random, k6: createK6Module(host, host, random) }
}

describe('sleep', () => {
  it.each([
    [1, 1_000_000],
    [0.25, 250_000],
    [0.000_000_4, 0],
    [0, 0],
    [-1, 0],
    ['1.5', 1_500_000],
    [null, 0],
  ])('of %j s waits %i µs', async (seconds, us) => {
    const { host, k6 } = setUp()
    await k6.sleep(seconds)
    expect(host.sleepsUs).toEqual([us])
    expect(host.waits).toEqual(['sleep'])
    expect(host.isWaiting).toBe(false)
  })

  it.each([Number.NaN, undefined, 'a while', {}])('of %j is an exception', (seconds) => {
    const { host, k6 } = setUp()
    expect(() => k6.sleep(seconds)).toThrow('sleep() takes a number of seconds')
    expect(host.sleepsUs).toEqual([])
    expect(host.isWaiting).toBe(false)
  })
})

describe('check', () => {
  it('evaluates every condition, also after one has failed', () => {
    const { host, k6 } = setUp()
    const seen: unknown[] = []
    const record =
      (result: unknown) =>
      (value: unknown): unknown => {
        seen.push(value)
        return result
      }
    const passed = k6.check(7, { first: record(true), second: record(false), third: record('yes') })
    expect(passed).toBe(false)
    expect(seen).toEqual([7, 7, 7])
    expect(host.checks).toEqual([
      ['first', true, undefined],
      ['second', false, undefined],
      ['third', true, undefined],
    ])
  })

  it('is true when all conditions hold, or there are none', () => {
    const { k6 } = setUp()
    expect(k6.check(null, { a: () => 1, b: true })).toBe(true)
    expect(k6.check(null, {})).toBe(true)
  })

  it('takes values for conditions, and judges them as the language does', () => {
    const { host, k6 } = setUp()
    k6.check(null, { one: 1, zero: 0, text: 'x', none: '', nothing: undefined })
    expect(host.checks.map(([name, passed]) => `${name}: ${passed}`)).toEqual([
      'one: true',
      'zero: false',
      'text: true',
      'none: false',
      'nothing: false',
    ])
  })

  it('counts an exception as failed, and passes it on', () => {
    const { host, k6 } = setUp()
    const broken = (): never => {
      throw new TypeError('no body')
    }
    expect(() => k6.check(null, { good: () => true, broken, after: () => true })).toThrow('no body')
    expect(host.checks.map(([name, passed]) => `${name}: ${passed}`)).toEqual(['good: true', 'broken: false'])
  })

  it('passes tags on as text', () => {
    const { host, k6 } = setUp()
    k6.check(null, { a: true }, { try: 2 })
    expect(host.checks).toEqual([['a', true, { try: '2' }]])
  })

  it.each([null, undefined, 'ok', () => true])('with %j for its conditions is an exception', (sets) => {
    expect(() => setUp().k6.check(1, sets)).toThrow('check() takes an object of named conditions')
  })
})

describe('group', () => {
  it('gives what its function returned', async () => {
    const { host, k6 } = setUp()
    expect(await k6.group('login', () => Promise.resolve(3))).toBe(3)
    expect(host.groups).toEqual(['login'])
  })

  it('passes an exception on', async () => {
    const { k6 } = setUp()
    await expect(k6.group('login', () => k6.fail('denied'))).rejects.toThrow('denied')
  })

  it('refuses a name with the separator in it', () => {
    expect(() => setUp().k6.group('a::b', () => 1)).toThrow('a group\'s name cannot contain "::": "a::b"')
  })
})

describe('fail', () => {
  it.each([
    ['no users', 'no users'],
    [undefined, 'fail() was called'],
  ])('with %j throws %j', (reason, message) => {
    expect(() => setUp().k6.fail(reason)).toThrow(message)
  })
})

describe('randomSeed', () => {
  const numbersAfter = (vuSeed: number, scriptSeed: unknown): number[] => {
    const { k6, random } = setUp(vuSeed)
    k6.randomSeed(scriptSeed)
    return Array.from({ length: 5 }, () => random.next())
  }

  it('gives every VU the same numbers, for each seed others', () => {
    expect(numbersAfter(1, 42)).toEqual(numbersAfter(2, 42))
    expect(numbersAfter(1, 42)).not.toEqual(numbersAfter(1, 43))
    expect(new Set(numbersAfter(1, 42)).size).toBe(5)
  })

  it('counts in whole numbers; what is none counts as 0', () => {
    expect(numbersAfter(1, 42.9)).toEqual(numbersAfter(1, 42))
    expect(numbersAfter(1, undefined)).toEqual(numbersAfter(1, 0))
  })
})

describe('while the script loads', () => {
  it.each([
    ['sleep()', (k6: ReturnType<typeof createK6Module>) => k6.sleep(1)],
    ['check()', (k6: ReturnType<typeof createK6Module>) => k6.check(1, { ok: true })],
    ['group()', (k6: ReturnType<typeof createK6Module>) => k6.group('a', () => 1)],
  ])('%s is refused', (name, call) => {
    const { host, k6 } = setUp()
    host.mayWait = false
    expect(() => call(k6)).toThrow(`${name} cannot be called while the script loads`)
    expect(host.checks).toEqual([])
    expect(host.groups).toEqual([])
  })
})
