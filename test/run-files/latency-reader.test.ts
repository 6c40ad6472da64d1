import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HistogramLogWriter, Int32Histogram } from 'hdr-histogram-js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readLatency } from '../../src/run-files/latency-reader.ts'

const EPOCH_MS = Date.UTC(2026, 10, 21, 2, 17)

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-latency-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

function histogram(values: readonly number[], tag?: string): Int32Histogram {
  const made = new Int32Histogram(1, 3_600_000_000, 3)
  for (const value of values) made.recordValue(value)
  if (tag !== undefined) made.tag = tag
  return made
}

async function log(write: (writer: HistogramLogWriter) => void): Promise<string> {
  let text = ''
  const writer = new HistogramLogWriter((line) => (text += line))
  writer.outputLogFormatVersion()
  writer.outputStartTime(EPOCH_MS)
  writer.outputLegend()
  write(writer)
  const path = join(folder, 'latency.hlog')
  await writeFile(path, text)
  return path
}

describe('readLatency', () => {
  it('reads the intervals without a tag, relative to the start of the run', async () => {
    const path = await log((writer) => {
      writer.outputIntervalHistogram(histogram([1_000, 1_000, 2_500_000]), 2, 3)
      writer.outputIntervalHistogram(histogram([7], 'rank.throttled'), 2, 3)
      writer.outputIntervalHistogram(histogram([]), 3, 5)
    })
    const [first, empty, ...more] = (await readLatency(path, EPOCH_MS, ['_all'])).get('_all') ?? []
    expect(more).toEqual([])
    expect(first?.startS).toBeCloseTo(2)
    expect(first?.lengthS).toBeCloseTo(1)
    // 2.5 s stand in a bucket 2.048 ms wide.
    expect(first?.histogram).toEqual({ lowUs: [1_000, 2_498_560], counts: [2, 1] })
    expect(empty?.lengthS).toBeCloseTo(2)
    expect(empty?.histogram).toEqual({ lowUs: [], counts: [] })
  })

  it('reads the accepted replies of the names that are asked for', async () => {
    const path = await log((writer) => {
      for (const [second, tag] of ['rank.accepted', 'a.accepted.accepted', 'rank.throttled'].entries()) {
        writer.outputIntervalHistogram(histogram([10 + second], tag), second, second + 1)
      }
      writer.outputIntervalHistogram(histogram([5], 'reward.accepted'), 9, 10)
    })
    const byName = await readLatency(path, EPOCH_MS, ['rank', 'a.accepted', 'two words'])
    const values = [...byName].map(([name, intervals]) => [
      name,
      intervals.map(({ startS, histogram: { lowUs } }) => [Math.round(startS), lowUs]),
    ])
    expect(values).toEqual([
      ['rank', [[0, [10]]]],
      ['a.accepted', [[1, [11]]]],
      ['two words', []],
    ])
  })

  it('says which file it cannot read', async () => {
    await expect(readLatency(join(folder, 'none.hlog'), EPOCH_MS, ['_all'])).rejects.toThrow(
      /none\.hlog: cannot be read/,
    )
    const path = join(folder, 'broken.hlog')
    await writeFile(path, '0.000,1.000,1.0,notAHistogram\n')
    await expect(readLatency(path, EPOCH_MS, ['_all'])).rejects.toThrow(/broken\.hlog: cannot be read/)
  })
})
