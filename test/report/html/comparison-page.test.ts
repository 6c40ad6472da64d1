import { describe, expect, it } from 'vitest'
import type { ComparisonData } from '../../../src/report/comparison/comparison-data.ts'
import { renderComparisonHtml } from '../../../src/report/html/comparison-page.ts'
import type { Metric } from '../../../src/stats/metric.ts'
import { golden } from '../../support/golden.ts'
import { bareComparison, comparedRun, comparisonData, comparisonOf, NAMES } from './html-comparison.ts'
import { brokenParts, EVIL, evilIn, figureOf, isDrawn, outline, tableRows, texts } from './page-text.ts'

const PLOT_IDS = ['changes', 'share-changes', 'quantile-ratios', 'throttling']

const P50: Metric = {
  column: 'response_time_accepted_p50_ms',
  kind: 'ratio',
  better: 'lower',
  leastChange: 0.05,
}

/** Nothing but a p50. */
function oneFigure(): ComparisonData {
  const comparisons = [comparisonOf(P50, '_all', 2)]
  return comparisonData(['_all'], { comparisons, throttling: [], quantileRatios: [] })
}

const CASES: readonly (readonly [string, () => ComparisonData])[] = [
  ['seven names with every metric', () => comparisonData(NAMES)],
  ['one name', () => comparisonData(['_all'])],
  ['two bare CSV files', bareComparison],
  ['one metric', oneFigure],
  ['nothing in common', () => comparisonData([])],
]

