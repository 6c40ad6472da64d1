import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Io, OutputStream } from '../../../src/commands/io.ts'
import {
  createProgress,
  widthOf,
  type Progress,
  type ProgressOptions,
} from '../../../src/commands/run/progress.ts'
import type { LiveState } from '../../../src/report/live.ts'
import { plainStyler } from '../../../src/report/style.ts'
import { screenOf } from '../../e2e/screen.ts'

/** What is shown here is only when and where; what stands in a frame is the report's affair. */
function stateAt(second: number, phase: LiveState['phase'] = 'measure'): LiveState {
  const rates = { offeredRps: 0, sentRps: 0, retryRps: 0, acceptedRps: 0 }
  const none = { throttledRatio: undefined, errorRatio: undefined, throttledP50Us: undefined }
  return {
    scenario: 'spike',
    phase,
    elapsedUs: second * 1_000_000,
    totalUs: undefined,
    recent: { ...rates, ...none, p50Us: undefined, p95Us: undefined, p99Us: undefined },
    totals: {
      sentCount: second,
      throttledRatio: undefined,
      expectedThrottledRatio: undefined,
      errorCount: 0,
      droppedCount: 0,
    },
    history: [],
    capRps: undefined,
    inflightCount: 0,
    inflightMaxCount: 0,
    scheduleDelayP99Us: undefined,
    verdict: 'VALID',
    reason: undefined,
    names: [],
    nameCount: 0,
  }
}

class Bench {
  nowMs = 0
  text = ''
  columns: number | undefined
  rows: number | undefined
  readonly progress: Progress

  constructor(
    columns: number | undefined,
    { isQuiet = false, isVirtual = true, env = {} }: Partial<ProgressOptions> & Pick<Partial<Io>, 'env'> = {},
  ) {
    this.columns = columns
    const columnsNow = (): number | undefined => this.columns
    const rowsNow = (): number | undefined => this.rows
    const stderr: OutputStream = {
      write: (text) => {
        this.text += text
      },
      isTTY: columns !== undefined,
      get columns() {
        return columnsNow()
      },
      get rows() {
        return rowsNow()
      },
      style: plainStyler,
    }
    this.progress = createProgress({ stderr, env }, { isQuiet, isVirtual }, () => this.nowMs)
  }

  /** Updates of `count` seconds, so far apart in real time. */
  run(count: number, apartMs: number): this {
    for (let second = 1; second <= count; second++) {
      this.nowMs += apartMs
      this.progress.update(() => stateAt(second))
    }
    return this
  }
}

const frames = (text: string): number => text.split('generator').length - 1
const rows = (text: string): string[] => text.split('\n').filter((line) => /^\d[\d:]+ /.test(line))

