import { describe, expect, it } from 'vitest'
import type { JudgedMetric, NightsData, NightState } from '../../../src/report/comparison/nights-data.ts'
import { renderNightsMarkdown } from '../../../src/report/comparison/nights-markdown.ts'
import { renderNightsText } from '../../../src/report/comparison/nights-text.ts'
import { plainStyler, type Styler } from '../../../src/report/style.ts'
import { GATED_METRICS } from '../../../src/stats/metric.ts'
import { RUN } from '../../support/comparison-fixture.ts'

const [P50, P99] = GATED_METRICS
if (P50 === undefined || P99 === undefined) throw new Error('no metrics')

const NIGHT = { runId: 'n20', startedAt: '2026-11-21T02:17:00.000Z', commit: 'c0ffee1', value: 312 }
const PAST = Array.from({ length: 20 }, (_, index) => ({ ...NIGHT, runId: `n${index}`, value: 250 }))

const REGRESSED: JudgedMetric = {
  comparison: {
    metric: P99,
    name: 'rank',
    base: 251,
    head: 312,
    change: 312 / 251,
    interval: { low: 1.15, high: 1.342 },
    basis: 'between runs',
    verdict: 'regressed',
    warnings: [],
    baseCount: 19,
    pValue: 0.0004,
    adjustedPValue: 0.0016,
    changes: [{ index: 4, before: 200, after: 251, pValue: 0.0001 }],
  },
  past: PAST,
  tonight: NIGHT,
  isConfirmed: undefined,
}
const LEARNING: JudgedMetric = {
  comparison: {
    ...REGRESSED.comparison,
    metric: P50,
    name: '_all',
    base: undefined,
    head: 41,
    change: undefined,
    interval: undefined,
    basis: 'no interval',
    verdict: 'inconclusive',
    warnings: ['learning: 6 of 10 valid nights'],
    baseCount: 0,
    pValue: undefined,
    adjustedPValue: undefined,
    changes: [],
    learning: { nightCount: 6, neededCount: 10, isSinceChange: false },
  },
  past: PAST.slice(0, 6),
  tonight: { ...NIGHT, value: 41 },
  isConfirmed: undefined,
}
const EQUIVALENT: JudgedMetric = {
  ...REGRESSED,
  comparison: { ...REGRESSED.comparison, verdict: 'equivalent' },
}
const DATA: NightsData = {
  head: { ...RUN, runId: 'n20' },
  confirmation: undefined,
  state: 'candidate',
  metrics: [REGRESSED, LEARNING],
  noise: [],
  notes: ['the nights are from 3 hosts'],
}

function text(data: NightsData, width = 100, color: Styler = plainStyler): string {
  return renderNightsText(data, { color, width })
}

describe('renderNightsText', () => {
  it('has the state first, then what it rests on', () => {
    expect(text(DATA)).toBe(
      [
        'candidate     rank: 1 regressed, 1 inconclusive, against 19 past nights; it fails only when',
        '              confirmed',
        'tonight       results/20261121T021700Z-rank-1a2b3c4   VALID   2026-11-21T02:17:00.000Z',
        '              mock:custom,tps=60   c0ffee1c0ffe',
        'regressed     rank: response time p99, accepted   251 ms -> 312 ms   +24.3 % [+15.0 … +34.2 %]',
        '              19 nights   p 0.0016',
        'inconclusive  all: response time p50, accepted   41 ms   learning, 6/10',
        'warning       lasting change since 2026-11-21T02:17:00.000Z (run n4, commit c0ffee1): rank: response',
        '              time p99, accepted 200 ms -> 251 ms',
        'note          the nights are from 3 hosts',
        '',
      ].join('\n'),
    )
  })

  it.each<[NightState, Partial<NightsData>, string]>([
    ['passed', { metrics: [EQUIVALENT] }, 'passed        rank: 1 equivalent, against 19 past nights'],
    ['learning', { metrics: [LEARNING] }, 'learning, 6/10  rank: too few valid nights yet, no verdict'],
    [
      'confirmed',
      { metrics: [{ ...REGRESSED, isConfirmed: true }] },
      'FAIL          rank: 1 regressed, against 19 past nights, confirmed by another run (exit code 4)',
    ],
    [
      'cleared',
      { metrics: [{ ...REGRESSED, isConfirmed: false }] },
      'cleared       rank: 1 regressed, against 19 past nights, but not in the confirmation run',
    ],
    [
      'noisy',
      { metrics: [], noise: ['too slow'] },
      'noisy         rank: the machine was not itself, no verdict',
    ],
  ])('begins with what the state %s means', (state, parts, line) => {
    expect(text({ ...DATA, state, ...parts }, 120).split('\n')[0]).toBe(line)
  })

  it('tells what confirms and what is noise', () => {
    const confirmed = { ...REGRESSED, isConfirmed: true }
    const data = {
      ...DATA,
      confirmation: { ...DATA.head, path: 'confirm/r' },
      metrics: [confirmed],
      noise: ['slow'],
    }
    expect(text(data, 200)).toMatch(/^confirmation {2}confirm\/r /m)
    expect(text(data, 200)).toMatch(/p 0\.0016 {3}confirmed$/m)
    expect(text(data, 200)).toMatch(/^noise {9}slow$/m)
  })

  it.each([60, 72, 100, 120])('stays within %d columns', (width) => {
    const name = 'a request name that is much longer than any terminal would like it to be, and goes on'
    const metrics = [{ ...REGRESSED, comparison: { ...REGRESSED.comparison, name } }, LEARNING]
    const lines = text({ ...DATA, metrics }, width).split('\n')
    expect(Math.max(...lines.map((line) => Array.from(line).length))).toBeLessThanOrEqual(width)
  })

  it('has colour on the words that say it, and nothing that steers a terminal', () => {
    const color: Styler = (style, word) => `<${style} ${word}>`
    const shown = text({ ...DATA, notes: ['\u001b[31mred'] }, 100, color)
    expect(shown).toContain('<warn candidate>')
    expect(shown).toContain('<bad regressed>')
    expect(shown).toContain('?[31mred')
  })
})

describe('renderNightsMarkdown', () => {
  it('has the worst first, and nothing of a name that is markup', () => {
    const name = '<b>|`x`'
    const metrics = [LEARNING, { ...REGRESSED, comparison: { ...REGRESSED.comparison, name } }]
    const lines = renderNightsMarkdown({ ...DATA, metrics, noise: ['*slow*'] }).split('\n')
    expect(lines[0]).toBe(
      '## candidate: rank: 1 regressed, 1 inconclusive, against 19 past nights; it fails only when confirmed',
    )
    const rows = lines.filter(
      (line) => line.startsWith('| **regressed**') || line.startsWith('| inconclusive'),
    )
    expect(rows).toEqual([
      String.raw`| **regressed** | \<b\>\|\`x\` | response time p99, accepted | 251 ms | 312 ms | +24.3 % | \[+15.0 … +34.2 %\] | 19 | p 0.0016 |  |`,
      '| inconclusive | all | response time p50, accepted | - | 41 ms | - | - | learning, 6/10 |  |  |',
    ])
    expect(lines).toContain(String.raw`- **noise**: \*slow\*`)
    expect(lines).toContain('- the nights are from 3 hosts')
  })
})
