import { InvalidArgumentError } from 'commander'
import { describe, expect, it } from 'vitest'
import {
  collectHeader,
  durationFromOneSecond,
  httpUrl,
  methodName,
  pairsOf,
  portNumber,
  positiveInteger,
  wholeNumber,
} from '../../src/commands/flags.ts'
import { UserError } from '../../src/core/errors.ts'

describe('numbers', () => {
  it.each([
    [wholeNumber, '0', 0],
    [wholeNumber, '007', 7],
    [wholeNumber, '9007199254740991', 9_007_199_254_740_991],
    [positiveInteger, '1', 1],
    [portNumber, '0', 0],
    [portNumber, '65535', 65_535],
  ])('%o reads %s', (read, text, number) => {
    expect(read(text)).toBe(number)
  })

  it.each([
    [wholeNumber, ''],
    [wholeNumber, '-1'],
    [wholeNumber, '1.5'],
    [wholeNumber, '1e3'],
    [wholeNumber, ' 1'],
    [wholeNumber, '9007199254740992'],
    [positiveInteger, '0'],
    [portNumber, '65536'],
  ])('%o refuses "%s"', (read, text) => {
    expect(() => read(text)).toThrow(InvalidArgumentError)
  })
})

describe('pairsOf', () => {
  const read = pairsOf('-e')

  it.each([
    ['A=1', { A: '1' }],
    ['A=', { A: '' }],
    ['A=b=c', { A: 'b=c' }],
  ])('reads %s', (text, pairs) => {
    expect(read(text)).toEqual(pairs)
  })

  it('adds to what was given before; the last of a name wins', () => {
    expect(read('A=2', read('B=3', read('A=1')))).toEqual({ A: '2', B: '3' })
  })

  it.each(['hush', '=hush', ''])('refuses "%s" without showing it', (text) => {
    expect(() => read(text)).toThrow(UserError)
    expect(() => read(text)).not.toThrow(/hush/)
  })
})

describe('collectHeader', () => {
  it.each([
    ['Name: value', ['Name', 'value']],
    ['X-Key:value: with colon', ['X-Key', 'value: with colon']],
    ['Empty:', ['Empty', '']],
  ])('reads %s', (text, header) => {
    expect(collectHeader(text)).toEqual([header])
  })

  it('keeps the order, and repeated names', () => {
    expect(collectHeader('A: 2', collectHeader('A: 1'))).toEqual([
      ['A', '1'],
      ['A', '2'],
    ])
  })

  it.each(['hush', ': hush', 'Two words: hush', 'A: hush\r\nB: hush', 'A: hush\n'])(
    'refuses %j without showing it',
    (text) => {
      expect(() => collectHeader(text)).toThrow(UserError)
      expect(() => collectHeader(text)).not.toThrow(/hush/)
    },
  )
})

describe('the flags of saturate', () => {
  it('read durations from a second on', () => {
    expect(durationFromOneSecond('1s')).toBe(1_000_000)
    expect(durationFromOneSecond('1m30s')).toBe(90_000_000)
    expect(() => durationFromOneSecond('999ms')).toThrow(InvalidArgumentError)
    expect(() => durationFromOneSecond('soon')).toThrow(InvalidArgumentError)
  })

  it('read methods in any case', () => {
    expect(methodName('patch')).toBe('PATCH')
    expect(() => methodName('GET /')).toThrow(InvalidArgumentError)
  })

  it('read http and https URLs only', () => {
    expect(httpUrl('https://h:1/p?q').href).toBe('https://h:1/p?q')
    expect(() => httpUrl('h:1')).toThrow(InvalidArgumentError)
    expect(() => httpUrl('/path')).toThrow(InvalidArgumentError)
  })
})
