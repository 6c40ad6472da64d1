/** report.html, comparisons and nights as a reader sees them. Needs Chromium: Debian's package `chromium`, or CHROMIUM_PATH. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { renderComparisonHtml } from '../../src/report/html/comparison-page.ts'
import { renderNightsHtml } from '../../src/report/html/nights-page.ts'
import { renderHtml } from '../../src/report/html/page.ts'
import type { RunData } from '../../src/report/html/run-data.ts'
import { bareComparison, comparisonData, NAMES } from '../report/html/html-comparison.ts'
import { nightsData } from '../report/html/html-nights.ts'
import { busyRun, countsOnlyRun, refusedRun, saturation, unbegunRun, UPLOT } from '../report/html/html-run.ts'
import { CHROMIUM_PATH, launchChromium } from './chromium.ts'
import { runDirectories } from './run-output.ts'
import { EVEN_LOAD, RANK_REWARD, runScript } from './script.ts'

type Scheme = 'light' | 'dark'

interface View {
  readonly width: number
  readonly scheme: Scheme
  readonly scripts?: boolean
}

const VIEWS: readonly View[] = [
  { width: 1440, scheme: 'light' },
  { width: 1440, scheme: 'dark' },
  { width: 360, scheme: 'light' },
  { width: 360, scheme: 'dark' },
]
/** Both widths and both schemes once, where a plot looks the same in all of them. */
const TWO_VIEWS = VIEWS.filter(({ width, scheme }) => (width === 1440) === (scheme === 'dark'))

let browser: Browser
let folder = ''

/** A page and everything that went wrong in it. */
interface OpenPage {
  readonly page: Page
  readonly faults: readonly string[]
}

async function open(path: string, { width, scheme, scripts = true }: View): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    javaScriptEnabled: scripts,
  })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => faults.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  const url = pathToFileURL(path).href
  page.on('request', (request) => {
    if (request.url() !== url) faults.push(`request: ${request.url()}`)
  })
  await page.goto(url)
  return { page, faults }
}

/** Looks at the page with functions that run in the browser, given as text because they are no part of this program. */
function look<T>(page: Page, script: string): Promise<T> {
  return page.evaluate<T>(script)
}

const VISIBLE_PLOTS = `[...document.querySelectorAll('.plot svg:not(.marks)')].filter((svg) => svg.getBoundingClientRect().width > 0)`

/** Labels of plots that are cut off by the edge of their image. */
const CLIPPED = `${VISIBLE_PLOTS}.flatMap((svg) => {
  const frame = svg.getBoundingClientRect()
  return [...svg.querySelectorAll('text')]
    .filter((text) => {
      const box = text.getBoundingClientRect()
      return box.left < frame.left - 0.5 || box.right > frame.right + 0.5 || box.top < frame.top - 0.5 || box.bottom > frame.bottom + 0.5
    })
    .map((text) => svg.parentElement.parentElement.id + ': ' + text.textContent)
})`

/** Pairs of labels of a plot, or of its legend, that lie on each other. */
const OVERLAPPING = `[...document.querySelectorAll('figure')].flatMap((figure) => {
  const shown = [...figure.querySelectorAll('.plot svg:not(.marks) text, .legend li, h3, .about, button')]
    .map((node) => ({ node, box: node.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0)
  return shown.flatMap(({ node, box }, i) =>
    shown
      .slice(i + 1)
      .filter(({ box: other }) =>
        box.left < other.right - 1 && other.left < box.right - 1 && box.top < other.bottom - 3 && other.top < box.bottom - 3)
      .map(({ node: other }) => figure.id + ': ' + node.textContent + ' / ' + other.textContent),
  )
})`

