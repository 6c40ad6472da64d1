import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { k6Figure, k6Percent } from '../../src/report/k6-figures.ts'
import { k6Summary, type K6TimeUnit } from '../../src/report/k6-data.ts'
import { renderK6Summary, type K6SummaryMode } from '../../src/report/k6-text.ts'
import { plainStyler, type Styler } from '../../src/report/style.ts'
import { golden } from '../support/golden.ts'
import { SETTINGS, smallRun, type SmallRun, type Stage } from '../support/k6-facts.ts'

function render(
  run: SmallRun,
  mode: K6SummaryMode,
  { style = plainStyler, timeUnit = '' }: { style?: Styler; timeUnit?: K6TimeUnit } = {},
): string {
  const summary = k6Summary(smallRun(run), { ...SETTINGS, timeUnit })
  return renderK6Summary(summary, mode, style)
}

function playShop(stage: Stage): void {
  const waiting = stage.registry.declare('custom_waiting_time', 'trend', false)
  for (const [index, ms] of [120, 140.96, 154.631, 684.62].entries()) {
    const group = index > 1 ? '::crocodiles' : ''
    stage.request(ms, index === 3 ? 503 : 200, { scenario: 'left', group })
    stage.check('status is 200', index < 3, group, 'left')
    stage.addOwn(waiting, ms + 1, { scenario: 'left', group })
    stage.add('iterations', 1, { scenario: 'left' })
    stage.add('iteration_duration', 10 * ms, { scenario: 'left' })
    stage.add('group_duration', ms, { scenario: 'left', group })
  }
  stage.request(3_725_000, 200, { scenario: 'default', group: '::long' })
  stage.check('is up', true, '', 'right')
  stage.checks.seeGroup('::crocodiles')
  stage.add('vus', 1)
  stage.add('vus_max', 2)
  stage.add('http_req_throttled', 1)
}

const SHOP: SmallRun = {
  play: playShop,
  thresholds: {
    http_req_duration: ['p(95)<1500', 'p(50)<2000'],
    'http_req_duration{status:404}': ['avg<1'],
    http_req_failed: ['rate<0.01'],
    http_req_throttled: ['rate<=1'],
  },
}

describe("k6's summary", () => {
  it.each(['compact', 'legacy'] as const)('%s', (mode) => {
    const got = render(SHOP, mode)
    expect(got).toBe(golden(`k6-summary-${mode}.txt`, got))
  })

  it('full', () => {
    const got = render({ ...SHOP, byPart: true }, 'full')
    expect(got).toBe(golden('k6-summary-full.txt', got))
  })

  it('colours marks and headings and changes nothing else', () => {
    const tagging: Styler = (style, text) => `<${style}>${text}</${style}>`
    const styled = render(SHOP, 'compact', { style: tagging })
    expect(styled).toContain("<bad>✗</bad> 'p(95)<1500'")
    expect(styled).toContain('<good>✓</good> is up')
    expect(styled.replaceAll(/<\/?(good|bad|bold)>/g, '')).toBe(render(SHOP, 'compact'))
  })

  it('says nothing of what is not there', () => {
    expect(render({}, 'compact')).toBe('  █ TOTAL RESULTS\n\n')
    expect(render({ play: (stage) => stage.add('iterations', 1) }, 'compact')).not.toContain('checks_')
  })

  it('takes all times in one unit', () => {
    const got = render({ play: (stage) => stage.request(120) }, 'compact', { timeUnit: 's' })
    expect(got).toContain('http_req_duration')
    expect(got).toContain('avg=0.12s min=0.12s')
  })

  it('lets no name steer the terminal', () => {
    const got = render({ play: (stage) => stage.check('a\u001b[2Jb', false, '::g\u001b[1m') }, 'legacy')
    expect(got).toContain('a?[2Jb')
    expect(got).not.toContain('\u001b')
  })

  it('has its names end in one column, whatever they are', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z_]{1,60}$/), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(names, fc.constantFrom<K6SummaryMode>('compact', 'legacy'), (own, mode) => {
        const play = (stage: Stage): void => {
          stage.request(10)
          for (const name of own) stage.addOwn(stage.registry.declare(`own_${name}`, 'counter', false), 2)
        }
        const columns = render({ play }, mode)
          .split('\n')
          .filter((line) => /\.{3,}:/.test(line))
          .map((line) => line.indexOf(':', line.indexOf('...')))
        expect(columns.length).toBeGreaterThan(own.length)
        expect(new Set(columns).size).toBe(1)
      }),
    )
  })
})

describe("k6's figures", () => {
  it.each<[ms: number, unit: K6TimeUnit, text: string]>([
    [0, '', '0s'],
    [0.0004, '', '400ns'],
    [0.013, '', '13µs'],
    [0.01459, '', '14.59µs'],
    [0.99999, '', '999.99µs'],
    [148.219, '', '148.21ms'],
    [999.999, '', '999.99ms'],
    [1_000, '', '1s'],
    [4_368.4, '', '4.37s'],
    [63_000, '', '1m3s'],
    [3_725_000, '', '1h2m5s'],
    [148.219, 's', '0.15s'],
    [148.219, 'ms', '148.22ms'],
    [1.5, 'us', '1500µs'],
    [1_000, 'ms', '1000ms'],
    [0, 'ms', '0ms'],
  ])('%d ms in "%s" is %s', (ms, unit, text) => {
    expect(k6Figure(ms, 'time', unit)).toBe(text)
  })

  it.each([
    [0, '0 B'],
    [718, '718 B'],
    [4_900, '4.9 kB'],
    [76_000, '76 kB'],
    [519_400, '519 kB'],
    [1_300_000, '1.3 MB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(k6Figure(bytes, 'data', '')).toBe(text)
  })

  it.each([
    [45, '45'],
    [152.355556, '152.355556'],
    [13.122179487, '13.122179'],
    [0.5, '0.5'],
    [-2, '-2'],
  ])('%d is %s', (value, text) => {
    expect(k6Figure(value, 'default', '')).toBe(text)
  })

  it.each([
    [0, '0.00%'],
    [1, '100.00%'],
    [0.99999, '99.99%'],
    [1 / 3, '33.33%'],
    [0.29, '29.00%'],
    [0.5775, '57.75%'],
  ])('a share of %d is %s', (ratio, text) => {
    expect(k6Percent(ratio)).toBe(text)
  })
})
