import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { readHistograms } from '../../src/run-files/histogram-reader.ts'

const HEADER = 'schema_version,run_id,name,outcome,measure,low_us,high_us,count'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-histogram-reader-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

async function read(lines: readonly string[]): ReturnType<typeof readHistograms> {
  const path = join(folder, 'histogram.csv')
  await writeFile(path, [HEADER, ...lines, ''].join('\r\n'))
  return readHistograms(path)
}

describe('readHistograms', () => {
  it('puts the buckets of one name, outcome and measure together', async () => {
    const histograms = await read([
      '1,r,rank,accepted,response_time,10,10,3',
      '1,r,rank,throttled,response_time,11,11,1',
      '1,r,rank,accepted,response_time,3600000000,3600000000,2',
      '1,r,_all,,schedule_delay,0,0,5',
    ])
    expect(histograms).toEqual([
      {
        name: 'rank',
        outcome: 'accepted',
        measure: 'response_time',
        histogram: { lowUs: [10, 3_600_000_000], counts: [3, 2] },
      },
      {
        name: 'rank',
        outcome: 'throttled',
        measure: 'response_time',
        histogram: { lowUs: [11], counts: [1] },
      },
      { name: '_all', outcome: null, measure: 'schedule_delay', histogram: { lowUs: [0], counts: [5] } },
    ])
  })

  it.each([
    ['above one hour', '3600000001', '3', 'low_us of rank is 3600000001'],
    ['below 0', '-1', '3', 'low_us of rank is -1'],
    ['of half a microsecond', '0.5', '3', 'low_us of rank is 0.5'],
    ['with half a request', '10', '2.5', 'count of rank is 2.5'],
    ['with less than no requests', '10', '-2', 'count of rank is -2'],
  ])('refuses a bucket %s', async (_story, lowUs, count, what) => {
    const reading = read([`1,r,rank,accepted,response_time,${lowUs},,${count}`])
    await expect(reading).rejects.toThrow(UserError)
    await expect(reading).rejects.toThrow(what)
  })
})
