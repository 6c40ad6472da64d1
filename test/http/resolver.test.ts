import { describe, expect, it } from 'vitest'
import type { DnsPlan } from '../../src/core/connection-plan.ts'
import { Rng } from '../../src/core/rng.ts'
import { Resolver } from '../../src/http/resolver.ts'

const V4 = ['192.0.2.1', '192.0.2.2', '192.0.2.3']
const V6 = ['2001:db8::1', '2001:db8::2']
const MIXED = [V6[0], V4[0], V6[1], V4[1], V4[2]] as readonly string[]
const PLAN: DnsPlan = { ttlUs: 1_000, select: 'first', policy: 'any' }

/** A resolver whose questions are answered when the test says so. */
class Rig {
  nowUs = 0
  readonly asked: string[] = []
  readonly #answers: (() => void)[] = []
  readonly resolver: Resolver

  constructor(plan: Partial<DnsPlan> = {}, found: readonly string[] | Error = MIXED, seed = 1) {
    this.resolver = new Resolver({
      plan: { ...PLAN, ...plan },
      rng: new Rng(seed),
      uptimeUs: () => this.nowUs,
      lookup: (hostname, done) => {
        this.asked.push(hostname)
        this.#answers.push(() => (found instanceof Error ? done(found, []) : done(null, found)))
      },
    })
  }

  answer(): void {
    for (const answer of this.#answers.splice(0)) answer()
  }

  /** What a new connection gets: from memory, or else asked for. */
  take(hostname = 'api.test'): string {
    const cached = this.resolver.cached(hostname)
    if (cached !== undefined) return cached
    let result = 'nothing'
    this.resolver.resolve(hostname, (error, address) => (result = address ?? String(error)))
    this.answer()
    return result
  }

  takeMany(count: number): string[] {
    return Array.from({ length: count }, () => this.take())
  }
}

describe('Resolver', () => {
  it.each<[policy: DnsPlan['policy'], found: readonly string[], usable: readonly string[]]>([
    ['any', MIXED, MIXED],
    ['preferIPv4', MIXED, V4],
    ['preferIPv4', V6, V6],
    ['preferIPv6', MIXED, V6],
    ['preferIPv6', V4, V4],
    ['onlyIPv4', MIXED, V4],
    ['onlyIPv6', MIXED, V6],
  ])('%s of %j takes turns among %j', (policy, found, usable) => {
    const rig = new Rig({ policy, select: 'roundRobin' }, found)
    expect(rig.takeMany(2 * usable.length)).toEqual([...usable, ...usable])
  })

  it.each<[policy: DnsPlan['policy'], found: readonly string[]]>([
    ['onlyIPv4', V6],
    ['onlyIPv6', V4],
    ['any', []],
  ])('%s finds nothing in %j', (policy, found) => {
    expect(new Rig({ policy }, found).take()).toBe(`Error: api.test has no address for the policy ${policy}`)
  })

  it('takes the first one always', () => {
    expect(new Set(new Rig({ select: 'first' }).takeMany(10))).toEqual(new Set([MIXED[0]]))
  })

  it('takes random ones, the same with the same seed', () => {
    const taken = new Rig({ select: 'random' }, V4, 7).takeMany(300)
    expect(taken).toEqual(new Rig({ select: 'random' }, V4, 7).takeMany(300))
    expect(taken).not.toEqual(new Rig({ select: 'random' }, V4, 8).takeMany(300))
    for (const address of V4) expect(taken.filter((each) => each === address).length).toBeGreaterThan(60)
  })

  it('asks again when the answer is too old, and not before', () => {
    const rig = new Rig({ ttlUs: 1_000 })
    rig.take()
    rig.nowUs = 999
    rig.take()
    expect(rig.asked).toHaveLength(1)
    rig.nowUs = 1_000
    rig.take()
    expect(rig.asked).toHaveLength(2)
  })

  it('never asks again with inf, and always with 0, turns going on', () => {
    const forEver = new Rig({ ttlUs: Infinity })
    forEver.take()
    forEver.nowUs = Number.MAX_SAFE_INTEGER
    forEver.take()
    expect(forEver.asked).toHaveLength(1)
    const never = new Rig({ ttlUs: 0, select: 'roundRobin' }, V4)
    expect(never.takeMany(4)).toEqual([...V4, V4[0]])
    expect(never.asked).toHaveLength(4)
  })

  it('keeps names apart', () => {
    const rig = new Rig({ select: 'roundRobin' }, V4)
    expect([rig.take('a.test'), rig.take('b.test'), rig.take('a.test')]).toEqual([V4[0], V4[0], V4[1]])
    expect(rig.asked).toEqual(['a.test', 'b.test'])
  })

  it('asks once for connections that are opened at once', () => {
    const rig = new Rig({ select: 'roundRobin' }, V4)
    const got: (string | undefined)[] = []
    for (let i = 0; i < 4; i++) rig.resolver.resolve('api.test', (_error, address) => got.push(address))
    expect(got).toEqual([])
    rig.answer()
    expect(rig.asked).toHaveLength(1)
    expect(got).toEqual([...V4, V4[0]])
  })

  it('gives a failure to all who wait, and asks anew afterwards', () => {
    const rig = new Rig({}, new Error('no such name'))
    const failures: (Error | null)[] = []
    for (let i = 0; i < 2; i++) rig.resolver.resolve('api.test', (error) => failures.push(error))
    rig.answer()
    expect(failures.map(String)).toEqual(['Error: no such name', 'Error: no such name'])
    rig.take()
    expect(rig.asked).toHaveLength(2)
  })
})
