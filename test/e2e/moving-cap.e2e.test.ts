/** The mock's cap changes while a run is under way: the files follow it second by second. */
import { describe, expect, it } from 'vitest'
import { figure, readRun, summaryOf, type Row, type RunOutput } from './run-output.ts'
import { EVEN_LOAD, runScript, type ScriptParts } from './script.ts'

async function filesOf(parts: ScriptParts, ...flags: string[]): Promise<RunOutput> {
  const run = await runScript(parts, ...flags)
  return readRun(run.out)
}

function measuredSeconds({ timeseries }: RunOutput): Row[] {
  return timeseries.filter(({ name, phase }) => name === '_all' && phase === 'measure')
}

const caps = (files: RunOutput): number[] => measuredSeconds(files).map((row) => figure(row, 'cap_rps'))

/** What a limit of one second refuses of what was sent in each, over all that was sent. */
function expectedRatio(files: RunOutput): number {
  const rows = measuredSeconds(files)
  const above = rows.map((row) => Math.max(0, figure(row, 'sent_count') - figure(row, 'cap_rps')))
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
  return sum(above) / sum(rows.map((row) => figure(row, 'sent_count')))
}

describe('in virtual time', () => {
  it('autoscale: the cap grows as the limit does, and the expected share is the sum over the seconds', async () => {
    const mock = 'custom,tps=10,autoscale=yes,autoscale-period=5s,autoscale-growth=2'
    const scenario = { ...EVEN_LOAD, rate: 60, duration: '20s' }
    const files = await filesOf({ mock, scenario }, '--virtual')
    const of = (rps: number): number[] => Array.from({ length: 5 }, () => rps)
    expect(caps(files)).toEqual([...of(10), ...of(20), ...of(40), ...of(80)])
    const all = summaryOf(files)
    expect(figure(all, 'cap_rps')).toBe(37.5)
    expect(figure(all, 'expected_throttled_ratio')).toBeCloseTo((50 + 40 + 20) / 240, 6)
    expect(figure(all, 'expected_throttled_ratio')).toBeCloseTo(expectedRatio(files), 6)
    expect(Math.abs(figure(all, 'throttled_ratio') - figure(all, 'expected_throttled_ratio'))).toBeLessThan(
      0.01,
    )
  })

  it('instances that come and go: the cap rises and falls', async () => {
    const mock = 'custom,tps=20,instances=1+3@2s+2@4s'
    const files = await filesOf({ mock, scenario: { ...EVEN_LOAD, rate: 50, duration: '6s' } }, '--virtual')
    expect(caps(files)).toEqual([20, 20, 60, 60, 40, 40])
    expect(figure(summaryOf(files), 'expected_throttled_ratio')).toBeCloseTo((30 * 2 + 10 * 2) / 300, 6)
  })

  it('what happens during set-up has happened when the load begins', async () => {
    const mock = 'custom,tps=20,instances=1+2@10s+3@12s'
    const module = 'export function setup() { sleep(10) }'
    const files = await filesOf({ mock, module, scenario: { ...EVEN_LOAD, duration: '4s' } }, '--virtual')
    expect(caps(files)).toEqual([40, 40, 60, 60])
  })

  it('workers bound what gets through, and nothing is expected to be refused', async () => {
    const mock = 'custom,workers=2,latency=100ms'
    const files = await filesOf({ mock, scenario: { ...EVEN_LOAD, rate: 30 } }, '--virtual')
    expect(caps(files)).toEqual([20, 20])
    expect(summaryOf(files)['expected_throttled_ratio']).toBe('')
    expect(figure(summaryOf(files), 'throttled_ratio')).toBe(0)
  })
})

it('over sockets the mock’s process tells: instances taken away lower the cap', async () => {
  const mock = 'custom,tps=20,instances=4+1@3s'
  const files = await filesOf({ mock, scenario: { ...EVEN_LOAD, rate: 10, duration: '7s' } })
  const seen = caps(files)
  expect(seen[0]).toBe(80)
  expect(seen.at(-1)).toBe(20)
  expect(seen).toEqual([...seen].sort((a, b) => b - a))
  expect(new Set(seen)).toEqual(new Set([80, 20]))
})
