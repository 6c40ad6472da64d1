import { describe, expect, it } from 'vitest'
import { renderHtml } from '../../../src/report/html/page.ts'
import type { RunData } from '../../../src/report/html/run-data.ts'
import { golden } from '../../support/golden.ts'
import { IDLE_NAME, outcomeCounts, SUMMARY } from '../../support/summary-fixture.ts'
import { busyRun, NO_LIBRARY, pastRun, refusedRun, unbegunRun, UPLOT } from './html-run.ts'

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

/** The figure of one plot. */
function figureOf(html: string, id: string): string {
  return new RegExp(`<figure id="${id}".*?</figure>`, 's').exec(html)?.[0] ?? ''
}

/** Headings, plots with their panels and legends, and sentences, without the numbers of coordinates. */
function outline(html: string): string {
  const pattern =
    /<(h1|h2|h3|figcaption)[^>]*>(.*?)<\/\1>|<p class="(?:absent|about)">(.*?)<\/p>|<ul class="legend">(.*?)<\/ul>|<svg class="wide".*?<\/svg>/gs
  return [...html.matchAll(pattern)]
    .map(([whole, tag, heading, sentence, legend]) => {
      if (tag !== undefined) return `${tag === 'h3' ? '\n  ' : '\n'}${heading ?? ''}`
      if (sentence !== undefined) return `    ${sentence}`
      if (legend !== undefined) return `    legend: ${texts(legend, 'li').join(' | ')}`
      return `    labels: ${texts(whole, 'text').join(' | ')}`
    })
    .join('\n')
    .concat('\n')
}

function texts(markup: string, tag: string): string[] {
  return [...markup.matchAll(new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`, 'gs'))].map(([, content = '']) =>
    content.replaceAll(/<[^>]*>/g, ''),
  )
}

/** What a browser would not forgive: every element is closed in order. */
function unbalanced(html: string): string[] {
  const body = html.replaceAll(/<(script|style)[^>]*>.*?<\/\1>/gs, '')
  const open: string[] = []
  const faults: string[] = []
  for (const [, slash, name = ''] of body.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/gi)) {
    if (name === 'meta') continue
    if (slash === '') open.push(name)
    else if (open.pop() !== name) faults.push(name)
  }
  return [...faults, ...open]
}

const RUNS: readonly (readonly [string, () => RunData])[] = [
  ['of ten minutes', () => busyRun(600)],
  ['of 3 s', () => busyRun(3)],
  ['of 1 s', () => busyRun(1)],
  ['of a day', () => busyRun(86_400)],
  ['without an accepted reply', () => refusedRun(30)],
  ['that ended before its first second', unbegunRun],
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
      const drawn = /<symbol[^>]*><path class="[^"]*" d="M/.test(figure) && /<svg class="narrow"/.test(figure)
      expect([id, drawn !== figure.includes('class="absent"')]).toEqual([id, true])
    }
  })

  it.each(RUNS)('of a run %s has no broken markup and no number that is none', (_story, make) => {
    const html = page(make())
    expect(unbalanced(html)).toEqual([])
    expect(html.replaceAll(/<script>.*?<\/script>/gs, '')).not.toMatch(/NaN|Infinity|undefined|\[object/)
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
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
  const EVIL = `"'><script>alert(1)</script><svg onload=alert(2)>&amp;\u202E\u0000`

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
    expect(html).not.toContain('<script>alert')
    expect(html).not.toContain('<svg onload')
    expect(html).not.toContain('\u202E')
    expect(html).not.toContain('\u0000')
    expect(unbalanced(html)).toEqual([])
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
