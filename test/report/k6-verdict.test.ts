import { describe, expect, it } from 'vitest'
import { EXIT } from '../../src/core/errors.ts'
import { renderVerdict } from '../../src/report/k6-verdict.ts'
import { plainStyler } from '../../src/report/style.ts'
import { SUMMARY } from '../support/summary-fixture.ts'

const FACTS = {
  scenario: 'rank',
  target: 'mock:personalizer-s0',
  time: 'real',
  exitCode: EXIT.invalidRun,
  resultsPath: 'results/20261121T021700Z-rank-1a2b3c4/',
} as const

describe('renderVerdict', () => {
  it('says whether the run passed and can be trusted, and where its files are, but no figures of traffic', () => {
    const what = '12 iterations were dropped'
    const reasons = [{ level: 'INVALID', code: 'dropped', what, todo: 'raise maxVUs' }] as const
    const summary = { ...SUMMARY, verdict: { level: 'INVALID', reasons } } as const
    const lines = renderVerdict(summary, FACTS, { color: plainStyler, width: 80 }).split('\n')
    expect(lines[0]).toBe('FAIL  rank: the load generator spoilt its own figures: the run is INVALID (exit')
    expect(lines).toContain('INVALID  12 iterations were dropped. Raise maxVUs.')
    expect(lines.join(' ')).toMatch(/warning: 2 iterations were dropped because every VU was busy/)
    expect(lines.join(' ')).not.toMatch(/Requests|Outcome|Response time/)
    expect(lines.slice(-2)).toEqual([`Results  ${FACTS.resultsPath}`, ''])
  })

  it('is silent about files that were not written', () => {
    const facts = { ...FACTS, exitCode: EXIT.pass, resultsPath: undefined }
    expect(renderVerdict(SUMMARY, facts, { color: plainStyler, width: 80 })).not.toContain('Results')
  })
})
