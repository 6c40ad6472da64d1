import { describe, expect, it } from 'vitest'
import { readCsv } from './csv-reader.ts'

describe('the strict CSV reader', () => {
  it('reads quotes, commas and line ends inside fields', () => {
    expect(readCsv('a,"b ""x"", y",\r\n"1\r\n2",,3\r\n')).toEqual([
      ['a', 'b "x", y', ''],
      ['1\r\n2', '', '3'],
    ])
  })

  it.each(['a\n', 'a,b', 'a"b\r\n', '"a"b\r\n', '"a\r\n', 'a\r\nb,c\r\n'])('refuses %j', (text) => {
    expect(() => readCsv(text)).toThrow(/RFC 4180|fields/)
  })
})
