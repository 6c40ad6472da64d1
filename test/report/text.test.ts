import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EXIT, type ExitCode } from '../../src/core/errors.ts'
import type { RunSummary, ThresholdResult } from '../../src/measure/summary.ts'
import { plainStyler, type Styler } from '../../src/report/style.ts'
import { renderSummary, type TextFacts } from '../../src/report/text.ts'
import { golden } from '../support/golden.ts'
import { IDLE_NAME, NO_DURATION, outcomeCounts, quantiles, SUMMARY } from '../support/summary-fixture.ts'

const FACTS: TextFacts = {
  scenario: 'personalizer-rank-reward',
  target: 'mock:personalizer-s0,tps=60',
  time: 'real',
  exitCode: EXIT.thresholds,
  resultsPath: 'results/20261121T021700Z-personalizer-1a2b3c4',
}

const TAGGING: Styler = (style, text) => `<${style}>${text}</${style}>`

function render(summary: RunSummary, facts: Partial<TextFacts> = {}, width = 80): string {
  return renderSummary(summary, { ...FACTS, ...facts }, { color: plainStyler, width })
}

function longestLine(text: string): number {
  return Math.max(...text.split('\n').map((line) => Array.from(line).length))
}

const ALL = SUMMARY.names[0] ?? IDLE_NAME

/** Many of everything: far more than 40 lines. */
const CROWDED: RunSummary = {
  ...SUMMARY,
  verdict: {
    level: 'INVALID',
    reasons: Array.from({ length: 4 }, (_, i) => ({
      level: 'INVALID' as const,
      code: 'dropped' as const,
      what: `reason ${i}: 12 % of the planned iterations could not start`,
      todo: 'raise maxVUs or give the run more workers, or the summary cannot be trusted',
    })),
  },
  names: [
    ALL,
    ...Array.from({ length: 120 }, (_, i) => ({
      ...IDLE_NAME,
      name: `GET https://example.test/a/rather/long/path/to/resource/${i}/and/further/down`,
      responseTimeAccepted: quantiles(500, [1_000, 2_000, 3_000, 4_000, 5_000, 6_000_000]),
    })),
  ],
  thresholds: Array.from({ length: 30 }, (_, i) => ({
    metric: `http_req_response_time{name:resource-${i},outcome:accepted}`,
    expression: 'p(99)<250',
    observed: 249 + i / 7,
    unit: 'ms',
    result: i < 6 ? ('pass' as const) : ('fail' as const),
    aborted: i === 29,
  })),
  checks: Array.from({ length: 30 }, (_, i) => ({ name: `check ${i}`, passes: i, fails: i })),
  metrics: Array.from({ length: 30 }, (_, i) => ({
    name: `metric_${i}`,
    type: 'gauge' as const,
    isTime: false,
    values: { value: i },
  })),
  warnings: Array.from(
    { length: 20 },
    (_, i) => `warning ${i} says what to do ${'at some length '.repeat(8)}`,
  ),
}

