import { describe, expect, it } from 'vitest'
import { claimWait, isStandIn, registerWait } from '../../src/script/wait-frame.ts'

/** Everything that a script can do to it, or ask of it, is an error. */
function untouchable(): object {
  const refuse = (): never => {
    throw new Error('touched')
  }
  const traps = Object.getOwnPropertyNames(Reflect).map((name) => [name, refuse])
  return new Proxy({}, Object.fromEntries(traps) as ProxyHandler<object>)
}

const STANDS: readonly (readonly [string, () => object])[] = [
  ['a promise', () => Promise.resolve(1)],
  ['a frozen object', () => Object.freeze({})],
  ['a proxy whose every trap throws', untouchable],
]

describe('what stands for a wait', () => {
  it.each(STANDS)('is %s when it was registered, and nothing else sees it', (_, make) => {
    const stand = make()
    const wait = Promise.resolve('result')
    expect([isStandIn(stand), claimWait(stand)]).toEqual([false, undefined])
    registerWait(stand, { claim: () => wait })
    expect(isStandIn(stand)).toBe(true)
    expect(claimWait(stand)).toBe(wait)
    // Another of its kind does not.
    expect(claimWait(make())).toBeUndefined()
  })

  it('adds nothing that a script could find', () => {
    const stand = { a: 1 }
    registerWait(stand, { claim: () => Promise.resolve() })
    expect(Reflect.ownKeys(stand)).toEqual(['a'])
    expect(isStandIn(Object.create(stand))).toBe(false)
    expect(isStandIn({ ...stand })).toBe(false)
  })

  it.each([undefined, null, 0, 'text', Symbol('s'), () => {}])('is not %s', (value) => {
    expect([isStandIn(value), claimWait(value)]).toEqual([false, undefined])
  })

  it('is claimed anew each time', () => {
    let claims = 0
    const stand = {}
    registerWait(stand, { claim: () => Promise.resolve(++claims) })
    void claimWait(stand)
    void claimWait(stand)
    expect(claims).toBe(2)
  })
})