describe('the page of a comparison', () => {
  it('has the structure that it should', () => {
    const got = outline(renderComparisonHtml(comparisonData(['_all', 'rank'])))
    expect(got).toBe(golden('comparison-outline.txt', got))
  })

  it.each(CASES)('of %s has every plot with its table, or says why not', (_story, make) => {
    const html = renderComparisonHtml(make())
    for (const id of PLOT_IDS) {
      const figure = figureOf(html, id)
      expect([id, isDrawn(figure)]).toEqual([id, !figure.includes('class="absent"')])
      expect([id, tableRows(figure).length > 0]).toEqual([id, isDrawn(figure)])
    }
  })

  it.each(CASES)('of %s has no broken markup and no number that is none', (_story, make) => {
    expect(brokenParts(renderComparisonHtml(make()))).toEqual([])
  })

  it('stays under 400 KB and needs neither a network nor scripts', () => {
    const html = renderComparisonHtml(comparisonData(NAMES))
    expect(Buffer.byteLength(html)).toBeLessThan(200_000)
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; base-uri`)
    expect(html).not.toMatch(/<(?:script|link|img|iframe)\b|@import|\burl\(|\bsrc=/)
  })

  it('stays under 400 KB for as many names as are compared', () => {
    const names = Array.from({ length: 50 }, (_, i) => `a request name of some length, ${i}`)
    expect(Buffer.byteLength(renderComparisonHtml(comparisonData(names)))).toBeLessThan(400_000)
  })

  it('begins with the verdicts in words, and tells that within-run intervals fail nothing', () => {
    const [header = ''] = /<header>.*?<\/header>/s.exec(renderComparisonHtml(comparisonData(['_all']))) ?? []
    const lines = [...header.matchAll(/<p class="verdict">(.*?)<\/p>/gs)].map(([, line = '']) =>
      line
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll(/ +/g, ' ')
        .trim(),
    )
    expect(lines.slice(0, 3)).toEqual([
      'warn rank-reward: 2 regressed, 2 improved, 5 equivalent, 3 inconclusive',
      expect.stringContaining('mind within-run only'),
      'regressed all: response time p99, accepted 251 ms → 307 ms, +22.1 % [+16.2 … +28.4 %], within-run only',
    ])
  })

  it('tells of no more than six changes of a kind one by one', () => {
    const lines = texts(renderComparisonHtml(comparisonData(NAMES)), 'p').filter((text) =>
      text.startsWith('regressed'),
    )
    expect(lines).toHaveLength(7)
    expect(lines.at(-1)).toMatch(/^regressedand \d+ more, in the table$/)
  })

  it('says which sides differ, and whose generator is doubtful', () => {
    const html = renderComparisonHtml(bareComparison())
    expect(html).toContain('script: 1a2b3c4 and 5d6e7f8')
    expect(texts(html, 'p')).toContain('SUSPECTload generator of the head run, head')
  })

  it('leaves cells empty where there is no figure', () => {
    const [section = ''] =
      /<section id="figures">.*?<\/section>/s.exec(renderComparisonHtml(bareComparison())) ?? []
    expect(tableRows(section)[2]).toEqual([
      'all: response time p99, accepted',
      '251 ms',
      '',
      '',
      '',
      'inconclusive',
      'no interval',
    ])
  })

  it('names each doubt once, with what it is about', () => {
    const items = texts(renderComparisonHtml(bareComparison()), 'li')
    const doubts = items.filter((text) => text.startsWith('one run a side'))
    expect(doubts).toHaveLength(1)
    expect(doubts[0]).toContain('(all: response time p50, accepted; all: response time p95, accepted; ')
  })

  it('counts the runs of a side that has several', () => {
    const html = renderComparisonHtml(
      comparisonData(['_all'], { base: ['a', 'b', 'c'].map((id) => comparedRun(id)) }),
    )
    expect(html).toContain('base 3 runs · head 20261121T021700Z-rank-reward-5d6e7f8')
  })

  it('escapes whatever others have named', () => {
    const run = comparedRun(EVIL, {
      scenario: EVIL,
      path: EVIL,
      target: EVIL,
      host: EVIL,
      commit: EVIL,
      startedAt: EVIL,
      toolVersion: EVIL,
    })
    const data = comparisonData(['_all', EVIL], {
      base: [run],
      head: [run],
      differences: [EVIL],
      notes: [EVIL],
    })
    const comparisons = data.comparisons.map((each) => ({ ...each, warnings: [EVIL] }))
    const html = renderComparisonHtml({ ...data, comparisons })
    expect(evilIn(html)).toEqual([])
    expect(brokenParts(html)).toEqual([])
  })
})

describe('the plot of changes', () => {
  /** The place of the only dot of a change on the axis, 0–1. */
  function dotAt(change: number, interval = { low: change, high: change }): number {
    const comparison = { ...comparisonOf(P50, '_all', 2), change, interval }
    const figure = figureOf(
      renderComparisonHtml(comparisonData(['_all'], { comparisons: [comparison] })),
      'changes',
    )
    return Number(/class="k-regressed" d="M(\d+) \d+h0"/.exec(figure)?.[1]) / 2400
  }

  it('puts a double as far from the middle as a half', () => {
    expect(dotAt(2)).toBeGreaterThan(0.6)
    expect(dotAt(2) + dotAt(0.5)).toBeCloseTo(1, 3)
    expect(dotAt(1)).toBe(0.5)
  })

  it('cuts an interval that says next to nothing', () => {
    expect(dotAt(1.5, { low: 0.001, high: 1_000 })).toBeGreaterThan(0.6)
  })

  it('shows a change without an interval as a dot alone', () => {
    const figure = figureOf(renderComparisonHtml(bareComparison()), 'changes')
    expect(figure).toMatch(/class="k-inconclusive" d="M\d+ \d+h0"/)
    expect(figure).not.toMatch(/class="k-inconclusive" d="M\d+ \d+L/)
  })

  it('has a row for each name, the first on top, and tells of those that it has no room for', () => {
    const names = ['_all', ...Array.from({ length: 11 }, (_, i) => `n${i}`)]
    const figure = figureOf(renderComparisonHtml(comparisonData(names)), 'changes')
    expect(figure).toContain('4 more names stand below, under “Every figure”.')
    const [wide = ''] = /<svg class="wide".*?<\/svg>/s.exec(figure) ?? []
    const labels = texts(wide, 'text').filter((text) => names.includes(text) || text === 'all')
    expect(labels.slice(0, 8)).toEqual(['n6', 'n5', 'n4', 'n3', 'n2', 'n1', 'n0', 'all'])
  })
})

describe('the plot of throttled replies', () => {
  it('is left out when nothing was throttled and nothing had to be', () => {
    const throttling = [{ side: 'base' as const, name: '_all', throttledRatio: 0, expectedThrottledRatio: 0 }]
    const figure = figureOf(renderComparisonHtml(comparisonData(['_all'], { throttling })), 'throttling')
    expect(figure).toContain('Nothing was throttled, and no cap explains that any should be.')
  })

  it('has both sides beside what the cap explains', () => {
    const rows = tableRows(figureOf(renderComparisonHtml(comparisonData(['_all'])), 'throttling'))
    expect(rows).toEqual([
      ['base: all', '25 %', '25 %'],
      ['head: all', '30 %', '25 %'],
    ])
  })
})