describe('renderSummary', () => {
  it.each([60, 80, 120])('reads well at %i columns', (width) => {
    const text = render(SUMMARY, {}, width)
    expect(text).toBe(golden(`summary-${width}.txt`, text))
  })

  it('shows an invalid run in virtual time with what to do', () => {
    const summary: RunSummary = {
      ...SUMMARY,
      verdict: { ...CROWDED.verdict, reasons: CROWDED.verdict.reasons.slice(0, 1) },
    }
    const text = render(summary, { exitCode: EXIT.invalidRun, time: 'virtual' })
    expect(text).toBe(golden('summary-invalid-80.txt', text))
  })

  it.each([60, 80, 120])('keeps a crowded run within 40 lines of %i columns', (width) => {
    const text = render(CROWDED, {}, width)
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(40)
    expect(longestLine(text)).toBeLessThanOrEqual(width)
    expect(text).toMatch(/\(\d+ more in thresholds\.csv\)/)
    expect(text).toMatch(/\(\d+ more names in summary\.csv\)/)
    expect(text).toMatch(/\(\d+ more warnings in summary\.json\)/)
    expect(text.trimEnd().endsWith(FACTS.resultsPath ?? '')).toBe(true)
  })

  it('counts what it leaves out', () => {
    const text = render(CROWDED)
    const hidden = Number(/\((\d+) more in thresholds\.csv\)/.exec(text)?.[1])
    const shown = text.match(/^ {2}(?:FAIL|ok) .*p\(99\)/gm)?.length ?? 0
    expect(shown + hidden).toBe(30)
  })

  it('says the same without colour, and colours only words that stand there anyway', () => {
    const coloured = renderSummary(SUMMARY, FACTS, { color: TAGGING, width: 80 })
    expect(coloured).toContain('<bad>FAIL</bad>')
    expect(coloured).toContain('<good>VALID</good>')
    expect(coloured.replaceAll(/<\/?(?:good|bad|warn|bold)>/g, '')).toBe(render(SUMMARY))
  })

  it('hides quantiles that too few samples support', () => {
    const row = (count: number): string[] => {
      const named = {
        ...IDLE_NAME,
        name: 'few',
        responseTimeAccepted: quantiles(count, [1_000, 2_000, 3_000, 4_000, 5_000, 6_000]),
      }
      const text = render({ ...SUMMARY, names: [named] }, {}, 120)
      return (/^ {2}few .*$/m.exec(text)?.[0] ?? '').trim().split(/ +/)
    }
    expect(row(999)).toEqual(['few', '999', '1', '2', '3', '-', '-', '6'])
    expect(row(1_000)).toEqual(['few', '1,000', '1', '2', '3', '4', '-', '6'])
    expect(row(9_999)).toEqual(['few', '9,999', '1', '2', '3', '4', '-', '6'])
    expect(row(10_000)).toEqual(['few', '10,000', '1', '2', '3', '4', '5', '6'])
  })

  it('keeps throttled replies out of the latency of accepted ones', () => {
    const all = { ...ALL, responseTimeThrottled: { ...ALL.responseTimeThrottled, p50Us: 77_000 } }
    const text = render({ ...SUMMARY, names: [all, ...SUMMARY.names.slice(1)] })
    const rows = text.split('\n').filter((line) => / 77 /.test(line))
    expect(rows).toHaveLength(1)
    expect(rows[0]).toContain('[throttled replies]')
  })

  it('leaves out what does not apply', () => {
    const empty: RunSummary = {
      ...SUMMARY,
      names: [{ ...IDLE_NAME, name: '_all' }],
      thresholds: [],
      checks: [],
      metrics: [],
      warnings: [],
    }
    const text = render(empty, { exitCode: EXIT.pass, resultsPath: undefined })
    expect(text).toContain(
      'warn  personalizer-rank-reward: nothing was sent: the warnings say what to check\n',
    )
    for (const word of [
      'Response time',
      'Checks',
      'Metrics',
      'Results',
      'Cap',
      'Peak second',
      'NaN',
      'undefined',
    ]) {
      expect(text).not.toContain(word)
    }
  })

  it.each<[ThresholdResult['result'][], string]>([
    [['pass'], '1 threshold passed'],
    [['pass', 'pass'], '2 thresholds passed'],
    [['pass', 'no_data'], '1 of 2 thresholds passed, 1 had no data'],
    [['no_data', 'no_data'], 'no thresholds had data: check metrics and tags'],
  ])('says of %j: %s', (results, sentence) => {
    const thresholds = results.map((result) => ({ ...SUMMARY.thresholds[0], result }) as ThresholdResult)
    expect(render({ ...SUMMARY, thresholds }, { exitCode: EXIT.pass })).toContain(`: ${sentence}\n`)
  })

  it('is no success when nothing could fail', () => {
    const [first] = SUMMARY.thresholds
    const blind = first === undefined ? [] : [{ ...first, result: 'no_data' as const }]
    const words = (summary: RunSummary, exitCode: ExitCode): string =>
      render(summary, { exitCode }).slice(0, 4)
    expect(words({ ...SUMMARY, thresholds: [] }, EXIT.pass)).toBe('ok  ')
    expect(words({ ...SUMMARY, thresholds: blind }, EXIT.pass)).toBe('warn')
    const unsent = { ...SUMMARY, names: [{ ...ALL, sentCount: 0 }] }
    expect(words(unsent, EXIT.pass)).toBe('warn')
    expect(words(unsent, EXIT.thresholds)).toBe('FAIL')
  })

  it('keeps a long path in one piece', () => {
    const resultsPath = `results/${'deep/'.repeat(30)}run`
    expect(render(SUMMARY, { resultsPath }).endsWith(`\nResults\n${resultsPath}\n`)).toBe(true)
  })

  it('writes the requests as a sum only when they are one', () => {
    expect(render(SUMMARY)).toContain('+ retries 4,796   = sent 24,000')
    const shifted = { ...SUMMARY, names: [{ ...ALL, sentCount: 23_998 }] }
    expect(render(shifted)).toContain('offered 19,204 (64.0/s)   retries 4,796   sent 23,998')
  })

  it('leaves out what an imported run lacks', () => {
    const { scheduleDelay: _delay, iterationsDroppedCount: _dropped, ...known } = ALL
    const nothing = { sentBytes: undefined, receivedBytes: NaN, inflightMaxCount: NaN }
    const names = [{ ...known, loopUtilizationMaxRatio: undefined, ...nothing }]
    const iterations = { ...SUMMARY.iterations, dueCount: NaN, droppedCount: undefined }
    const text = render({ ...SUMMARY, names, iterations, warnings: [] } as unknown as RunSummary, {}, 120)
    expect(text).not.toMatch(/NaN|undefined|dropped/)
    expect(text).toMatch(/^VALID {4}load generator$/m)
    expect(text).toMatch(/^Iterations {2}completed [\d,]+$/m)
    expect(text).toMatch(/^Load {8}in flight mean [\d.]+$/m)
  })

  it('has no iterations and no delay of them where no iteration sent the requests', () => {
    const none = { dueCount: 0, droppedCount: 0, startedCount: 0, completedCount: 0, interruptedCount: 0 }
    const names = [{ ...ALL, scheduleDelay: NO_DURATION, iterationsDueCount: 0, iterationsDroppedCount: 0 }]
    const text = render({ ...SUMMARY, names, iterations: none })
    expect(text).not.toMatch(/^Iterations/m)
    expect(text).toMatch(/load generator: event loop/)
  })

  it('prints counts that add up', () => {
    const countArbitrary = fc.integer({ min: 0, max: 10_000_000 })
    const outcomes = fc.record({
      accepted: countArbitrary,
      throttled: countArbitrary,
      client_error: countArbitrary,
      server_error: countArbitrary,
      timeout: countArbitrary,
      network_error: countArbitrary,
      aborted: countArbitrary,
    })
    fc.assert(
      fc.property(outcomes, fc.constantFrom(60, 80, 120), (counts, width) => {
        const sentCount = Object.values(counts).reduce((sum, count) => sum + count, 0)
        const all = { ...ALL, sentCount, outcomeCounts: outcomeCounts(counts) }
        const text = render({ ...SUMMARY, names: [all] }, {}, width).replaceAll(/\s+/g, ' ')
        const printed = (word: string): number =>
          Number((new RegExp(` ${word} ([\\d,]+)`).exec(text)?.[1] ?? '0').replaceAll(',', ''))
        const outcome = text.slice(text.indexOf('Outcome'), text.indexOf('Cap '))
        expect(printed('accepted') + printed('throttled') + printed('errors') + printed('aborted')).toBe(
          sentCount,
        )
        const kinds = [...outcome.matchAll(/([\d,]+) (?:client|server|timeout|network)/g)]
        const kindsCount = kinds.reduce((sum, [, digits]) => sum + Number(digits?.replaceAll(',', '')), 0)
        expect(kindsCount).toBe(printed('errors'))
      }),
      { numRuns: 50 },
    )
  })

  it('never exceeds its width nor lets a name steer the terminal', () => {
    const name = fc.string({ unit: 'binary', maxLength: 120 })
    fc.assert(
      fc.property(name, name, name, fc.integer({ min: 60, max: 140 }), (first, second, third, width) => {
        const summary: RunSummary = {
          ...SUMMARY,
          names: [ALL, { ...SUMMARY.names[1], name: first } as typeof ALL],
          thresholds: [{ ...SUMMARY.thresholds[0], metric: second, expression: third } as ThresholdResult],
          checks: [{ name: third, passes: 1, fails: 1 }],
          warnings: [first + second + third],
        }
        const text = render(summary, { scenario: third, target: second, resultsPath: undefined }, width)
        expect(longestLine(text)).toBeLessThanOrEqual(width)
        expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cf}/u)
      }),
      { numRuns: 50 },
    )
  })
})
