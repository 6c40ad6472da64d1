import { describe, expect, it } from 'vitest'
import { readParams } from '../../../src/script/modules/http-params.ts'

const DEFAULTS = {
  headers: [],
  tags: undefined,
  timeoutUs: 60_000_000,
  responseType: undefined,
  maxRedirects: 10,
}

describe('readParams', () => {
  it.each([undefined, null, {}, { headers: null, tags: undefined, jar: null, other: undefined }])(
    '%j: the defaults',
    (params) => {
      expect(readParams(params)).toEqual(DEFAULTS)
    },
  )

  it('reads what is given', () => {
    const params = {
      headers: { 'X-Key': 'a', 'x-n': 1 },
      tags: { name: 'rank', try: 2, last: false },
      timeout: '1m30s',
      responseType: 'binary',
      redirects: 0,
    }
    expect(readParams(params)).toEqual({
      headers: [
        ['X-Key', 'a'],
        ['x-n', '1'],
      ],
      tags: { name: 'rank', try: '2', last: 'false' },
      timeoutUs: 90_000_000,
      responseType: 'binary',
      maxRedirects: 0,
    })
  })

  it.each([
    ['10s', 10_000_000],
    ['500ms', 500_000],
    [2_500, 2_500_000],
    [0.5, 500],
    ['100', 100_000],
  ])('a timeout of %j is %i µs', (timeout, us) => {
    expect(readParams({ timeout }).timeoutUs).toBe(us)
  })

  it.each<readonly [unknown, string]>([
    ['params', 'request params must be an object, not string'],
    [{ headers: 'X: 1' }, 'headers must be an object'],
    [{ headers: { 'a b': '1' } }, 'not a header name: "a b"'],
    [{ headers: { '': '1' } }, 'not a header name: ""'],
    [
      { headers: { 'X-Key': 'a\r\nB: c' } },
      'the value of header X-Key has a character that no header can carry',
    ],
    [{ headers: { 'X-Key': '日本' } }, 'the value of header X-Key has a character that no header can carry'],
    [{ tags: 'a' }, 'tags must be an object'],
    [{ timeout: 0 }, 'timeout must be a duration such as "10s" or a number of milliseconds, not 0'],
    [{ timeout: -5 }, 'timeout must be a duration'],
    [{ timeout: 'soon' }, 'timeout must be a duration'],
    [{ timeout: {} }, 'timeout must be a duration'],
    [{ timeout: Infinity }, 'timeout must be a duration'],
    [{ responseType: 'json' }, 'responseType must be "text", "binary" or "none", not "json"'],
    [{ redirects: -1 }, 'redirects must be a whole number from 0, not -1'],
    [{ redirects: 1.5 }, 'redirects must be a whole number from 0, not 1.5'],
    [{ redirects: '3' }, 'redirects must be a whole number from 0, not 3'],
  ])('%j is an exception', (params, message) => {
    expect(() => readParams(params)).toThrow(message)
  })
})
