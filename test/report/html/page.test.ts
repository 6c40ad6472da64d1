import { describe, expect, it } from 'vitest'
import { renderHtml } from '../../../src/report/html/page.ts'
import type { RunData } from '../../../src/report/html/run-data.ts'
import { golden } from '../../support/golden.ts'
import { IDLE_NAME, outcomeCounts, SUMMARY } from '../../support/summary-fixture.ts'
import { comparisonData } from './html-comparison.ts'
import {
  busyRun,
  countsOnlyRun,
  NO_LIBRARY,
  pastRun,
  refusedRun,
  saturation,
  unbegunRun,
  UPLOT,
} from './html-run.ts'
import {
  brokenParts,
  EVIL,
  evilIn,
  figureOf,
  isDrawn,
  outline,
  tableRows,
  texts,
  unbalanced,
} from './page-text.ts'

const PLOT_IDS = [
  'rate',
  'outcomes',
  'latency',
  'heat',
  'distribution',
  'bursts',
  'retries',
  'in-flight',
  'names',
  'trend',
]

function page(run: RunData): string {
  return renderHtml(run, NO_LIBRARY)
}

const RUNS: readonly (readonly [string, () => RunData])[] = [
  ['of ten minutes', () => busyRun(600)],
  ['of 3 s', () => busyRun(3)],
  ['of 1 s', () => busyRun(1)],
  ['of a day', () => busyRun(86_400)],
  ['without an accepted reply', () => refusedRun(30)],
  ['that ended before its first second', unbegunRun],
  ['of which there are counts alone', () => countsOnlyRun(30)],
  ['without a plan', () => saturation(30)],
]

