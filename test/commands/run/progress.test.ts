import { describe, expect, it } from 'vitest'
import type { OutputStream } from '../../../src/commands/io.ts'
import { createProgress, widthOf, type Progress } from '../../../src/commands/run/progress.ts'
import type { LiveState } from '../../../src/report/live.ts'
import { plainStyler } from '../../../src/report/style.ts'
import { screenOf } from '../../e2e/screen.ts'

/** What is shown here is only when and where; what stands in a frame is the report's affair. */
function stateAt(second: number): LiveState {
  const rates = { offeredRps: 0, sentRps: 0, retryRps: 0, acceptedRps: 0 }
  const none = { throttledRatio: undefined, errorRatio: undefined, throttledP50Us: undefined }
  return {
    scenario: 'spike',
    phase: 'measure',
    elapsedUs: second * 1_000_000,
    totalUs: undefined,
    recent: { ...rates, ...none, p50Us: undefined, p95Us: undefined, p99Us: undefined },
    totals: { sentCount: second, throttledRatio: undefined, errorCount: 0, droppedCount: 0 },
    capRps: undefined,
    inflightCount: 0,
    inflightMaxCount: 0,
    scheduleDelayP99Us: undefined,
    verdict: 'VALID',
    names: [],
  }
}

class Bench {
  nowMs = 0
  text = ''
  readonly progress: Progress

  constructor(columns: number | undefined, quiet = false) {
    const stderr: OutputStream = {
      write: (text) => {
        this.text += text
      },
      isTTY: columns !== undefined,
      columns,
      style: plainStyler,
    }
    this.progress = createProgress({ stderr, env: {} }, quiet, () => this.nowMs)
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

  it('a day in virtual time is no flood', () => {
    const bench = new Bench(undefined).run(86_400, 0.2)
    bench.progress.end()
    expect(rows(bench.text)).toHaveLength(2)
  })
})

describe('--quiet', () => {
  it('lets only lines through', () => {
    const bench = new Bench(80, true).run(3, 1_000)
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
