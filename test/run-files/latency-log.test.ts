import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import {
  HistogramLogReader,
  HistogramLogWriter,
  Int32Histogram,
  type JsHistogram,
  listTags,
} from 'hdr-histogram-js'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Recorder } from '../../src/measure/recorder.ts'
import type { SecondCell } from '../../src/measure/snapshot.ts'
import type { Outcome } from '../../src/measure/outcome.ts'
import { LatencyLog, latencyLogHeader, wholeRunLatencyLog } from '../../src/run-files/latency-log.ts'

const EPOCH_MS = Date.UTC(2026, 10, 21, 2, 17)
const SECOND_US = 1_000_000

const JAVA = '/usr/bin/java'

/** A request every 10 ms that takes a millisecond more than the one before, over `seconds`. */
function cellsOf(seconds: number, nameOf: (n: number) => string = () => 'rank'): readonly SecondCell[] {
  const recorder = new Recorder()
  for (let n = 0; n < 100 * seconds; n++) {
    const id = recorder.nameId(nameOf(n))
    const sentUs = n * 10_000
    const outcome: Outcome = n % 4 === 0 ? 'throttled' : 'accepted'
    recorder.sent(id, sentUs, 1)
    recorder.done(id, {
      outcome,
      plannedUs: sentUs,
      sentUs,
      doneUs: sentUs + durationUs(n),
      attempt: 1,
      retryAfterUs: undefined,
      sentBytes: 0,
      receivedBytes: 0,
      operation: undefined,
    })
  }
  // The last replies come in a further second, in which nothing was sent.
  return recorder.close(seconds * SECOND_US).closed.slice(0, seconds)
}

function durationUs(n: number): number {
  return (n % 90) * 1_000 + 7
}

function logOf(cells: readonly SecondCell[], warmupUs = 0, loadEndUs = 10 * SECOND_US): string {
  const log = new LatencyLog({ warmupUs, loadEndUs })
  // A second at a time, as they come.
  return latencyLogHeader(EPOCH_MS) + cells.map((cell) => log.add([cell])).join('') + log.end()
}

function intervalsOf(text: string): JsHistogram[] {
  const reader = new HistogramLogReader(text)
  const intervals: JsHistogram[] = []
  for (;;) {
    const next = reader.nextIntervalHistogram() as JsHistogram | null
    if (next === null) return intervals
    intervals.push(next)
  }
}

/** All intervals of a tag in one. */
function together(text: string, tag: string): JsHistogram {
  const sum = new Int32Histogram(1, 3_600_000_000, 3)
  for (const each of intervalsOf(text)) if (each.tag === tag) sum.add(each)
  return sum
}

function oracle(seconds: readonly number[], isWanted: (n: number) => boolean): JsHistogram {
  const histogram = new Int32Histogram(1, 3_600_000_000, 3)
  for (const second of seconds) {
    for (let n = 100 * second; n < 100 * (second + 1); n++)
      if (isWanted(n)) histogram.recordValue(durationUs(n))
  }
  return histogram
}

/** What the library's writer says of an interval, in µs, but for the compressed histogram. */
function libraryFields(histogram: JsHistogram, startUs: number, endUs: number): string[] {
  let line = ''
  const writer = new HistogramLogWriter((text) => (line += text))
  writer.outputIntervalHistogram(histogram, startUs / SECOND_US, endUs / SECOND_US, 1_000)
  return fieldsOf(line)
}

function fieldsOf(line: string): string[] {
  return line.split(',').slice(0, -1)
}

function percentiles(histogram: JsHistogram): number[] {
  return [histogram.totalCount, ...[0, 50, 90, 99, 100].map((at) => histogram.getValueAtPercentile(at))]
}

