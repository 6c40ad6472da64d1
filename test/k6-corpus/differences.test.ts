import { describe, expect, it } from 'vitest'
import type { ExpectedRequest } from './case.ts'
import { differences } from './differences.ts'
import { expectation, observation, request } from './observations.ts'

const wanted = (path: string, given: Partial<ExpectedRequest> = {}): ExpectedRequest => ({
  method: 'GET',
  path,
  count: 1,
  ...given,
})

describe('requests in order', () => {
  const expected = expectation({ requests: [wanted('/a', { count: 2 }), wanted('/b')] })

  it('are as expected', () => {
    expect(differences(expected, observation(['GET /a', 'GET /a', 'GET /b']))).toEqual([])
  })

  it('are told apart by their places', () => {
    expect(differences(expected, observation(['GET /a', 'GET /b', 'GET /a', 'POST /c']))).toEqual([
      'request 2: GET /b, expected GET /a',
      'request 3: GET /a, expected GET /b',
      'request 4: POST /c, expected none',
    ])
    expect(differences(expected, observation(['GET /a', 'GET /a']))).toEqual([
      'request 3: none, expected GET /b',
    ])
  })
})

describe('requests in any order', () => {
  it('are counted, within a range where one is given', () => {
    const expected = expectation({
      ordered: false,
      requests: [wanted('/a', { count: [1, 2] }), wanted('/b')],
    })
    expect(differences(expected, observation(['GET /b', 'GET /a', 'GET /a']))).toEqual([])
    expect(differences(expected, observation(['GET /a', 'GET /a', 'GET /a', 'GET /c']))).toEqual([
      'GET /c: not expected',
      'GET /a: 3 times, expected 1 to 2',
      'GET /b: 0 times, expected 1',
    ])
  })

  it('of one address are told apart by what they carry', () => {
    const ofUser = (user: string): ExpectedRequest => wanted('/a', { headers: { user } })
    const expected = expectation({ ordered: false, requests: [ofUser('ada'), ofUser('alan')] })
    const seen = (...users: string[]): string[] => {
      const requests = users.map((user) => request('GET /a', { headers: { user } }))
      return differences(expected, observation(['GET /a', 'GET /a'], { requests }))
    }
    expect(seen('alan', 'ada')).toEqual([])
    expect(seen('ada', 'eve')).toEqual([
      'GET /a: user "eve", expected "ada" / user "eve", expected "alan"',
      'GET /a: 0 times, expected 1',
    ])
  })
})

describe('what a request carries', () => {
  const json = { 'content-type': 'application/json' }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const part = { name: 'logo', fileName: 'logo.png', contentType: 'image/png', text: '…' }
  const cases: [string, Partial<ExpectedRequest>, Parameters<typeof request>[1], string[]][] = [
    ['a header', { headers: { a: '1' } }, { headers: { a: '1' } }, []],
    ['another header', { headers: { a: '1' } }, { headers: { a: '2' } }, ['a "2", expected "1"']],
    ['a header that fits', { headers: { a: '/^Di.*t$/' } }, { headers: { a: 'Digest' } }, []],
    [
      'one that does not',
      { headers: { a: '/^Di/' } },
      { headers: { a: 'Basic' } },
      ['a "Basic", expected "/^Di/"'],
    ],
    ['no header', { headers: { a: null } }, {}, []],
    ['a header too many', { headers: { a: null } }, { headers: { a: '1' } }, ['a "1", expected null']],
    ['cookies', { cookies: { b: '2', a: '1=1' } }, { headers: { cookie: 'a=1=1; b=2' } }, []],
    ['a cookie too few', { cookies: { a: '1' } }, {}, ['cookies {}, expected {"a":"1"}']],
    ['a text', { body: 'hi' }, { body: 'ho' }, ['body "ho", expected "hi"']],
    ['JSON', { body: { a: 1, b: 2 } }, { headers: json, body: '{"b":2,"a":1}' }, []],
    ['no JSON', { body: { a: 1 } }, { headers: json, body: '{' }, ['body "{", expected {"a":1}']],
    ['a form', { body: { a: '1', b: 'x y' } }, { headers: form, body: 'b=x+y&a=1' }, []],
    ['parts, as far as named', { parts: [{ name: 'logo', fileName: 'logo.png' }] }, { parts: [part] }, []],
    ['a part too many', { parts: [] }, { parts: [part] }, [`parts ${JSON.stringify([part])}, expected []`]],
  ]

  it.each(cases)('%s', (_, expected, seen, texts) => {
    const requests = [request('GET /a', seen)]
    const found = differences(
      expectation({ requests: [wanted('/a', expected)] }),
      observation(['GET /a'], { requests }),
    )
    expect(found).toEqual(texts.map((text) => `request 1: ${text}`))
  })
})

describe('what the run says', () => {
  it('exit codes must be equal, unless the generator was late', () => {
    const codes = (expected: number, exitCode: number): string[] =>
      differences(expectation({ exitCode: expected }), observation([], { exitCode }))
    expect(codes(99, 99)).toEqual([])
    expect(codes(99, 0)).toEqual(['exit code 0, expected 99'])
    expect(codes(99, 3)).toEqual([])
    expect(codes(107, 3)).toEqual(['exit code 3, expected 107'])
  })

  it('checks and thresholds must be the same on both sides', () => {
    const expected = expectation({
      checks: { '::a': [1, 0] },
      thresholds: { checks: { 'rate>0.9': true } },
    })
    const summary = {
      checks: { '::a': [0, 1], '::b': [1, 0] },
      thresholds: { checks: { 'rate>0.9': false } },
    } as const
    expect(differences(expected, observation([], {}, summary))).toEqual([
      'check ::a: [0,1], expected [1,0]',
      'check ::b: [1,0], expected none',
      'thresholds of checks: {"rate>0.9":false}, expected {"rate>0.9":true}',
    ])
  })

  it('requests that arrived must have been counted, unless it is said otherwise', () => {
    const requests = [wanted('/a')]
    const seen = observation(['GET /a'], {}, { metrics: { http_reqs: { count: 2 } } })
    expect(differences(expectation({ requests }), seen)).toEqual(['http_reqs count: 2, expected 1'])
    const metrics = { http_reqs: { count: [2, 3] } } as const
    expect(differences(expectation({ requests, metrics }), seen)).toEqual([])
  })

  it('iterations and metrics must be what they should', () => {
    const metrics = { price: { avg: 0.3, max: [1, 2] }, sold: { count: 1 } } as const
    const seen = observation(
      [],
      {},
      { metrics: { iterations: { count: 2 }, price: { avg: 0.1 + 0.2, max: 3 } } },
    )
    expect(differences(expectation({ metrics }), seen)).toEqual([
      '2 iterations, expected 1',
      'price max: 3, expected 1 to 2',
      'sold count: undefined, expected 1',
    ])
  })

  it('output and files must hold what was expected', () => {
    const expected = expectation({ prints: ['hello', 'bye'], files: { 'a.txt': 'A', 'b.txt': 'B' } })
    const seen = observation([], { output: 'hello there', files: { 'a.txt': 'A', 'b.txt': undefined } })
    expect(differences(expected, seen)).toEqual([
      'the output has nothing of "bye"',
      'file b.txt: none, expected "B"',
    ])
  })
})