describe('on a terminal', () => {
  it('draws every second in place', () => {
    const bench = new Bench(80).run(5, 1_000)
    expect(frames(bench.text)).toBe(5)
    bench.progress.end()
    const { lines, cursorShows } = screenOf(bench.text)
    expect(cursorShows).toBe(true)
    expect(lines.filter((line) => line.startsWith('spike'))).toEqual([expect.stringContaining('00:05')])
  })

  it('draws a few frames of many virtual seconds, and the last one always', () => {
    const bench = new Bench(80).run(1_000, 1)
    expect(frames(bench.text)).toBe(10)
    bench.progress.end()
    bench.progress.end()
    expect(frames(bench.text)).toBe(11)
    expect(screenOf(bench.text).lines.join('\n')).toContain('16:40')
  })

  it('puts lines above the block', () => {
    const bench = new Bench(80).run(1, 1_000)
    bench.progress.log('first')
    bench.run(1, 1_000).progress.log('second\nof two lines')
    bench.progress.end()
    const { lines } = screenOf(bench.text)
    expect(lines.slice(0, 4)).toEqual(['first', 'second', 'of two lines', expect.stringMatching(/^spike/)])
    expect(lines.filter((line) => line.startsWith('spike'))).toHaveLength(1)
  })

  describe('between two updates', () => {
    afterEach(() => vi.useRealTimers())

    function wait(bench: Bench, ms: number): void {
      bench.nowMs += ms
      vi.advanceTimersByTime(ms)
    }

    it('the clock goes on, four times a second, and stops at the end', () => {
      vi.useFakeTimers()
      const bench = new Bench(80, { isVirtual: false }).run(1, 1_000)
      for (let i = 0; i < 8; i++) wait(bench, 250)
      expect(frames(bench.text)).toBe(1 + 8)
      expect(screenOf(bench.text).lines[0]).toMatch(/^spike {2}measure {2}00:03/)
      bench.progress.end()
      wait(bench, 1_000)
      expect(frames(bench.text)).toBe(1 + 8)
    })

    it('virtual time stands still', () => {
      vi.useFakeTimers()
      const bench = new Bench(80).run(1, 1_000)
      wait(bench, 1_000)
      expect(frames(bench.text)).toBe(1)
    })
  })

  it('is no higher than the terminal, and leaves a line for the cursor', () => {
    const bench = new Bench(80)
    bench.rows = 4
    bench.run(3, 1_000)
    // The last one is the cursor's.
    expect(screenOf(bench.text).lines).toHaveLength(4)
    bench.rows = 1
    bench.run(1, 1_000)
    expect(screenOf(bench.text).lines).toEqual([expect.stringMatching(/^spike/), ''])
  })

  it('takes back the lines that a narrower terminal has broken', () => {
    const bench = new Bench(120).run(1, 1_000)
    const widths = screenOf(bench.text).lines.map((line) => line.length)
    bench.columns = 60
    const before = bench.text.length
    bench.run(1, 1_000)
    const broken = widths.filter((width) => width > 60).length
    const up = /(\d+)A/.exec(bench.text.slice(before))?.[1]
    expect(Number(up)).toBe(widths.length - 1 + broken)
    expect(broken).toBeGreaterThan(0)
    expect(
      bench.text
        .slice(before)
        .split('\n')
        .every((line) => line.length <= 60 + 10),
    ).toBe(true)
  })

  it.each([
    [{ LANG: 'de_AT.UTF-8' }, true],
    [{ LANG: 'C.utf8', LC_ALL: 'C' }, false],
    [{}, false],
  ])('draws blocks in a locale %o that has them: %s', (env, isUnicode) => {
    const bench = new Bench(80, { env })
    const second = { acceptedCount: 1, throttledRatio: 0, p99Us: 1 }
    bench.progress.update(() => ({ ...stateAt(1), history: [second] }))
    expect(bench.text.includes('█')).toBe(isUnicode)
  })

  it('shows the cursor again when there was nothing to draw', () => {
    const bench = new Bench(80)
    expect(screenOf(bench.text).cursorShows).toBe(false)
    bench.progress.end()
    expect(screenOf(bench.text).cursorShows).toBe(true)
  })
})

describe('elsewhere', () => {
  it('writes a row every ten seconds, although updates come a little early or late', () => {
    const bench = new Bench(undefined).run(30, 999)
    expect(rows(bench.text).map((row) => row.slice(0, 5))).toEqual(['00:10', '00:20', '00:30'])
    expect(bench.text.split('time  ').length - 1).toBe(1)
  })

  it('writes the last state at the end, unless its row is there', () => {
    const bench = new Bench(undefined).run(12, 1_000)
    bench.progress.end()
    bench.progress.end()
    expect(rows(bench.text).map((row) => row.slice(0, 5))).toEqual(['00:10', '00:12'])
    const even = new Bench(undefined).run(10, 1_000)
    even.progress.end()
    expect(rows(even.text)).toHaveLength(1)
  })

  it('every phase has a row, however short it was, but set-up none', () => {
    const bench = new Bench(undefined)
    const phases = ['setup', 'warmup', 'warmup', 'measure', 'measure', 'measure', 'drain'] as const
    for (const [second, phase] of phases.entries()) {
      bench.nowMs += 1_000
      bench.progress.update(() => stateAt(second, phase))
    }
    bench.progress.end()
    expect(rows(bench.text).map((row) => row.slice(0, 13))).toEqual([
      '00:02 warmup ',
      '00:05 measure',
      '00:06 drain  ',
    ])
  })

  it('a run that ends in set-up has none', () => {
    const bench = new Bench(undefined)
    bench.progress.update(() => stateAt(0, 'setup'))
    bench.progress.end()
    expect(bench.text).toBe('')
  })

  it('a day in virtual time is no flood', () => {
    const bench = new Bench(undefined).run(86_400, 0.2)
    bench.progress.end()
    expect(rows(bench.text)).toHaveLength(2)
  })
})

describe('--quiet', () => {
  it('lets only lines through', () => {
    const bench = new Bench(80, { isQuiet: true }).run(3, 1_000)
    bench.progress.log('error: x')
    bench.progress.end()
    expect(bench.text).toBe('error: x\n')
  })
})

describe('widthOf', () => {
  it.each([
    [undefined, 100],
    [20, 60],
    [80, 80],
    [300, 120],
  ])('a stream of %s columns: %i', (columns, width) => {
    const stream = { write: () => {}, isTTY: true, columns, style: plainStyler }
    expect(widthOf(stream)).toBe(width)
  })
})
