import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clip, fill, length, padRight, paint, paragraph } from '../../src/report/layout.ts'
import { plainStyler } from '../../src/report/style.ts'

const CHARACTERS = ['a', 'é', 'e\u0301', '日', '한', '😀', '…', '\u202E', '\t', '-']
const ANY_TEXT = fc.array(fc.constantFrom(...CHARACTERS)).map((characters) => characters.join(''))

describe('length', () => {
  it.each([
    ['rank', 4],
    ['', 0],
    ['日本語', 6],
    ['e\u0301', 1],
    ['😀', 2],
    // Shown as a question mark.
    ['a\u202Eb', 3],
  ])('of %j is %i columns', (text, columns) => {
    expect(length(text)).toBe(columns)
  })

  it('is that of what is painted', () => {
    fc.assert(
      fc.property(ANY_TEXT, (text) => {
        expect(length(paint({ text }, plainStyler))).toBe(length(text))
      }),
    )
  })
})

describe('clip', () => {
  it.each([
    ['日本語の名前です', 9, '日本..す'],
    ['日本語', 6, '日本語'],
    ['日本語', 3, '日'],
    ['https://example.test/a', 12, 'https..est/a'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301e\u0301'],
  ])('%j to %i columns is %j', (text, width, clipped) => {
    expect(clip(text, width)).toBe(clipped)
  })

  it('fits, keeps both ends and never tears a character apart', () => {
    fc.assert(
      fc.property(ANY_TEXT, fc.nat(30), (text, width) => {
        const clipped = clip(text, width)
        expect(length(clipped)).toBeLessThanOrEqual(width)
        const [head = '', tail = ''] = clipped === text ? [text] : clipped.split('..')
        expect(text.startsWith(head) && text.endsWith(tail)).toBe(true)
      }),
    )
  })

  it('fills what it is given, but for half of a wide character at either end', () => {
    fc.assert(
      fc.property(ANY_TEXT, fc.integer({ min: 5, max: 30 }), (text, width) => {
        fc.pre(length(text) > width)
        expect(length(clip(text, width))).toBeGreaterThanOrEqual(width - 2)
      }),
    )
  })
})

it('padRight makes columns of names in any script', () => {
  expect(['日本', '😀', 'rank'].map((name) => length(padRight(name, 8)))).toEqual([8, 8, 8])
})

it('fill breaks what has no spaces where it is wide enough, and loses nothing', () => {
  expect(fill(['日本語日本語'], 5)).toEqual(['日本', '語日', '本語'])
})

it('paragraph cuts by columns', () => {
  const lines = paragraph('日本語 日本語 日本語', 2, { width: 12, maxLines: 1 })
  expect(lines).toEqual([{ text: '  日本語 ..' }])
})
