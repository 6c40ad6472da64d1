import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEncodingModule } from '../../../src/script/modules/encoding.ts'

const { b64encode, b64decode } = createEncodingModule()

const VARIANTS = ['std', 'rawstd', 'url', 'rawurl'] as const

/** Bytes whose digits are the two in which the alphabets differ, with two characters of padding. */
const BYTES = new Uint8Array([0xfb, 0xef, 0xff, 0xff])

describe('b64encode', () => {
  it.each([
    ['std', '++///w=='],
    ['rawstd', '++///w'],
    ['url', '--___w=='],
    ['rawurl', '--___w'],
    [undefined, '++///w=='],
    ['no such variant', '++///w=='],
  ])('as %s gives %s', (variant, text) => {
    expect(b64encode(BYTES.buffer, variant)).toBe(text)
    expect(b64encode(BYTES, variant)).toBe(text)
  })

  it('takes a text for its UTF-8', () => {
    expect(b64encode('Zürich')).toBe('WsO8cmljaA==')
  })

  it('takes a view for its own bytes, and no others of its buffer', () => {
    expect(b64encode(new Uint8Array([1, 2, 3, 4]).subarray(1, 3))).toBe('AgM=')
  })

  it.each([undefined, null, 1, {}, [1]])('of %j is an exception', (input) => {
    expect(() => b64encode(input)).toThrow("b64encode()'s input must be a string or an ArrayBuffer, not ")
  })
})

describe('b64decode', () => {
  it('gives an ArrayBuffer, or with the format "s" a text', () => {
    const decoded = b64decode('WsO8cmljaA==')
    expect(decoded).toBeInstanceOf(ArrayBuffer)
    expect(new TextDecoder().decode(decoded as ArrayBuffer)).toBe('Zürich')
    expect(b64decode('WsO8cmljaA', 'rawstd', 's')).toBe('Zürich')
    expect(b64decode('', 'std', 's')).toBe('')
  })

  it('skips line breaks', () => {
    expect(b64decode('WsO8\r\ncmlj\naA==\n', 'std', 's')).toBe('Zürich')
  })

  it.each([
    ['std', 'WsO8cmljaA', 10],
    ['std', 'WsO8cmljaA=', 10],
    ['std', 'WsO8=', 4],
    ['std', '--___w==', 0],
    ['std', 'WsO8 cmljaA==', 4],
    ['std', 'WsO8a', 5],
    ['url', '++///w==', 0],
    ['rawstd', 'WsO8cmljaA==', 10],
    ['rawurl', 'a', 1],
  ])('as %s refuses %s', (variant, text, position) => {
    expect(() => b64decode(text, variant)).toThrow(
      `not base64 of the variant "${variant}": wrong at character ${position}`,
    )
  })

  it('gives back what was encoded, in every variant', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom(...VARIANTS), (bytes, variant) => {
        const decoded = b64decode(b64encode(bytes, variant), variant)
        expect(new Uint8Array(decoded as ArrayBuffer)).toEqual(new Uint8Array(bytes))
      }),
    )
  })
})