/** Text whose contrast with what is behind it is below 4.5 : 1 (WCAG 2.2). */
const FAINT = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number)
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const background = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor
      if ((channels(color)[3] ?? 1) > 0) return color
    }
  }
  const hasText = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim() !== '')
  return [...document.querySelectorAll('main *')]
    .filter((node) => hasText(node) && node.getBoundingClientRect().width > 0)
    .filter((node) => {
      const style = getComputedStyle(node)
      const ink = node instanceof SVGElement ? style.fill : style.color
      const [dark, light] = [luminance(ink), luminance(background(node))].sort((a, b) => a - b)
      return (light + 0.05) / (dark + 0.05) < 4.5
    })
    .map((node) => node.textContent)
})()`

async function expectReadable(page: Page, width: number): Promise<void> {
  expect(await look(page, CLIPPED)).toEqual([])
  expect(await look(page, OVERLAPPING)).toEqual([])
  expect(await look(page, FAINT)).toEqual([])
  expect(await look(page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
}

/** Pages that were written, by name: each is looked at more than once. */
const written = new Map<string, string>()

function pageOf(name: keyof typeof PAGES): string {
  const path = written.get(name) ?? join(folder, `${name}.html`)
  if (!written.has(name)) writeFileSync(path, PAGES[name]())
  written.set(name, path)
  return path
}

/** The same run as before, with another one before it. */
function comparedTenMinutes(): RunData {
  const run = busyRun(600)
  const { identity, summary } = run
  return {
    ...run,
    baseline: { identity, histograms: summary.histograms },
    comparison: comparisonData(['_all'], { differences: ['the script is another one'] }),
  }
}

function runPage(run: RunData): string {
  return renderHtml(run, UPLOT)
}

const RUN_PAGES = {
  'a run of ten minutes': () => runPage(busyRun(600)),
  'a run with another one before it': () => runPage(comparedTenMinutes()),
  'a run of 3 s': () => runPage(busyRun(3)),
  'a run of a day': () => runPage(busyRun(86_400)),
  'a run without an accepted reply': () => runPage(refusedRun(30)),
  'a run of not a second': () => runPage(unbegunRun()),
  'an import that has counts alone': () => runPage(countsOnlyRun(30)),
  'a saturation': () => runPage(saturation(30)),
} as const

const REGRESSED_NIGHT = {
  names: ['_all', 'https://example.test/a/path'],
  nightCount: 40,
  changedAt: 18,
  tonight: 1.3,
}

const PAGES = {
  ...RUN_PAGES,
  'a comparison of seven names': () => renderComparisonHtml(comparisonData(NAMES)),
  'a comparison of two CSV files': () => renderComparisonHtml(bareComparison()),
  'a night': () => renderNightsHtml(nightsData(REGRESSED_NIGHT)),
  'a night to learn from': () => renderNightsHtml(nightsData({ names: ['_all'], nightCount: 6 })),
} as const

/** How many plots a page has that leaves none out. */
const PLOT_COUNTS: Partial<Record<keyof typeof PAGES, number>> = {
  'a run of ten minutes': 10,
  'a run with another one before it': 10,
  'a run of 3 s': 10,
  'a saturation': 9,
  'a comparison of seven names': 4,
  'a night': 8,
  'a night to learn from': 4,
}

const NEEDED = 'in Chromium (apt-get install chromium, or CHROMIUM_PATH)'

describe.skipIf(CHROMIUM_PATH === undefined)(`HTML ${NEEDED}`, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'headroom-html-'))
    browser = await launchChromium()
  })

  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  })

  describe.each(Object.keys(PAGES) as (keyof typeof PAGES)[])('the page of %s', (name) => {
    it.each(name === 'a run of ten minutes' ? VIEWS : TWO_VIEWS)(
      'can be read at $width px, $scheme',
      async (view) => {
        const { page, faults } = await open(pageOf(name), view)
        await expectReadable(page, view.width)
        expect(faults).toEqual([])
      },
    )
  })

  it.each(Object.keys(PLOT_COUNTS) as (keyof typeof PAGES)[])('has no empty plot: %s', async (name) => {
    const { page } = await open(pageOf(name), { width: 1440, scheme: 'light' })
    const images = await page.locator('.plot svg.wide').all()
    const drawn = await Promise.all(images.map((image) => image.screenshot()))
    await page.addStyleTag({ content: '.plot use { visibility: hidden }' })
    const bare = await Promise.all(images.map((image) => image.screenshot()))
    expect(images).toHaveLength(PLOT_COUNTS[name] ?? 0)
    for (const [i, shot] of drawn.entries()) expect(shot.equals(bare[i] ?? shot)).toBe(false)
  })

  it('is whole without scripts', async () => {
    const { page, faults } = await open(pageOf('a run of ten minutes'), {
      width: 1440,
      scheme: 'light',
      scripts: false,
    })
    await expectReadable(page, 1440)
    expect(await page.locator('.plot svg.wide:visible').count()).toBe(10)
    expect(await page.locator('button').count()).toBe(0)
    await page.locator('#rate summary').click()
    expect(await page.locator('#rate table:visible').count()).toBe(1)
    expect(faults).toEqual([])
  })

  it.each(TWO_VIEWS)('zooms at $width px, $scheme', async (view) => {
    const { page, faults } = await open(pageOf('a run of ten minutes'), view)
    for (const id of ['rate', 'latency', 'in-flight']) {
      const figure = page.locator(`#${id}`)
      await figure.getByRole('button', { name: 'Zoom' }).click()
      const canvas = figure.locator('canvas')
      await canvas.waitFor()
      expect(await figure.locator('.plot:visible').count()).toBe(0)
      const over = (await figure.locator('.u-over').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
      expect(over.width).toBeGreaterThan(view.width / 3)
      const shot = await canvas.screenshot()
      await page.mouse.move(over.x + over.width * 0.3, over.y + 50)
      await page.mouse.down()
      await page.mouse.move(over.x + over.width * 0.6, over.y + 50, { steps: 4 })
      await page.mouse.up()
      await expect.poll(async () => (await canvas.screenshot()).equals(shot)).toBe(false)
    }
    await page.locator('#latency').getByRole('button', { name: 'Linear axis' }).click()
    expect(await look(page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(view.width)
    await page.locator('#rate').getByRole('button', { name: 'Back to the whole' }).click()
    expect(await page.locator('#rate canvas').count()).toBe(0)
    expect(await page.locator('#rate .plot:visible').count()).toBe(1)
    expect(faults).toEqual([])
  })

  it('of a run can be read as well', async () => {
    const scenario = { ...EVEN_LOAD, rate: 30, duration: '3s' }
    const run = await runScript({ ...RANK_REWARD, mock: 'personalizer-s0,tps=40', scenario }, '--virtual')
    const [directory = ''] = runDirectories(run.out)
    const path = join(directory, 'report.html')
    for (const view of TWO_VIEWS) {
      const { page, faults } = await open(path, view)
      await expectReadable(page, view.width)
      expect(faults).toEqual([])
    }
  })
})
