import { HistogramLogWriter, Int32Histogram } from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import { latencyIntervals } from '../../src/run-files/latency-reader.ts'

const EPOCH_MS = Date.UTC(2026, 10, 21, 2, 17)

function histogram(values: readonly number[], tag?: string): Int32Histogram {
  const made = new Int32Histogram(1, 3_600_000_000, 3)
  for (const value of values) made.recordValue(value)
  if (tag !== undefined) made.tag = tag
  return made
}

function log(write: (writer: HistogramLogWriter) => void): string {
  let text = ''
  const writer = new HistogramLogWriter((line) => (text += line))
  writer.outputLogFormatVersion()
  writer.outputStartTime(EPOCH_MS)
  writer.outputLegend()
  write(writer)
  return text
}

describe('latencyIntervals', () => {
  it('reads the intervals without a tag, relative to the start of the run', () => {
    const text = log((writer) => {
      writer.outputIntervalHistogram(histogram([1_000, 1_000, 2_500_000]), 2, 3)
      writer.outputIntervalHistogram(histogram([7], 'rank.throttled'), 2, 3)
      writer.outputIntervalHistogram(histogram([]), 3, 5)
    })
    const [first, empty, ...more] = latencyIntervals(text, EPOCH_MS)
    expect(more).toEqual([])
    expect(first?.startS).toBeCloseTo(2)
    expect(first?.lengthS).toBeCloseTo(1)
    // 2.5 s stand in a bucket 2.048 ms wide.
    expect(first?.histogram).toEqual({ lowUs: [1_000, 2_498_560], counts: [2, 1] })
    expect(empty?.lengthS).toBeCloseTo(2)
    expect(empty?.histogram).toEqual({ lowUs: [], counts: [] })
  })
})