describe('latency.hlog', () => {
  it('holds what was recorded, by name and outcome, and all accepted replies without a tag', () => {
    const text = logOf(cellsOf(3))
    const isThrottled = (n: number): boolean => n % 4 === 0
    expect(listTags(text)).toEqual(['NO TAG', 'rank.accepted', 'rank.throttled'])
    expect(percentiles(together(text, 'rank.throttled'))).toEqual(percentiles(oracle([0, 1, 2], isThrottled)))
    const accepted = percentiles(oracle([0, 1, 2], (n) => !isThrottled(n)))
    expect(percentiles(together(text, 'rank.accepted'))).toEqual(accepted)
    expect(percentiles(together(text, 'NO TAG'))).toEqual(accepted)
  })

  it('has an interval a second, each at its time', () => {
    const untagged = intervalsOf(logOf(cellsOf(3))).filter(({ tag }) => tag === 'NO TAG')
    expect(untagged.map(({ startTimeStampMsec }) => startTimeStampMsec - EPOCH_MS)).toEqual([0, 1_000, 2_000])
    expect(untagged.map((each) => each.endTimeStampMsec - each.startTimeStampMsec)).toEqual([
      1_000, 1_000, 1_000,
    ])
  })

  it('leaves the warm-up out', () => {
    const text = logOf(cellsOf(3), 2 * SECOND_US)
    expect(percentiles(together(text, 'NO TAG'))).toEqual(percentiles(oracle([2], (n) => n % 4 !== 0)))
  })

  it('has longer intervals in a run of hours, and loses nothing', () => {
    const text = logOf(cellsOf(5), 0, 2 * 3_600 * SECOND_US)
    const untagged = intervalsOf(text).filter(({ tag }) => tag === 'NO TAG')
    expect(untagged.map((each) => each.endTimeStampMsec - each.startTimeStampMsec)).toEqual([
      2_000, 2_000, 1_000,
    ])
    expect(together(text, 'NO TAG').totalCount).toBe(375)
  })

  it('has an interval without values for a second without replies', () => {
    const [cell] = cellsOf(1)
    if (cell === undefined) throw new Error('no cell')
    const untagged = intervalsOf(logOf([{ ...cell, names: [] }]))
    expect(untagged.map(({ totalCount }) => totalCount)).toEqual([0])
  })

  it.each(['GET /items', 'a,b', 'ünïcode', '', 'a\nTag=b'])('refuses the name %j in a tag', (name) => {
    const log = new LatencyLog({ warmupUs: 0, loadEndUs: SECOND_US })
    const text = latencyLogHeader(EPOCH_MS) + log.add(cellsOf(1, (n) => (n % 2 === 0 ? name : 'rank')))
    expect(log.refusedNames).toEqual([name])
    expect(listTags(text)).toEqual(['NO TAG', 'rank.accepted'])
    expect(together(text, 'NO TAG').totalCount).toBe(75)
  })

  it('of a whole run is one interval that holds its histograms', () => {
    const histogram = { lowUs: [5_000, 40_000], counts: [3, 1] }
    const rows = [
      { name: '_all', measure: 'response_time', outcome: 'accepted', histogram },
      { name: 'rank', measure: 'response_time', outcome: 'accepted', histogram },
      { name: 'rank', measure: 'service_time', outcome: 'accepted', histogram },
      { name: '_all', measure: 'schedule_delay', outcome: null, histogram },
    ] as const
    const text = wholeRunLatencyLog(EPOCH_MS, { startS: 2, endS: 20 }, rows)
    expect(intervalsOf(text).map(({ tag, totalCount }) => ({ tag, totalCount }))).toEqual([
      { tag: 'NO TAG', totalCount: 4 },
      { tag: 'rank.accepted', totalCount: 4 },
    ])
  })

  it('of a whole run takes the rows of histogram.csv in any order, and a bucket that comes twice', () => {
    const log = (lowUs: readonly number[], counts: readonly number[]): string =>
      wholeRunLatencyLog(EPOCH_MS, { startS: 0, endS: 1 }, [
        { name: 'rank', measure: 'response_time', outcome: 'accepted', histogram: { lowUs, counts } },
      ])
    expect(log([900, 20, 0, 20], [3, 1, 4, 6])).toBe(log([0, 20, 900], [4, 7, 3]))
  })

  const micros = fc.integer({ min: 0, max: 100_000 * SECOND_US })
  it('has lines as the writer of the library makes them', () => {
    const someUs = fc.array(fc.oneof(fc.nat(5_000), fc.nat(3_600_000_000)), { maxLength: 5 })
    fc.assert(
      fc.property(micros, micros, someUs, (startUs, lengthUs, values) => {
        const histogram = new Int32Histogram(1, 3_600_000_000, 3)
        const lowUs = values.map((us) => histogram.lowestEquivalentValue(us)).toSorted((a, b) => a - b)
        for (const us of lowUs) histogram.recordValue(us)
        const counted = [...new Set(lowUs)]
        const counts = counted.map((us) => histogram.getCountAtIndex(histogram.countsArrayIndex(us)))
        const rows = [
          { name: 'a', measure: 'response_time', outcome: 'accepted', histogram: { lowUs: counted, counts } },
        ] as const
        const endUs = startUs + lengthUs
        const interval = { startS: startUs / SECOND_US, endS: endUs / SECOND_US }
        const text = wholeRunLatencyLog(EPOCH_MS, interval, rows)
        const untagged = libraryFields(histogram, startUs, endUs)
        histogram.tag = 'a.accepted'
        const lines = text.slice(latencyLogHeader(EPOCH_MS).length).split('\n')
        expect(lines.map(fieldsOf)).toEqual([untagged, libraryFields(histogram, startUs, endUs), []])
      }),
    )
  })

  it('has an empty line as the writer of the library makes it, and its whole text reads back', () => {
    const text = wholeRunLatencyLog(EPOCH_MS, { startS: 0.0005, endS: 1.5 }, [])
    const [line = ''] = text.slice(latencyLogHeader(EPOCH_MS).length).split('\n')
    const empty = new Int32Histogram(1, 3_600_000_000, 3)
    expect(fieldsOf(line)).toEqual(libraryFields(empty, 500, 1_500_000))
    expect(intervalsOf(text).map(({ totalCount }) => totalCount)).toEqual([0])
  })

  it('adds up the names of a second in the line without a tag', () => {
    const text = logOf(cellsOf(2, (n) => (n % 3 === 0 ? 'reward' : 'rank')))
    expect(listTags(text)).toEqual([
      'NO TAG',
      'reward.accepted',
      'reward.throttled',
      'rank.accepted',
      'rank.throttled',
    ])
    const isAccepted = (n: number): boolean => n % 4 !== 0
    expect(percentiles(together(text, 'NO TAG'))).toEqual(percentiles(oracle([0, 1], isAccepted)))
    const ofReward = oracle([0, 1], (n) => isAccepted(n) && n % 3 === 0)
    expect(percentiles(together(text, 'reward.accepted'))).toEqual(percentiles(ofReward))
  })

  const jar = hdrHistogramJar()
  it.skipIf(jar === undefined)('is read by the processor of the HdrHistogram package', () => {
    const folder = mkdtempSync(join(tmpdir(), 'headroom-hlog-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const path = join(folder, 'latency.hlog')
    writeFileSync(path, logOf(cellsOf(3)))
    const processor = ['-cp', jar ?? '', 'org.HdrHistogram.HistogramLogProcessor', '-i', path]
    const options = ['-tag', 'rank.throttled', '-outputValueUnitRatio', '1000']
    const output = execFileSync(JAVA, [...processor, ...options], { encoding: 'utf8' })
    const expected = oracle([0, 1, 2], (n) => n % 4 === 0)
    expect(/#\[Max\s*=\s*([\d.]+), Total count\s*=\s*(\d+)\]/.exec(output)?.slice(1)).toEqual([
      (expected.getValueAtPercentile(100) / 1_000).toFixed(3),
      String(expected.totalCount),
    ])
  })
})

/** As Debian's libhdrhistogram-java installs it, where Java is there too. */
function hdrHistogramJar(): string | undefined {
  const folder = '/usr/share/java'
  if (!existsSync(folder) || !existsSync(JAVA)) return undefined
  const jar = readdirSync(folder).find((file) => /^hdrhistogram.*\.jar$/i.test(file))
  return jar === undefined ? undefined : join(folder, jar)
}
