import { describe, expect, it } from 'vitest'
import { CookieJar, CookieStore } from '../../../../src/script/modules/http/cookie-jar.ts'
import { expectedStatuses } from '../../../../src/script/modules/http/expected-statuses.ts'
import { ScriptError } from '../../../../src/script/script-error.ts'
import { readParams, type RequestParams } from '../../../../src/script/modules/http/params.ts'

const DEFAULTS = {
  headers: [],
  tags: undefined,
  timeoutUs: 60_000_000,
  responseType: undefined,
  maxRedirects: undefined,
  throws: undefined,
  expects: undefined,
  cookies: [],
  jar: undefined,
  auth: 'basic',
  compression: [],
}

function read(params: unknown): RequestParams {
  return readParams(params, (text) => {
    throw new Error(`unexpected: ${text}`)
  })
}

describe('readParams', () => {
  it.each([undefined, null, {}, { headers: null, tags: undefined, jar: null, auth: undefined }])(
    '%j: the defaults',
    (params) => {
      expect(read(params)).toEqual(DEFAULTS)
    },
  )

  it('reads what is given', () => {
    const jar = new CookieJar(new CookieStore(() => 0))
    const params = {
      headers: { 'X-Key': 'a', 'x-n': 1 },
      tags: { name: 'rank', try: 2, last: false },
      timeout: '1m30s',
      responseType: 'binary',
      redirects: 0,
      throw: true,
      responseCallback: expectedStatuses(404),
      cookies: { a: '1', b: { value: 'x y', replace: true }, c: 3 },
      jar,
      auth: 'digest',
      compression: 'gzip, br',
    }
    expect(read(params)).toEqual({
      headers: [
        ['X-Key', 'a'],
        ['x-n', '1'],
      ],
      tags: { name: 'rank', try: '2', last: 'false' },
      timeoutUs: 90_000_000,
      responseType: 'binary',
      maxRedirects: 0,
      throws: true,
      expects: expect.any(Function),
      cookies: [
        { name: 'a', value: '1', replaces: false },
        { name: 'b', value: 'x y', replaces: true },
        { name: 'c', value: '3', replaces: false },
      ],
      jar,
      auth: 'digest',
      compression: ['gzip', 'br'],
    })
  })

  it.each([
    ['10s', 10_000_000],
    ['500ms', 500_000],
    [2_500, 2_500_000],
    [0.5, 500],
    ['100', 100_000],
  ])('a timeout of %j is %i µs', (timeout, us) => {
    expect(read({ timeout }).timeoutUs).toBe(us)
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
    [{ jar: {} }, 'jar must be made by http.cookieJar() or new http.CookieJar()'],
    [{ auth: 'bearer' }, 'auth must be "basic" or "digest", not "bearer"'],
    [{ compression: 'zip' }, 'compression must be a list of gzip, deflate, br and zstd, not "zip"'],
    [{ responseCallback: () => true }, 'a response callback must be made by http.expectedStatuses()'],
    [{ cookies: 'a=1' }, 'cookies must be an object'],
    [{ cookies: { 'a b': '1' } }, 'not a name for a cookie: "a b"'],
    [{ cookies: { a: '1; b=2' } }, 'the value of cookie a has a character that no cookie can carry'],
  ])('%j is an exception', (params, message) => {
    expect(() => read(params)).toThrow(message)
  })

  it('takes null for the absence of a response callback, and for nothing else', () => {
    expect(read({ responseCallback: null }).expects).toBeNull()
    expect(read({ cookies: null, auth: null, compression: null, throw: null })).toEqual(DEFAULTS)
  })

  it('refuses NTLM, which would need a connection of its own', () => {
    expect(() => read({ auth: 'ntlm' })).toThrow(ScriptError)
    expect(() => read({ auth: 'ntlm' })).toThrow('NTLM authentication is not supported')
  })

  it('ignores what means nothing, as k6 does, but says so', () => {
    const warnings: string[] = []
    const params = readParams({ header: { a: 1 } }, (text) => warnings.push(text))
    expect(params).toEqual(DEFAULTS)
    expect(warnings).toEqual([expect.stringContaining('the request parameter "header" is ignored')])
  })
})
