import { describe, expect, it } from 'vitest'
import { renderRow, renderRowHeader } from '../../src/report/live-row.ts'
import { length } from '../../src/report/layout.ts'
import { type LiveState, renderLive } from '../../src/report/live.ts'
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
  totals: {
    sentCount: 5_789,
    throttledRatio: 0.2561,
    expectedThrottledRatio: 0.25,
    errorCount: 0,
    droppedCount: 0,
  },
  history: Array.from({ length: 60 }, (_, second) => ({
    acceptedCount: second,
    throttledRatio: second < 30 ? 0 : second / 60,
    p99Us: second === 50 ? undefined : 200_000 + second * 1_000,
  })),
  capRps: 60,
  inflightCount: 14,
  inflightMaxCount: 22,
  inflightCapCount: 64,
  scheduleDelayP99Us: 812,
  verdict: 'VALID',
  reason: undefined,
  names: [
    { name: 'rank', sentRps: 50, throttledRatio: 0.21, p99Us: 210_000 },
    { name: 'reward', sentRps: 30.1, throttledRatio: 0.33, p99Us: 402_000 },
  ],
  nameCount: 2,
}

const EMPTY: LiveState = {
  ...STATE,
  phase: 'warmup',
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
  totals: {
    sentCount: 0,
    throttledRatio: undefined,
    expectedThrottledRatio: undefined,
    errorCount: 0,
    droppedCount: 0,
  },
  history: [],
  nameCount: 0,
  capRps: undefined,
  inflightCount: 0,
  inflightMaxCount: 0,
  scheduleDelayP99Us: undefined,
  names: [],
}

function linesOf(state: LiveState, width: number, isUnicode = true, maxLines = Infinity): string[] {
  return renderLive(state, { width, maxLines, style: plainStyler, isUnicode }).split('\n')
}

function named(count: number, name: string): Pick<LiveState, 'names' | 'nameCount'> {
  const names = Array.from({ length: Math.min(count, 6) }, (_, i) => ({
    name: `${name}${i}`,
    sentRps: 50,
    throttledRatio: 0.21,
    p99Us: 210_000,
  }))
  return { names, nameCount: count }
}

const WHY =
  '1 % of the iterations started 31.4 ms or more after they were due, against a service time p50 of 12.1 ms, which is long'

