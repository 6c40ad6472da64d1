import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSecondColumns } from '../../src/run-files/second-columns.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-seconds-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function file(lines: readonly string[]): Promise<string> {
  const path = join(folder, 'timeseries.csv')
  await writeFile(path, ['schema_version,second,phase,name,sent_count,cap_rps', ...lines, ''].join('\r\n'))
  return path
}

describe('readSecondColumns', () => {
  it('has a value for each second after the warm-up, of every name', async () => {
    const path = await file([
      '1,0,warmup,_all,9,60',
      '1,1,measure,_all,10,60',
      '1,2,measure,_all,12,',
      '1,2,measure,late,2,',
      '1,3,drain,_all,3,60',
      '1,3,drain,late,0,',
    ])
    const { firstSecond, secondCount, names } = await readSecondColumns(path, ['sent_count', 'cap_rps'])
    expect({ firstSecond, secondCount }).toEqual({ firstSecond: 1, secondCount: 3 })
    expect(names.get('_all')?.get('sent_count')).toEqual([10, 12, 3])
    expect(names.get('_all')?.get('cap_rps')).toEqual([60, NaN, 60])
    expect(names.get('late')?.get('sent_count')).toEqual([0, 2, 0])
  })

  it('has nothing where nothing was measured', async () => {
    const columns = await readSecondColumns(await file(['1,0,warmup,_all,9,60']), ['sent_count'])
    expect(columns).toEqual({ firstSecond: 0, secondCount: 0, names: new Map() })
  })
})
