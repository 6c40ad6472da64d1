import { describe, expect, it } from 'vitest'
import type { NightsData } from '../../../src/report/comparison/nights-data.ts'
import { renderNightsHtml } from '../../../src/report/html/nights-page.ts'
import { golden } from '../../support/golden.ts'
import { comparedRun } from './html-comparison.ts'
import { nightsData } from './html-nights.ts'
import { brokenParts, EVIL, evilIn, figureOf, isDrawn, outline, tableRows, texts } from './page-text.ts'

const CHANGED = { names: ['_all'], nightCount: 40, changedAt: 18, tonight: 1.3 }

const CASES: readonly (readonly [string, () => NightsData])[] = [
  ['a regression after a lasting change', () => nightsData(CHANGED)],
  ['a quiet night', () => nightsData({ names: ['_all', 'rank'], nightCount: 30 })],
  ['nights to learn from', () => nightsData({ names: ['_all'], nightCount: 6 })],
  ['the first night', () => nightsData({ names: ['_all'], nightCount: 0 })],
  [
    'no figure at all',
    () => nightsData({ names: [], nightCount: 30 }, { state: 'noisy', noise: ['p50 of the control'] }),
  ],
]

describe('the page of a night', () => {
  it('has the structure that it should', () => {
    const got = outline(renderNightsHtml(nightsData(CHANGED)))
    expect(got).toBe(golden('nights-outline.txt', got))
  })

  it.each(CASES)('of %s has a plot and a row for each judged figure, unbroken', (_story, make) => {
    const data = make()
    const html = renderNightsHtml(data)
    data.metrics.forEach((judged, i) => {
      const figure = figureOf(html, `night-${i}`)
      expect(isDrawn(figure)).toBe(true)
      expect(tableRows(figure)).toHaveLength(judged.past.length + 1)
    })
    const [section = ''] = /<section id="figures">.*?<\/section>/s.exec(html) ?? []
    expect(tableRows(section)).toHaveLength(data.metrics.length)
    expect(brokenParts(html)).toEqual([])
  })

  it('says in a word how it ended', () => {
    const wordOf = (data: NightsData): string | undefined => texts(renderNightsHtml(data), 'strong')[0]
    expect(wordOf(nightsData(CHANGED))).toBe('candidate')
    expect(wordOf(nightsData({ names: ['_all'], nightCount: 30 }))).toBe('passed')
    expect(wordOf(nightsData({ names: ['_all'], nightCount: 6 }))).toBe('learning, 6/10')
    expect(wordOf(nightsData(CHANGED, { state: 'confirmed' }))).toBe('FAIL')
    expect(wordOf(nightsData(CHANGED, { state: 'cleared' }))).toBe('cleared')
  })

  it('shows base, prediction and tonight of a regression', () => {
    const [section = ''] =
      /<section id="figures">.*?<\/section>/s.exec(renderNightsHtml(nightsData(CHANGED))) ?? []
    const [name, base, nights, tonight, change, expected = '', pValue, verdict] = tableRows(section)[1] ?? []
    expect([name, base, nights, tonight]).toEqual([
      'all: response time p99, accepted',
      '360 ms',
      '20',
      '468 ms',
    ])
    expect([change, pValue, verdict]).toEqual(['+30.0 %', 'p &lt;0.0001', 'regressed'])
    expect(expected).toMatch(/^35\d ms … 36\d ms$/)
  })

  it('marks a lasting change where it was, with its commit', () => {
    const figure = figureOf(renderNightsHtml(nightsData(CHANGED)), 'night-1')
    // Night 18 of 41.
    expect(figure).toContain(`class="k-cap" d="M${Math.round((18 / 41) * 2400)} 0v1000"`)
    expect(texts(figure, 'li')).toContain('since 2026-09-19, commit c0ffee18: 240 ms → 360 ms')
    expect(tableRows(figure).findIndex((row) => row.includes('changed for good'))).toBe(18)
  })

  it('shows the last sixty nights of a longer past', () => {
    const html = renderNightsHtml(nightsData({ names: ['_all'], nightCount: 100, changedAt: 80 }))
    const figure = figureOf(html, 'night-0')
    expect(tableRows(figure)).toHaveLength(61)
    expect(figure).toContain('The last 60 of 100 nights.')
    expect(tableRows(figure).findIndex((row) => row.includes('changed for good'))).toBe(40)
  })

  it('numbers nights in virtual time, which all begin on the same day', () => {
    const data = nightsData({ names: ['_all'], nightCount: 12 })
    const startedAt = '2000-01-01T00:00:00.000Z'
    const metrics = data.metrics.map((judged) => ({
      ...judged,
      past: judged.past.map((night) => ({ ...night, startedAt })),
      tonight: { ...judged.tonight, startedAt },
    }))
    const figure = figureOf(renderNightsHtml({ ...data, metrics }), 'night-0')
    expect(texts(figure, 'text')).toContain('13')
    expect(texts(figure, 'text')).not.toContain('01-01')
  })

  it('says what the confirmation run says', () => {
    const data = nightsData(CHANGED, { confirmation: comparedRun('again'), state: 'confirmed' })
    const metrics = data.metrics.map((judged, i) => ({ ...judged, isConfirmed: i < 2 ? i === 0 : undefined }))
    const html = renderNightsHtml({ ...data, metrics })
    const [section = ''] = /<section id="figures">.*?<\/section>/s.exec(html) ?? []
    expect(tableRows(section).map((row) => row.at(-1))).toEqual(['confirmed', 'not confirmed', '', ''])
    expect(html).toContain('against 20 nights, not confirmed')
  })

  it('stays under 400 KB for nineteen figures of sixty nights', () => {
    const data = nightsData({ names: ['_all', 'a', 'b', 'c', 'd'], nightCount: 60 })
    expect(data.metrics.length).toBeGreaterThanOrEqual(19)
    const html = renderNightsHtml(data)
    expect(Buffer.byteLength(html)).toBeLessThan(400_000)
    expect(html).not.toMatch(/<(?:script|link|img|iframe)\b|@import|\burl\(|\bsrc=/)
  })

  it('escapes whatever others have named', () => {
    const run = comparedRun(EVIL, { scenario: EVIL, path: EVIL, target: EVIL, host: EVIL, commit: EVIL })
    const data = nightsData(
      { ...CHANGED, names: [EVIL] },
      { head: run, confirmation: run, noise: [EVIL], notes: [EVIL] },
    )
    const night = { runId: EVIL, commit: EVIL, startedAt: EVIL }
    const metrics = data.metrics.map((judged) => ({
      ...judged,
      comparison: { ...judged.comparison, warnings: [EVIL] },
      past: judged.past.map((past) => ({ ...past, ...night })),
    }))
    const html = renderNightsHtml({ ...data, metrics })
    expect(evilIn(html)).toEqual([])
    expect(brokenParts(html)).toEqual([])
  })
})
