import { describe, expect, it } from 'vitest'
import { judgeClaim, type Claim } from '../../../src/commands/verify/claim.ts'
import { renderVerification } from '../../../src/commands/verify/render.ts'
import { exitCodeOf, type Verification } from '../../../src/commands/verify/verification.ts'
import { verifyCsv } from '../../../src/commands/verify/verify-csv.ts'
import { verifyJson } from '../../../src/commands/verify/verify-json.ts'
import { plainStyler } from '../../../src/report/style.ts'
import { readCsvRows } from '../../support/csv-reader.ts'

const PASSED: Claim = { claim: 'service time p50', unit: 'ms', truth: 100, measured: 100.4567, allowed: 2 }
const FAILED: Claim = { claim: 'requests sent', unit: 'count', truth: 1_050, measured: 1_049, allowed: 0 }
const DOUBTED: Claim = { ...PASSED, claim: 'service time p99', doubt: 'the machine was busy' }
const ABSENT: Claim = { ...PASSED, claim: 'achieved rate', unit: 'rps', measured: undefined }

function verification(claims: readonly Claim[], engine: Verification['engine'] = 'headroom'): Verification {
  const rows = claims.map(judgeClaim)
  return {
    engine,
    shown: `${engine} 1.2.3`,
    cases: [
      { name: 'fixed', title: 'every reply after 100 ms', rows },
      { name: 'long', title: 'a long one', rows: [], leftOut: 'it has no virtual time' },
    ],
  }
}

function rendered(claims: readonly Claim[], width: number): string[] {
  const what = verification(claims)
  return renderVerification(what, exitCodeOf(what), { color: plainStyler, width }).trimEnd().split('\n')
}

describe('the table', () => {
  it('has the verdict first, and says why something was not judged', () => {
    expect(rendered([PASSED, FAILED, DOUBTED, ABSENT], 80)).toEqual([
      'FAIL  headroom 1.2.3: 1 of 2 claims hold; 1 could not be judged: end other',
      '      programs and run again (exit code 1)',
      '',
      '      claim                                          truth   measured      error',
      'fixed: every reply after 100 ms',
      'ok    service time p50, ms                             100    100.457     +0.457',
      'FAIL  requests sent                                  1,050      1,049         -1',
      '?     service time p99, ms                             100    100.457     +0.457',
      'n/a   achieved rate, per second                        100          -          -',
      '?     not judged: the machine was busy',
      'long: left out, because it has no virtual time',
    ])
  })

  it('tells how late the mock itself was', () => {
    const what = verification([PASSED])
    const late = { minUs: 1, p50Us: 40, p90Us: 90, p95Us: 400, p99Us: 1_250, p999Us: 9_000, maxUs: 9_300 }
    const cases = what.cases.map((each) => ({ ...each, mockLateness: late }))
    const text = renderVerification({ ...what, cases }, 0, { color: plainStyler, width: 80 })
    expect(text).toContain('\nnote  the mock’s replies left 0.04 ms late (p50), p99 1.25 ms, max 9.3 ms\n')
  })

  it.each([60, 79, 80, 90, 100, 120])('keeps within %i columns', (width) => {
    for (const line of rendered([PASSED, FAILED, DOUBTED, ABSENT], width)) {
      expect(line.length).toBeLessThanOrEqual(width)
    }
  })

  it('colours the words and nothing else', () => {
    const what = verification([FAILED])
    const color = (style: string, text: string): string => `<${style}:${text}>`
    const text = renderVerification(what, 1, { color, width: 80 })
    expect(text).toContain('<bad:FAIL>  requests sent')
    expect(text.replaceAll(/<\w+:(.*?)>/g, '$1')).toBe(`${rendered([FAILED], 80).join('\n')}\n`)
  })
})

describe('the exit code', () => {
  it.each<[string, readonly Claim[], Verification['engine'], number]>([
    ['every claim holds', [PASSED], 'headroom', 0],
    ['one does not', [PASSED, FAILED], 'headroom', 1],
    ['one has no figure', [PASSED, ABSENT], 'headroom', 1],
    ['one could not be judged', [PASSED, DOUBTED], 'headroom', 3],
    ['a failure weighs more', [FAILED, DOUBTED], 'headroom', 1],
    ['another tool was graded', [FAILED, DOUBTED], 'autocannon', 0],
  ])('%s', (_story, claims, engine, expected) => {
    expect(exitCodeOf(verification(claims, engine))).toBe(expected)
  })
})

describe('files', () => {
  it('CSV has a row for each claim', () => {
    const rows = readCsvRows(verifyCsv(verification([PASSED, DOUBTED, ABSENT])))
    const common = { schema_version: '1', engine: 'headroom', case: 'fixed', truth: '100', allowed: '2' }
    const measured = { measured: '100.4567', error: '0.4567', unit: 'ms' }
    expect(rows).toEqual([
      { ...common, ...measured, claim: 'service time p50', result: 'pass', reason: '' },
      {
        ...common,
        ...measured,
        claim: 'service time p99',
        result: 'not_judged',
        reason: 'the machine was busy',
      },
      {
        ...common,
        claim: 'achieved rate',
        measured: '',
        error: '',
        unit: 'rps',
        result: 'no_figure',
        reason: '',
      },
    ])
  })

  it('JSON has everything', () => {
    const written: unknown = JSON.parse(verifyJson(verification([FAILED]), 1))
    expect(written).toMatchObject({
      schemaVersion: 1,
      engine: 'headroom',
      engineVersion: 'headroom 1.2.3',
      exitCode: 1,
      cases: [
        { name: 'fixed', rows: [{ claim: 'requests sent', error: -1, result: 'fail' }] },
        { name: 'long', leftOut: 'it has no virtual time' },
      ],
    })
  })
})