describe('renderLive', () => {
  it.each([60, 80, 120])('reads well at %i columns', (width) => {
    const text = `${linesOf(STATE, width).join('\n')}\n`
    expect(text).toBe(golden(`live-${width}.txt`, text))
  })

  it.each([10, 40, 60, 80, 200])(
    'has no line of more than %i columns, whatever there is to show',
    (width) => {
      const crowded = { ...STATE, ...named(9, 'x'.repeat(90)), verdict: 'INVALID', reason: WHY } as const
      for (const state of [STATE, EMPTY, crowded, { ...STATE, scenario: 's'.repeat(300) }]) {
        const lines = linesOf(state, width)
        expect(lines.length).toBeLessThanOrEqual(9 + 6)
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
      }
    },
  )

  it('is one line in set-up, where nothing was sent', () => {
    expect(linesOf({ ...EMPTY, phase: 'setup', elapsedUs: 3_100_000 }, 80)).toEqual([
      'personalizer-rank-reward  setup  00:03',
    ])
  })

  it('shows six names, and counts those for which there is no room', () => {
    expect(
      linesOf({ ...STATE, ...named(6, 'name-') }, 80).filter((line) => /name-\d/.test(line)),
    ).toHaveLength(6)
    const lines = linesOf({ ...STATE, ...named(30, 'name-') }, 80)
    expect(lines.slice(-2)).toEqual([expect.stringContaining('name-4'), '  and 25 more names'])
  })

  describe('on a low terminal', () => {
    const crowded = { ...STATE, ...named(9, 'name-'), verdict: 'SUSPECT', reason: WHY } as const
    const labelsOf = (maxLines: number): string[] =>
      linesOf(crowded, 60, true, maxLines).map((line) => line.slice(0, 12).trim())

    it('is never higher, and always has the first line', () => {
      for (let maxLines = 1; maxLines <= 20; maxLines++) {
        const lines = linesOf(crowded, 60, true, maxLines)
        expect(lines).toHaveLength(Math.min(maxLines, 9 + 6))
        expect(lines[0]).toMatch(/^personalizer/)
      }
    })

    it('does without names first', () => {
      const all = linesOf(crowded, 60)
      expect(linesOf(crowded, 60, true, 12)).toEqual([...all.slice(0, 11), '  and 7 more names'])
      expect(linesOf(crowded, 60, true, 10)).toEqual([...all.slice(0, 9), '  9 names'])
      expect(linesOf(crowded, 60, true, 9)).toEqual(all.slice(0, 9))
    })

    it('then without what says least', () => {
      const figures = ['rate /s', 'throttled', 'requests', 'last 10 s']
      expect(labelsOf(8).slice(1)).toEqual([...figures, 'generator', '', ''])
      expect(labelsOf(6).slice(1)).toEqual([...figures, 'generator'])
      expect(labelsOf(3).slice(1)).toEqual(['rate /s', 'throttled'])
      expect(labelsOf(2).slice(1)).toEqual(['rate /s'])
    })
  })

  it('keeps names of wide characters in their columns', () => {
    const state = { ...STATE, ...named(2, 'name-') }
    const names = [state.names[0], { ...state.names[1], name: '注文😀' }] as LiveState['names']
    const [latin = '', wide = ''] = linesOf({ ...state, names }, 80).slice(-2)
    expect(length(latin)).toBe(length(wide))
    const crowded = { ...STATE, scenario: '負荷'.repeat(60), ...named(3, '注文'.repeat(40)) }
    for (const line of linesOf(crowded, 60)) expect(length(line)).toBeLessThanOrEqual(60)
  })

  it.each([
    [0, '[          ]   0 %'],
    [150_000_000, '[====>     ]  50 %  ETA 02:30'],
    [299_999_999, '[========> ]  99 %  ETA 00:00'],
    [300_000_000, '[==========] 100 %'],
    [330_000_000, '[==========] 100 %'],
  ])('draws progress at %i us', (elapsedUs, drawn) => {
    const width = drawn.length + 'rank  measure  00:00 / 05:00  '.length
    const line = linesOf({ ...STATE, scenario: 'rank', elapsedUs }, width)[0] ?? ''
    expect(line.slice(line.indexOf('['))).toBe(drawn)
  })

  it('tells when the planned iterations will be done, if they go on as they did', () => {
    const state = { ...STATE, scenario: 'rank', elapsedUs: 30_000_000, totalUs: undefined, doneRatio: 0.75 }
    expect(linesOf(state, 80)[0]).toMatch(/^rank {2}measure {2}00:30 .* 75 % {2}ETA 00:10$/)
    expect(linesOf({ ...state, doneRatio: 0 }, 80)[0]).not.toContain('ETA')
  })

  it('says nothing of retries without any, and leaves them out before the cap', () => {
    expect(linesOf({ ...STATE, recent: { ...STATE.recent, retryRps: 0 } }, 120)[1]).toContain(
      'sent 80.1   acc',
    )
    expect(linesOf(STATE, 60)[1]).toMatch(/cap 60\.0$/)
  })

  it('never shows fewer in flight at most than now: the warm-up is not in the maximum', () => {
    const text = linesOf({ ...EMPTY, inflightCount: 5 }, 80).join('\n')
    expect(text).toContain('in flight 5 (max 5 of 64)')
  })

  it('gives the reason of a doubtful verdict in two lines at most', () => {
    const state = { ...STATE, verdict: 'SUSPECT', reason: WHY } as const
    const at = (width: number): string[] => {
      const lines = linesOf(state, width)
      const first = lines.findIndex((line) => line.includes('generator'))
      return lines.slice(first + 1, -2)
    }
    expect(at(200)).toEqual([`            ${WHY}`])
    expect(at(60)).toEqual([expect.stringMatching(/^ {12}1 % of/), expect.stringMatching(/ \.\.$/)])
  })

  it('marks it by word and by colour', () => {
    const style = (name: string, word: string): string => `<${name}:${word}>`
    const text = renderLive(
      { ...STATE, verdict: 'SUSPECT' },
      { width: 80, maxLines: Infinity, style, isUnicode: true },
    )
    expect(text).toContain('generator <warn:SUSPECT>   schedule delay p99 0.81 ms')
  })

  it('needs no more than ASCII where nothing else shows', () => {
    expect(
      linesOf(STATE, 80, false)
        .join('')
        .match(/[^ -~]/),
    ).toBeNull()
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