describe('report.html', () => {
  it('has the structure that it should', () => {
    const got = outline(page(busyRun(120)))
    expect(got).toBe(golden('report-outline.txt', got))
  })

  it.each([600, 3])('of a run of %d s has all ten plots', (totalS) => {
    const html = page(busyRun(totalS))
    expect(html).not.toContain('class="absent"')
    for (const id of PLOT_IDS) expect(figureOf(html, id)).toMatch(/<symbol[^>]*><path class="[fkh]-/)
  })

  it.each(RUNS)('of a run %s has every plot, or says why not', (_story, make) => {
    const html = page(make())
    for (const id of PLOT_IDS) {
      const figure = figureOf(html, id)
      expect([id, isDrawn(figure) !== figure.includes('class="absent"')]).toEqual([id, true])
    }
  })

  it.each(RUNS)('of a run %s has no broken markup and no number that is none', (_story, make) => {
    const html = page(make())
    expect(brokenParts(html)).toEqual([])
  })

  it('stays under 400 KB for ten minutes and six request names', () => {
    const names = ['_all', 'login', 'list', 'item', 'cart', 'order', 'https://example.test/a/long/path']
    const summary = {
      ...SUMMARY,
      names: names.map((name) => ({ ...(SUMMARY.names[1] ?? IDLE_NAME), name })),
    }
    const html = renderHtml(busyRun(600, { summary }), UPLOT)
    expect(Buffer.byteLength(html)).toBeLessThan(400_000)
    expect(html).toContain('uPlot=function')
  })

  it('does not grow with the length of the run', () => {
    const [day, week] = [86_400, 7 * 86_400].map((totalS) => page(busyRun(totalS)).length)
    expect((week ?? 0) / (day ?? 1)).toBeLessThan(1.2)
    expect(day).toBeLessThan(500_000)
  })

  it('asks for nothing outside of itself', () => {
    const html = renderHtml(busyRun(10), UPLOT)
    expect(html).toContain(`content="default-src 'none'`)
    expect(html).not.toMatch(/<(?:link|img|iframe|object|embed)\b|@import|\burl\(|\bsrc=/)
    const hrefs = [...html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href)
    expect(hrefs.filter((href) => !/^(#m-[\w-]+|[\w.-]+\.(csv|json))$/.test(href))).toEqual([])
  })

  it('says of an interrupted run that it was', () => {
    const html = page(busyRun(5, { identity: { ...busyRun(1).identity, exitCode: 105 } }))
    expect(html).toContain('interrupted: the figures cover what ran (exit code 105)')
  })

  it('begins with failed thresholds', () => {
    const html = page(busyRun(5))
    const [first] = texts(/<ul class="checks">.*?<\/ul>/s.exec(html)?.[0] ?? '', 'li')
    expect(first).toBe(
      'FAILhttp_req_response_time{name:rank,outcome:accepted} p(99)&lt;250 observed 312.4 ms',
    )
  })

  it('says what the files of the run do not have', () => {
    expect(page(busyRun(5, { lacks: ['timeseries.csv has no cap_rps'] }))).toContain(
      'Left out: timeseries.csv has no cap_rps.',
    )
  })
})

describe('what scripts name', () => {
  it('is text everywhere', () => {
    const named = { ...(SUMMARY.names[1] ?? IDLE_NAME), name: EVIL }
    const summary = {
      ...SUMMARY,
      names: [SUMMARY.names[0] ?? IDLE_NAME, named],
      thresholds: SUMMARY.thresholds.map((threshold) => ({ ...threshold, metric: EVIL, expression: EVIL })),
      checks: [{ name: EVIL, passes: 1, fails: 1 }],
      metrics: [{ name: EVIL, type: 'gauge' as const, isTime: false, values: { [EVIL]: 1 } }],
      warnings: [EVIL],
      verdict: {
        level: 'SUSPECT' as const,
        reasons: [{ level: 'SUSPECT' as const, code: 'dropped' as const, what: EVIL, todo: EVIL }],
      },
    }
    const identity = busyRun(1).identity
    const texts = { scenario: EVIL, target: EVIL, host: EVIL, branch: EVIL, scriptPath: EVIL, runId: EVIL }
    const html = page(
      busyRun(3, {
        summary,
        identity: { ...identity, ...texts },
        history: [{ ...pastRun(EVIL, 1, 5), startedAt: EVIL }],
        summaryCsv: EVIL,
        lacks: [EVIL],
      }),
    )
    expect(evilIn(html)).toEqual([])
    expect(unbalanced(html)).toEqual([])
  })
})

/** The page without its stylesheet. */
function mainOf(html: string): string {
  return html.slice(html.indexOf('<main'))
}

describe('an import that has counts alone', () => {
  const html = page(countsOnlyRun(30))

  it.each([
    ['latency', '450 replies were accepted, but the run has kept no times to be drawn.'],
    ['heat', '450 replies were accepted, but the run has kept no times to be drawn.'],
    ['distribution', '450 replies were accepted, but the run has kept no times to be drawn.'],
    ['bursts', 'The run has kept no peaks.'],
    ['retries', 'The source does not say which requests were retries.'],
    ['in-flight', 'The source tells neither.'],
    ['trend', 'The runs in runs.csv beside this run have none of these figures.'],
  ])('has no plot %s and says so', (id, sentence) => {
    expect(texts(figureOf(html, id), 'p')).toEqual([sentence])
  })

  it('shows how many were not accepted, without a reason', () => {
    expect(html).toContain('not accepted 150 (25 %): the source does not say why')
    expect(texts(figureOf(html, 'outcomes'), 'li')).toEqual([
      'accepted',
      'not accepted; the seconds of the source do not say why',
    ])
    expect(tableRows(/<section id="gaps">.*?<\/section>/s.exec(html)?.[0] ?? '')).toEqual([
      ['rank', '-', '-', '-', '-', '0'],
    ])
  })

  it('says nothing of what is not known of it', () => {
    expect(html).not.toMatch(/Machine|Seed|Node\.js|No reply was accepted|No request ended/)
    expect(mainOf(html)).not.toMatch(/offered|were due|schedule delay/)
  })
})

describe('a saturation', () => {
  const html = page(saturation(30))

  it('has no schedule delay, no retries and nothing that was due', () => {
    const plot = figureOf(html, 'in-flight')
    expect(texts(plot, 'h3')).toEqual(['Requests in flight'])
    expect(texts(plot, 'li')).toEqual(['in flight'])
    expect(texts(figureOf(html, 'retries'), 'p')).toEqual(['A saturation retries nothing.'])
    expect(html).not.toMatch(/schedule delay of|were due/)
    expect(texts(figureOf(html, 'rate'), 'li')).not.toContainEqual(expect.stringContaining('offered'))
    expect(html).toContain('from when they were sent')
  })
})

describe('gaps', () => {
  it('names the seconds with requests of which none was accepted', () => {
    const run = busyRun(10)
    const none = { outcomeCounts: outcomeCounts({ throttled: 9 }) }
    const seconds = run.seconds.map((second, i) =>
      i === 2 || i === 3 || i === 7 ? { ...second, ...none } : second,
    )
    expect(page({ ...run, seconds })).toContain('In 3 s with requests none was accepted: 00:02–00:03, 00:07.')
  })

  it('does not count seconds without requests', () => {
    const run = busyRun(3)
    const seconds = run.seconds.map((second) => ({
      ...second,
      sentCount: 0,
      outcomeCounts: outcomeCounts({}),
    }))
    expect(page({ ...run, seconds })).toContain('In every second with requests some were accepted.')
  })
})

describe('the trend', () => {
  it('marks a lasting change of level and leaves runs out that did not come to their end', () => {
    const nights = Array.from({ length: 24 }, (_, i) =>
      pastRun(`n${i}`, i + 1, (i < 12 ? 200 : 400) + (i % 3)),
    )
    const broken = { ...pastRun('broken', 25, 9_999), exitCode: 105 }
    const trend = figureOf(
      page(busyRun(10, { history: [...nights, broken, pastRun('this', 26, 401)] })),
      'trend',
    )
    expect(trend).toContain('The last 25 runs of this scenario')
    expect(trend).not.toContain('9,999')
    expect(trend).toMatch(/class="k-cap" d="M1152 0v1000"/)
    expect(texts(trend, 'li')).toEqual([
      'a run',
      'this run',
      'since 2026-11-13, commit c0ffee13: response time p99, accepted 201 ms → 401 ms',
    ])
    const changed = tableRows(trend).filter((row) => row.at(-1) !== '')
    expect(changed.map((row) => row.slice(-3))).toEqual([['c0ffee13', 'n12', 'response time p99, accepted']])
  })

  it('shows a simulation once, however often it ran', () => {
    const simulated = { ...pastRun('this', 1, 1), startedAt: '2000-01-01T00:00:00.000Z' }
    const identity = { ...busyRun(1).identity, time: 'virtual' as const }
    const pages = [[simulated], [simulated, simulated]].map((history) =>
      page(busyRun(5, { identity, history })),
    )
    expect(pages[0]).toContain('The first run of this scenario')
    expect(pages[1]).toBe(pages[0])
  })

  it('keeps runs in virtual time apart from real ones', () => {
    const simulated = { ...pastRun('v', 1, 1), startedAt: '2000-01-01T00:00:00.000Z' }
    const trend = figureOf(page(busyRun(10, { history: [simulated, pastRun('this', 21, 312)] })), 'trend')
    expect(trend).toContain('The first run of this scenario')
  })
})

describe('the run before', () => {
  const { summary, identity } = busyRun(1)
  const baseline = {
    identity: { ...identity, wallStartedAt: '2026-11-20T02:17:00.000Z' },
    histograms: summary.histograms,
  }

  it('has its curve beside that of this run', () => {
    const plot = figureOf(page(busyRun(10, { baseline })), 'distribution')
    expect(texts(plot, 'li')).toContain('accepted, run before (2026-11-20): response time (16,073)')
    expect(plot).toContain('class="k-base"')
    const [p10] = tableRows(plot)
    // The same histogram on both sides.
    expect(p10?.[1]).toBe(p10?.[2])
  })

  it('has no date in virtual time, where every run is of the same day', () => {
    const virtual = { ...baseline, identity: { ...baseline.identity, time: 'virtual' as const } }
    const plot = figureOf(page(busyRun(10, { baseline: virtual })), 'distribution')
    expect(texts(plot, 'li')).toContain('accepted, run before: response time (16,073)')
  })

  it('is compared with this one, and it says what the intervals are worth', () => {
    const comparison = comparisonData(['_all'], {
      differences: ['other script'],
      notes: ['host: a against b'],
    })
    const section =
      /<section id="baseline">.*?<\/section>/s.exec(page(busyRun(10, { comparison })))?.[0] ?? ''
    expect(tableRows(section)).toHaveLength(comparison.comparisons.length)
    expect(tableRows(section)[2]).toEqual([
      'all: response time p99, accepted',
      '251 ms',
      '307 ms',
      '+22.1 %',
      '[+16.2 … +28.4 %]',
      'regressed',
      'within-run only',
    ])
    expect(section).toContain('other script')
    expect(section).toContain('host: a against b')
    expect(section).toContain('covers how much a run varies within itself')
  })

  it('is not mentioned when there is none', () => {
    expect(page(busyRun(10))).not.toContain('Against the run before')
  })
})

describe('the heat map', () => {
  it('says when it had to be estimated', () => {
    expect(figureOf(page(busyRun(30)), 'heat')).not.toContain('Estimated')
    expect(figureOf(page(busyRun(30, { latency: [] })), 'heat')).toContain('Estimated from p50')
  })

  it('does not take one histogram of the whole run for many', () => {
    const whole = { startS: 0, lengthS: 30, histogram: { lowUs: [1_000], counts: [5] } }
    expect(figureOf(page(busyRun(30, { latency: [whole] })), 'heat')).toContain('Estimated')
  })
})
