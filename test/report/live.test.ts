import { describe, expect, it } from 'vitest'
import { type LiveState, renderLive, renderRow, renderRowHeader } from '../../src/report/live.ts'
import { plainStyler } from '../../src/report/style.ts'
import { golden } from '../support/golden.ts'

const STATE: LiveState = {
  scenario: 'personalizer-rank-reward',
  phase: 'measure',
  elapsedUs: 72_400_000,
  totalUs: 300_000_000,
  recent: {
    offeredRps: 64,
    sentRps: 80.1,
    retryRps: 16.1,
    acceptedRps: 59.8,
    throttledRatio: 0.2534,
    errorRatio: 0,
    p50Us: 41_200,
    p95Us: 118_300,
    p99Us: 240_400,
    throttledP50Us: 3_100,
  },
  totals: { sentCount: 5_789, throttledRatio: 0.2561, errorCount: 0, droppedCount: 0 },
  capRps: 60,
  inflightCount: 14,
  inflightMaxCount: 22,
  scheduleDelayP99Us: 812,
  verdict: 'VALID',
  names: [
    { name: 'rank', sentRps: 50, throttledRatio: 0.21, p99Us: 210_000 },
    { name: 'reward', sentRps: 30.1, throttledRatio: 0.33, p99Us: 402_000 },
  ],
}

const EMPTY: LiveState = {
  ...STATE,
  phase: 'setup',
  elapsedUs: 0,
  totalUs: undefined,
  recent: {
    offeredRps: 0,
    sentRps: 0,
    retryRps: 0,
    acceptedRps: 0,
    throttledRatio: undefined,
    errorRatio: undefined,
    p50Us: undefined,
    p95Us: undefined,
    p99Us: undefined,
    throttledP50Us: undefined,
  },
  totals: { sentCount: 0, throttledRatio: undefined, errorCount: 0, droppedCount: 0 },
  capRps: undefined,
  inflightCount: 0,
  inflightMaxCount: 0,
  scheduleDelayP99Us: undefined,
  names: [],
}

describe('renderLive', () => {
  it.each([60, 80, 120])('reads well at %i columns', (width) => {
    const text = `${renderLive(STATE, width, plainStyler)}\n`
    expect(text).toBe(golden(`live-${width}.txt`, text))
  })

  it.each([10, 40, 60, 80, 200])(
    'is eight lines of at most %i columns, whatever there is to show',
    (width) => {
      const crowded = {
        ...STATE,
        names: Array.from({ length: 9 }, () => ({ ...STATE.names[0], name: 'x'.repeat(90) })),
      }
      for (const state of [STATE, EMPTY, crowded as LiveState, { ...STATE, scenario: 's'.repeat(300) }]) {
        const lines = renderLive(state, width, plainStyler).split('\n')
        expect(lines).toHaveLength(8)
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
      }
    },
  )

  it('counts the names it has no room for', () => {
    const names = Array.from({ length: 7 }, (_, i) => ({ ...STATE.names[0], name: `name-${i}` }))
    const lines = renderLive({ ...STATE, names } as LiveState, 80, plainStyler).split('\n')
    expect(lines.slice(-2)).toEqual([expect.stringContaining('name-0'), '  and 6 more names'])
  })

  it.each([
    [0, '[          ]   0 %'],
    [150_000_000, '[====>     ]  50 %'],
    [299_999_999, '[========> ]  99 %'],
    [300_000_000, '[==========] 100 %'],
    [330_000_000, '[==========] 100 %'],
  ])('draws progress at %i us', (elapsedUs, drawn) => {
    const line = renderLive({ ...STATE, scenario: 'rank', elapsedUs }, 48, plainStyler).split('\n')[0] ?? ''
    expect(line.slice(line.indexOf('['))).toBe(drawn)
  })

  it('marks a doubtful generator by word and by colour', () => {
    const text = renderLive({ ...STATE, verdict: 'SUSPECT' }, 80, (style, word) => `<${style}:${word}>`)
    expect(text).toContain('generator <warn:SUSPECT>   schedule delay p99 0.81 ms')
  })
})

describe('renderRow', () => {
  it('lines up under its header', () => {
    const rows = [renderRowHeader(), renderRow({ ...EMPTY, phase: 'warmup' }), renderRow(STATE)]
    const text = `${rows.join('\n')}\n`
    expect(text).toBe(golden('live-rows.txt', text))
    expect(rows.map((row) => row.length)).toEqual([80, 80, 80])
  })

  it('splits at blanks into as many fields as the header, also when a figure outgrows its column', () => {
    const recent = { ...STATE.recent, offeredRps: 1_234_567.8, throttledRatio: 1, p99Us: 123_456_789_012 }
    const fields = renderRow({ ...STATE, recent, elapsedUs: 36_000_000_000, inflightCount: 123_456 }).split(
      / +/,
    )
    expect(fields).toHaveLength(renderRowHeader().split(/ +/).length)
    expect(fields.slice(0, 3)).toEqual(['10:00:00', 'measure', '1234568'])
    expect(fields[6]).toBe('100')
  })
})
