import { describe, expect, it } from 'vitest'
import type { ComparisonData } from '../../../src/report/comparison/comparison-data.ts'
import { renderComparisonText } from '../../../src/report/comparison/comparison-text.ts'
import { plainStyler, type Styler } from '../../../src/report/style.ts'
import { COMPARISON, COMPARISONS } from '../../support/comparison-fixture.ts'

function text(data: ComparisonData, width = 100, color: Styler = plainStyler): string {
  return renderComparisonText(data, { color, width })
}

const [REGRESSED, IMPROVED, EQUIVALENT, INCONCLUSIVE] = COMPARISONS

describe('renderComparisonText', () => {
  it('has everything on a wide terminal', () => {
    expect(text(COMPARISON, 120)).toBe(
      [
        'warn     rank: 1 regressed, 1 improved, 1 equivalent, 1 inconclusive',
        'base     results/20261121T021700Z-rank-1a2b3c4   VALID   2026-11-21T02:17:00.000Z   mock:custom,tps=60   c0ffee1c0ffe',
        'head     results/20261122T021700Z-rank-9f8e7d6   SUSPECT   2026-11-21T02:17:00.000Z   mock:custom,tps=60   c0ffee1c0ffe',
        'differs  options: scenarios.main.rate 80 against 100',
        'mind     within-run only: such an interval covers how much a run varies within itself, not how much runs differ, so it',
        '         fails nothing. Give several runs a side with --base and --head to know.',
        '',
        'all                                             base     head    change          95 % interval               it covers',
        '  regressed    response time p99, accepted    251 ms   312 ms   +24.3 %      [+15.0 … +34.2 %]         within-run only',
        '  improved     accepted per second            48.5/s   51.2/s    +5.6 %        [+3.0 … +8.0 %] within and between runs',
        '',
        'rank                                            base     head    change          95 % interval               it covers',
        '  equivalent   server errors / sent              1 %      1 %  +0.03 pp     [-0.04 … +0.09 pp]            between runs',
        '  inconclusive accepted / cap                      -     98 %         -                      -             no interval',
        '',
        '429      all: base 25 % (24.8 % expected from the cap), head 40 %',
        'warning  one run a side: give several with --base to learn how runs differ (rank: accepted / cap)',
        'note     host: runner-7 against runner-8',
        '',
      ].join('\n'),
    )
  })

  it.each([60, 72, 80, 100, 120])(
    'keeps within %i columns and tells the interval of what changed',
    (width) => {
      const lines = text(COMPARISON, width).split('\n')
      for (const line of lines) expect(Array.from(line).length).toBeLessThanOrEqual(width)
      expect(lines.join('\n')).toMatch(
        /\+24\.3 %\s+(?:251 ms\s+312 ms\s+)?\[\+15\.0 … \+34\.2 %\]\s+within-run only/,
      )
    },
  )

  it.each([
    [
      'a regression within one run is to be confirmed',
      [REGRESSED, EQUIVALENT],
      /^warn +rank: 1 regressed, 1 equivalent$/m,
    ],
    [
      'one between runs fails',
      [{ ...REGRESSED!, basis: 'between runs' as const }],
      /^FAIL +rank: 1 regressed \(exit code 4\)$/m,
    ],
    [
      'what became better or stayed is well',
      [IMPROVED, EQUIVALENT, INCONCLUSIVE],
      /^ok +rank: 1 improved, 1 equivalent/m,
    ],
    ['nothing that can be said is not well', [INCONCLUSIVE], /^warn +rank: 1 inconclusive$/m],
    ['nothing to compare neither', [], /^warn +rank: no figure is on both sides$/m],
  ])('begins with a verdict: %s', (_story, comparisons, line) => {
    const data = { ...COMPARISON, comparisons: comparisons.map((each) => each!) }
    expect(text(data)).toMatch(line)
  })

  it('never says that nothing changed', () => {
    expect(text({ ...COMPARISON, comparisons: [INCONCLUSIVE!] })).not.toMatch(/no change|unchanged/)
  })

  it('says what intervals cover only where there are such', () => {
    expect(text({ ...COMPARISON, comparisons: [IMPROVED!] })).not.toContain('mind ')
    expect(text({ ...COMPARISON, comparisons: [INCONCLUSIVE!] })).toContain('no intervals: nothing here says')
  })

  it('colours words and adds nothing else', () => {
    const colours: string[] = []
    const coloured = text(COMPARISON, 100, (style, word) => {
      colours.push(`${style} ${word}`)
      return word
    })
    expect(coloured).toBe(text(COMPARISON, 100))
    expect(colours).toEqual(
      expect.arrayContaining([
        'bad regressed',
        'good improved',
        'good VALID',
        'warn SUSPECT',
        'warn inconclusive',
      ]),
    )
  })

  it('lets no name steer the terminal', () => {
    const comparisons = COMPARISONS.map((each) => ({ ...each, name: 'a\u001b[2Jb' }))
    expect(text({ ...COMPARISON, comparisons })).not.toContain('\u001b')
  })
})
