import { describe, expect, test } from 'vitest'
import { type Candidate, createBalancer } from '../../../mock-server/traffic/balancing.ts'
import { keyHeader, readKey } from '../../../mock-server/traffic/request-key.ts'
import { parsePolicy } from '../../../mock-server/traffic/settings.ts'
import { Rng } from '../../../src/core/rng.ts'
import { request } from '../requests.ts'

const instance = (name: string, inFlight = 0): Candidate => ({ name, inFlightCount: () => inFlight })
const THREE = ['a', 'b', 'c'].map((name) => instance(name))

/** The instances that so many requests go to. */
function chosen(policy: string, candidates: readonly Candidate[], count: number, seed = 1): string[] {
  const config = parsePolicy(policy)
  if (typeof config === 'string') throw new Error(config)
  const balance = createBalancer(config, new Rng(seed))
  return Array.from({ length: count }, () => candidates[balance(candidates, request(), 0)]!.name)
}

test('round robin: in turn', () => {
  expect(chosen('round-robin', THREE, 7)).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a'])
})

test('round robin goes on when an instance leaves', () => {
  const balance = createBalancer({ kind: 'round-robin' }, new Rng(1))
  const chosenOf = (count: number): number => balance(THREE.slice(0, count), request(), 0)
  expect([3, 3, 2, 2, 1, 3].map(chosenOf)).toEqual([0, 1, 0, 1, 0, 1])
})

test('random: each as often, in an order that the seed decides', () => {
  const names = chosen('random', THREE, 30_000)
  expect(chosen('random', THREE, 30_000)).toEqual(names)
  expect(chosen('random', THREE, 30_000, 2)).not.toEqual(names)
  for (const { name } of THREE) {
    expect(Math.abs(names.filter((one) => one === name).length / 30_000 - 1 / 3)).toBeLessThan(0.01)
  }
})

describe('least in flight', () => {
  test('the one with the fewest', () => {
    expect(chosen('least-in-flight', [instance('a', 2), instance('b', 1), instance('c', 3)], 3)).toEqual([
      'b',
      'b',
      'b',
    ])
  })

  test('of several with as few the next in turn', () => {
    expect(chosen('least-in-flight', THREE, 4)).toEqual(['a', 'b', 'c', 'a'])
    expect(chosen('least-in-flight', [instance('a', 1), instance('b'), instance('c')], 4)).toEqual([
      'b',
      'c',
      'b',
      'c',
    ])
  })
})

describe('per user', () => {
  const balancerOf = (policy: string): ReturnType<typeof createBalancer> =>
    createBalancer(parsePolicy(policy) as never, new Rng(1))

  test('always the same instance, and others for others', () => {
    const balance = balancerOf('per-user:header:X-User-Id')
    const homes = Array.from({ length: 300 }, (_, user) => {
      const call = request({ headers: { 'x-user-id': `user-${user}` } })
      const home = balance(THREE, call, 0)
      expect(balance(THREE, call, 0)).toBe(home)
      return home
    })
    for (const index of [0, 1, 2]) {
      expect(Math.abs(homes.filter((home) => home === index).length - 100)).toBeLessThan(30)
    }
  })

  test('only the users of an instance that leaves change places', () => {
    const balance = balancerOf('per-user:query:user')
    const homesOf = (candidates: readonly Candidate[]): number[] =>
      Array.from({ length: 300 }, (_, user) => balance(candidates, request({ path: `/x?user=${user}` }), 0))
    const after = homesOf(THREE.slice(0, 2))
    expect(homesOf(THREE).map((home, user) => (home === 2 ? after[user] : home))).toEqual(after)
  })

  test('requests of nobody go in turn', () => {
    const balance = balancerOf('per-user:header:x-user-id')
    const nobody = request({ headers: { 'x-user-id': '' } })
    expect([0, 1, 2, 3].map(() => balance(THREE, nobody, 0))).toEqual([0, 1, 2, 0])
  })
})

describe('where a request says who it is of', () => {
  test.each([
    ['header', 'x-user', { headers: { 'x-user': 'ann' } }, 'ann'],
    ['query', 'user', { path: '/a?x=1&user=ann%20b' }, 'ann b'],
    ['query', 'user', { path: '/a' }, undefined],
    ['cookie', 'id', { headers: { cookie: 'a=1; id=x=y; b=2' } }, 'x=y'],
    ['cookie', 'id', { headers: { cookie: 'ido=1, id' } }, undefined],
    ['cookie', 'id', {}, undefined],
  ] as const)('%s %s of %j', (place, name, overrides, value) => {
    expect(readKey({ place, name }, request(overrides))).toBe(value)
  })

  test('what a reply can set', () => {
    expect(keyHeader({ place: 'header', name: 'x-to' }, 'a')).toEqual(['x-to', 'a'])
    expect(keyHeader({ place: 'cookie', name: 'to' }, 'a')).toEqual(['Set-Cookie', 'to=a; Path=/; HttpOnly'])
    expect(keyHeader({ place: 'query', name: 'to' }, 'a')).toBeUndefined()
  })
})
