import { load, type CheerioAPI } from 'cheerio'
import { describe, expect, it } from 'vitest'
import type { RunSummary } from '../../../src/measure/summary.ts'
import { junitXml } from '../../../src/run-files/formats/junit.ts'
import { IDENTITY } from '../../support/identity-fixture.ts'
import { SUMMARY } from '../../support/summary-fixture.ts'

function documentOf(summary: Partial<RunSummary> = {}, identity: Partial<typeof IDENTITY> = {}): CheerioAPI {
  return load(junitXml({ ...IDENTITY, ...identity }, { ...SUMMARY, ...summary }), { xml: true })
}

/** `suite / case: how it ended`. */
function casesOf(document: CheerioAPI): string[] {
  return document('testcase')
    .toArray()
    .map((each) => {
      const result = document(each).children().get(0)?.tagName ?? 'passed'
      return `${document(each).parent().attr('name')} / ${document(each).attr('name')}: ${result}`
    })
}

const [PASSED, FAILED, NO_DATA] = SUMMARY.thresholds
const SPOILT = { level: 'INVALID', code: 'dropped', what: '9 were dropped', todo: 'raise maxVUs' } as const

describe('junit.xml', () => {
  it('has a case for the end of the run, its validity and each threshold, by request name', () => {
    const document = documentOf()
    expect(casesOf(document)).toEqual([
      'run / the run came to its end: passed',
      'run / the load generator kept its plan: passed',
      'all requests / http_req_throttled rate<0.3: passed',
      'rank / http_req_response_time{name:rank,outcome:accepted} p(99)<250: failure',
      'absent / checks{name:absent} rate>0.99: skipped',
    ])
    expect(document('failure').attr('message')).toBe('observed 312.4 ms, wanted p(99)<250')
    expect(document('testsuites').attr()).toMatchObject({
      tests: '5',
      failures: '1',
      errors: '0',
      skipped: '1',
      time: '300',
    })
  })

  it('counts the cases of each suite', () => {
    const document = documentOf()
    const counts = document('testsuite')
      .toArray()
      .map((each) => document(each).attr())
    expect(counts.map((each) => [each?.['tests'], each?.['failures'], each?.['skipped']])).toEqual([
      ['2', '0', '0'],
      ['1', '0', '0'],
      ['1', '1', '0'],
      ['1', '0', '1'],
    ])
    expect(counts[0]?.['timestamp']).toBe('2026-11-21T02:17:00')
  })

  it('has the case of validity though there are no thresholds', () => {
    expect(casesOf(documentOf({ thresholds: [] }, { exitCode: 0 }))).toEqual([
      'run / the run came to its end: passed',
      'run / the load generator kept its plan: passed',
    ])
  })

  it('calls an INVALID run an error, and says why', () => {
    const document = documentOf({ verdict: { level: 'INVALID', reasons: [SPOILT] } }, { exitCode: 3 })
    expect(document('error').attr()).toEqual({ type: 'INVALID', message: '9 were dropped; raise maxVUs' })
    expect(document('testsuites').attr('errors')).toBe('1')
  })

  it('does not decide on a SUSPECT one', () => {
    const reasons = [{ ...SPOILT, level: 'SUSPECT' }] as const
    const document = documentOf({ verdict: { level: 'SUSPECT', reasons }, thresholds: [] })
    expect(document('skipped').attr('message')).toBe('9 were dropped; raise maxVUs')
  })

  it.each([
    [105, 'interrupted'],
    [107, 'script'],
    [5, 'unreachable'],
    [undefined, 'unknown'],
  ])('calls a run that ended with exit code %s an error', (exitCode, type) => {
    const document = documentOf({}, { exitCode })
    expect(document('error').attr('type')).toBe(type)
  })

  it('escapes what comes from the script', () => {
    const metric = 'checks{name:<a href="x">&\u0001\uD800}'
    const threshold = { ...(FAILED ?? NO_DATA ?? PASSED), metric } as RunSummary['thresholds'][number]
    const document = documentOf({ thresholds: [threshold] }, { scenario: 'a"<b>&c\n' })
    expect(document('testcase').last().attr('name')).toBe('checks{name:<a href="x">&\uFFFD\uFFFD} p(99)<250')
    expect(document('testsuites').attr('name')).toBe('headroom a"<b>&c\n')
  })
})
