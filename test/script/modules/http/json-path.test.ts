import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selectJson } from '../../../../src/script/modules/http/json-path.ts'
import { ScriptError } from '../../../../src/script/script-error.ts'

const DOCUMENT = {
  name: { first: 'Ada', last: 'Lovelace' },
  age: 36,
  'fav.movie': 'Stalker',
  '@type': 'Person',
  '*': 'star',
  '#': 'hash',
  nothing: null,
  children: ['Byron', 'Anne', 'Ralph'],
  scores: [3, 10, 25],
  friends: [
    { first: 'Dale', last: 'Murphy', age: 44, nets: ['ig', 'fb', 'tw'], ok: true },
    { first: 'Roger', last: 'Craig', age: 68, nets: ['fb', 'tw'], ok: false },
    { first: 'Jane', last: 'Murphy', age: 47, nets: ['ig', 'tw'] },
  ],
  rows: [[1, 2], [3], []],
}

describe('selectJson', () => {
  it.each<readonly [string, unknown]>([
    ['name.last', 'Lovelace'],
    ['name', DOCUMENT.name],
    ['age', 36],
    ['nothing', null],
    ['missing', undefined],
    ['age.more', undefined],
    ['', undefined],
    ['children', DOCUMENT.children],
    ['children.1', 'Anne'],
    ['children.9', undefined],
    ['children.-1', undefined],
    ['children.length', undefined],
    ['children.#', 3],
    ['rows.0.1', 2],
    ['friends.1.first', 'Roger'],
    ['friends.#.first', ['Dale', 'Roger', 'Jane']],
    ['friends.#.nets.#', [3, 2, 2]],
    ['friends.#.nets.0', ['ig', 'fb', 'ig']],
    ['friends.#.missing', []],
    ['friends.#.ok', [true, false]],
    ['rows.#.0', [1, 3]],
    ['#', 'hash'],
    ['name.#', undefined],
    [String.raw`fav\.movie`, 'Stalker'],
    ['fav.movie', undefined],
    ['@type', 'Person'],
    [String.raw`\*`, 'star'],
    ['child*.2', 'Ralph'],
    ['c?ildren.0', 'Byron'],
    ['na?e.fir*', 'Ada'],
    ['z*', undefined],
    ['children.*', undefined],
  ])('%s: %j', (path, found) => {
    expect(selectJson(DOCUMENT, path)).toEqual(found)
  })

  it.each<readonly [string, unknown]>([
    ['friends.#(last=="Murphy").first', 'Dale'],
    ['friends.#(last="Murphy").first', 'Dale'],
    ['friends.#(last == "Murphy")#.first', ['Dale', 'Jane']],
    ['friends.#(last=="Nobody").first', undefined],
    ['friends.#(last=="Nobody")#', []],
    ['friends.#(last=="Nobody")#.first', []],
    ['friends.#(age>45)#.last', ['Craig', 'Murphy']],
    ['friends.#(age>=47)#.age', [68, 47]],
    ['friends.#(age<45).first', 'Dale'],
    ['friends.#(age<=44)#.age', [44]],
    ['friends.#(age!=44)#.age', [68, 47]],
    ['friends.#(first%"D*").last', 'Murphy'],
    ['friends.#(first!%"D*")#.first', ['Roger', 'Jane']],
    ['friends.#(first>"E")#.first', ['Roger', 'Jane']],
    ['friends.#(nets.#(=="fb"))#.first', ['Dale', 'Roger']],
    ['friends.#(nets.#(=="fb"))#|#', 2],
    ['friends.#(ok==true).first', 'Dale'],
    ['friends.#(ok!=true)#.first', ['Roger']],
    ['friends.#(ok)#.first', ['Dale', 'Roger']],
    ['friends.#(ok==~true)#.first', ['Dale']],
    ['friends.#(ok==~false)#.first', ['Roger', 'Jane']],
    ['friends.#(ok==~null)#.first', ['Jane']],
    ['friends.#(ok==~*)#.first', ['Dale', 'Roger']],
    ['friends.#(nets=="ig")#', []],
    ['scores.#(>5)', 10],
    ['scores.#(>5)#', [10, 25]],
    ['scores.#(==3)', 3],
    ['children.#(%"*n*")#', ['Byron', 'Anne']],
    [String.raw`children.#(=="An\ne")`, 'Anne'],
    ['children.#[=="Anne"]', 'Anne'],
    ['friends.#(last=="Murphy"', undefined],
    ['name.#(first=="Ada")', undefined],
  ])('the query %s: %j', (path, found) => {
    expect(selectJson(DOCUMENT, path)).toEqual(found)
  })

  it.each<readonly [string, unknown]>([
    ['name|last', 'Lovelace'],
    ['friends.#.first|1', 'Roger'],
    ['friends.#.first.1', []],
    ['friends|#', 3],
    ['friends.#|#.first', undefined],
    ['friends.#(last=="Murphy")#|0.first', 'Dale'],
  ])('the pipe %s: %j', (path, found) => {
    expect(selectJson(DOCUMENT, path)).toEqual(found)
  })

  it('begins at any value', () => {
    expect(selectJson([{ a: 1 }, { a: 2 }], '1.a')).toBe(2)
    expect(selectJson([{ a: 1 }, { a: 2 }], '#.a')).toEqual([1, 2])
    expect(selectJson('text', 'a')).toBeUndefined()
    expect(selectJson(null, 'a')).toBeUndefined()
  })

  it('sees what is in the document only', () => {
    expect(selectJson({}, 'toString')).toBeUndefined()
    expect(selectJson({}, '__proto__')).toBeUndefined()
    expect(selectJson([], 'map')).toBeUndefined()
  })

  it.each(['@reverse', 'children.@reverse', 'children|@join', '{name,age}', 'name.[first]'])(
    'refuses %s',
    (path) => {
      expect(() => selectJson(DOCUMENT, path)).toThrow(ScriptError)
      expect(() => selectJson(DOCUMENT, path)).toThrow('is not supported')
    },
  )

  it('finds every value by the keys that lead to it', () => {
    const key = fc.string({ minLength: 1, unit: 'grapheme' })
    const escape = (text: string) => text.replaceAll(/[^\p{L}]/gu, String.raw`\$&`)
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 4 }), fc.jsonValue(), (keys, leaf) => {
        const value = keys.reduceRight<unknown>((inner, name) => ({ [name]: inner }), leaf)
        expect(selectJson(value, keys.map(escape).join('.'))).toEqual(leaf)
      }),
    )
  })
})
