import { describe, expect, it } from 'vitest'
import type { Expectation } from './case.ts'
import { type Comparison, compareRuns, isSame } from './comparison.ts'
import { differenceTable } from './difference-table.ts'
import type { Observation } from './observation.ts'
import { expectation, observation, request } from './observations.ts'

function compare(headroom: Observation, k6: Observation, given: Partial<Expectation> = {}): Comparison {
  return compareRuns({ name: 'shop', script: 'shop.js', expectation: expectation(given) }, headroom, k6)
}

describe('compareRuns', () => {
  it('finds nothing where there is nothing', () => {
    const seen = observation(['GET /a', 'POST /b'], {}, { checks: { '::up': [1, 0] } })
    expect(isSame(compare(seen, seen))).toBe(true)
  })

  it('names what each sent at which place', () => {
    const { differences } = compare(observation(['GET /a', 'GET /b']), observation(['GET /b', 'GET /a']))
    expect(differences.requests).toEqual([
      'request 1. GET /b  "": none, expected 1',
      'request 2. GET /a  "": none, expected 1',
      'request 1. GET /a  "": 1, expected none',
      'request 2. GET /b  "": 1, expected none',
    ])
  })

  it('does not mind the order where it is not defined', () => {
    const headroom = observation(['GET /a', 'GET /b'])
    expect(isSame(compare(headroom, observation(['GET /b', 'GET /a']), { ordered: false }))).toBe(true)
  })

  it('does not mind boundaries and the order of a form’s fields, but what they hold', () => {
    const sent = (boundary: string, text: string, form: string): Observation => {
      const parts = [{ name: 'a', text }]
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      const requests = [
        request('POST /a', {
          headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
          parts,
        }),
        request('POST /b', { headers: type, body: form }),
      ]
      return observation(['POST /a', 'POST /b'], { requests })
    }
    expect(isSame(compare(sent('x', '1', 'a=1&b=2'), sent('y', '1', 'a=1&b=2')))).toBe(true)
    expect(compare(sent('x', '1', 'a=1'), sent('y', '2', 'a=2')).differences.requests).toHaveLength(4)
  })

  it('leaves out what depends on time', () => {
    const given = {
      ordered: false,
      iterations: [1, 3],
      requests: [{ method: 'GET', path: '/a', count: [1, 3] }],
      metrics: { pause: { avg: [1, 2] } },
    } as const
    const run = (count: number): Observation =>
      observation(
        Array<string>(count).fill('GET /a'),
        {},
        {
          metrics: { iterations: { count }, pause: { avg: count }, http_req_duration: { avg: count } },
        },
      )
    expect(isSame(compare(run(1), run(3), given))).toBe(true)
  })

  it('compares counters, the script’s own metrics, checks, thresholds and exit codes', () => {
    const of = (count: number, passes: number, ok: boolean, exitCode: number): Observation =>
      observation(
        [],
        { exitCode },
        {
          metrics: { iterations: { count }, sold: { count } },
          checks: { '::up': [passes, 0] },
          thresholds: { sold: { 'count>1': ok } },
        },
      )
    const { differences } = compare(of(2, 2, true, 0), of(1, 1, false, 99), {
      metrics: { sold: { count: 2 } },
    })
    expect(differences).toEqual({
      requests: [],
      checks: ['check ::up: [2,0], expected [1,0]'],
      metrics: ['metric sold count: 2, expected 1', 'metric iterations count: 2, expected 1'],
      thresholds: ['thresholds of sold: {"count>1":true}, expected {"count>1":false}'],
      'exit code': ['exit code 0, expected 99'],
    })
  })
})

it('differenceTable has a line for each script and says what differs', () => {
  const same = compare(observation(), observation())
  const other = { ...compare(observation(), observation([], { exitCode: 99 })), name: 'checkout' }
  expect(differenceTable([same, other])).toBe(
    [
      'script    requests  checks  metrics  thresholds  exit code',
      'shop      same      same    same     same        same',
      'checkout  same      same    same     same        DIFFERS',
      '    exit code 0, expected 99',
      '1 of 2 scripts do the same with headroom as with k6',
    ].join('\n'),
  )
})
