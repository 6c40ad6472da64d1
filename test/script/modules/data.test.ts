import { describe, expect, it } from 'vitest'
import { createDataModule } from '../../../src/script/modules/data.ts'
import { SharedArrays } from '../../../src/script/shared-arrays.ts'
import { FakeHost } from './fake-host.ts'

type SharedArray = new (name: unknown, load: unknown) => unknown[]

/** `SharedArray` as each of a few VUs sees it while its script loads. */
function classesOf(count: number): SharedArray[] {
  const shared = new SharedArrays()
  return Array.from({ length: count }, () => {
    const host = new FakeHost()
    host.mayWait = false
    return createDataModule(host, shared).SharedArray as SharedArray
  })
}

function classOf(): SharedArray {
  return classesOf(1)[0]!
}

describe('SharedArray', () => {
  it('loads once for all VUs', () => {
    const [First, Second] = classesOf(2)
    let loadCount = 0
    const load = (): unknown[] => {
      loadCount++
      return [{ user: 'ann' }]
    }
    const array = new First!('users', load)
    expect(new Second!('users', load)).toBe(array)
    expect(loadCount).toBe(1)
    expect(new Second!('others', load)).not.toBe(array)
    expect(loadCount).toBe(2)
  })

  it('loads again when it failed', () => {
    const [First, Second] = classesOf(2)
    const fail = (): never => {
      throw new Error('no such file')
    }
    expect(() => new First!('users', fail)).toThrow('no such file')
    expect(new Second!('users', () => [1])).toEqual([1])
  })

  it('is read like an array', () => {
    const SharedArray = classOf()
    const array = new SharedArray('numbers', () => [3, 1, 2])
    expect(array).toHaveLength(3)
    expect(array[1]).toBe(1)
    expect(array[3]).toBeUndefined()
    expect([...array]).toEqual([3, 1, 2])
    expect(array.map((n) => Number(n) * 2)).toEqual([6, 2, 4])
    expect(array.filter((n) => n !== 1)).toEqual([3, 2])
    expect(array.slice(1)).toEqual([1, 2])
    expect(array.indexOf(2)).toBe(2)
    expect(JSON.stringify(array)).toBe('[3,1,2]')
    const seen: unknown[] = []
    for (const n of array) seen.push(n)
    expect(seen).toEqual([3, 1, 2])
  })

  it('cannot be written to, at any depth', () => {
    const SharedArray = classOf()
    const array = new SharedArray('users', () => [{ user: { name: 'ann', roles: ['a'] } }]) as {
      user: { name: string; roles: string[] }
    }[]
    expect(() => array.push({ user: { name: 'bob', roles: [] } })).toThrow(TypeError)
    expect(() => (array[0] = array[0]!)).toThrow(TypeError)
    expect(() => (array[0]!.user.name = 'bob')).toThrow(TypeError)
    expect(() => array[0]!.user.roles.push('b')).toThrow(TypeError)
    expect(array).toEqual([{ user: { name: 'ann', roles: ['a'] } }])
  })

  it('is cut off from what was loaded, and has of it what JSON has', () => {
    const SharedArray = classOf()
    const loaded = [{ n: 1, at: new Date(0), call: () => 1 }]
    const array = new SharedArray('mixed', () => loaded)
    loaded[0]!.n = 2
    expect(array).toEqual([{ n: 1, at: '1970-01-01T00:00:00.000Z' }])
    expect(Object.isFrozen(loaded[0])).toBe(false)
  })

  it.each([
    [undefined, () => [], 'SharedArray takes a name that is not empty'],
    ['', () => [], 'SharedArray takes a name that is not empty'],
    ['a', undefined, 'SharedArray "a" takes a function that returns its elements'],
    ['a', [1], 'SharedArray "a" takes a function that returns its elements'],
    ['a', async () => [], 'the function of SharedArray "a" must not be async'],
    ['a', () => 'text', 'the function of SharedArray "a" must return an array, not string'],
    ['a', () => ({ length: 1 }), 'the function of SharedArray "a" must return an array, not object'],
  ])('made with %j and %s is an exception', (name, load, message) => {
    const SharedArray = classOf()
    expect(() => new SharedArray(name, load)).toThrow(message)
  })

  it('is made while the script loads, and at no other time', () => {
    const { SharedArray } = createDataModule(new FakeHost(), new SharedArrays())
    expect(() => new SharedArray('users', () => [])).toThrow(
      'SharedArray "users" must be made while the script loads, outside of functions',
    )
  })
})
