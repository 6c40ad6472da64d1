import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { CalibrateRequest } from '../../../../src/commands/compare/nights/request.ts'
import { runCalibrate } from '../../../../src/commands/compare/nights/run-calibrate.ts'
import { runNights } from '../../../../src/commands/compare/nights/run-nights.ts'
import { EXIT, UserError } from '../../../../src/core/errors.ts'
import { readCsvRows } from '../../../support/csv-reader.ts'
import { newFolder, REQUEST, terminal, writeNight, writeNights } from './nights-folder.ts'

const CALIBRATE: CalibrateRequest = {
  nightCount: 10,
  results: '',
  scenario: undefined,
  allowed: [],
  format: 'json',
  out: undefined,
  github: false,
}

interface Calibrated {
  readonly nightCount: number
  readonly missingCount: number
  readonly alarms: { readonly count: number; readonly totalCount: number }
  readonly promisedRatio: number
  readonly detections: readonly {
    readonly metric: string
    readonly name: string
    readonly factor: number
    readonly rate: { readonly ratio: number; readonly count: number }
  }[]
  readonly notes: readonly string[]
}

async function calibrated(results: string): Promise<Calibrated> {
  const io = terminal()
  expect(await runCalibrate({ ...CALIBRATE, results }, io)).toBe(EXIT.pass)
  return JSON.parse(io.out()) as Calibrated
}

/** Nights as they come, written and judged once: trials take their time. */
const calm = (async () => {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  await writeNights(folder, 14)
  return { folder, judged: await calibrated(folder) }
})()

async function faultsOf(parts: Partial<CalibrateRequest>): Promise<string> {
  const error: unknown = await runCalibrate({ ...CALIBRATE, ...parts }, terminal()).catch(
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(UserError)
  return (error as UserError).message
}

describe('a calibration', () => {
  it('judges each night by those before it', async () => {
    const folder = newFolder()
    await writeNights(folder, 12)
    await writeNight(folder, 12, { factorOf: { rank: 1.5 } })
    await writeNight(folder, 13)
    const { nightCount, alarms, promisedRatio, missingCount } = await calibrated(folder)
    expect({ nightCount, missingCount, promisedRatio }).toEqual({
      nightCount: 14,
      missingCount: 0,
      promisedRatio: 0.01,
    })
    expect(alarms).toMatchObject({ count: 1, totalCount: 4 })
  })

  it('does not count a confirmed regression as a false alarm', async () => {
    const folder = newFolder()
    await writeNights(folder, 12)
    const head = await writeNight(folder, 12, { factorOf: { rank: 1.5 } })
    const confirmation = await writeNight(newFolder(), 13, { factorOf: { rank: 1.5 } })
    expect(await runNights({ ...REQUEST, head, confirmation }, terminal())).toBe(EXIT.regression)
    const { alarms, notes } = await calibrated(folder)
    expect(alarms).toMatchObject({ count: 0, totalCount: 2 })
    expect(notes).toContain('nights left out because something did change, as another run confirmed: 1')
  })

  it('tells what would be found: more of a larger change', async () => {
    const { detections } = (await calm).judged
    const rates = detections.filter(({ name, metric }) => name === 'rank' && metric.endsWith('p99_ms'))
    expect(rates.map(({ factor }) => factor)).toEqual([1.1, 1.2])
    expect(rates[1]?.rate.ratio).toBeGreaterThan(0.95)
    expect(rates[0]?.rate.ratio).toBeLessThan(rates[1]?.rate.ratio ?? 0)
    expect(detections.some(({ metric }) => metric === 'throttled_ratio')).toBe(false)
  })

  it('is learning while there are too few nights', async () => {
    const folder = newFolder()
    await writeNights(folder, 8)
    expect(await calibrated(folder)).toMatchObject({ missingCount: 3, detections: [] })
    const io = terminal()
    await runCalibrate({ ...CALIBRATE, results: folder, format: 'text' }, io)
    expect(io.err()).toMatch(/^learning, 8\/11 {2}personalizer-rank-reward: too few valid nights/)
  })

  it('says the same every time, as CSV, too', async () => {
    const { folder, judged } = await calm
    const io = terminal()
    await runCalibrate({ ...CALIBRATE, results: folder, format: 'csv' }, io)
    const rows = readCsvRows(io.out())
    const counts = rows
      .filter(({ kind }) => kind === 'detection')
      .map(({ found_count: count }) => Number(count))
    expect(counts).toEqual(judged.detections.map(({ rate }) => rate.count))
    expect(rows[0]).toMatchObject({
      kind: 'alarms',
      found_count: '0',
      total_count: '4',
      promised_ratio: '0.01',
    })
    expect(rows[1]).toMatchObject({ kind: 'detection', name: 'rank', change: '1.1', total_count: '100' })
  })

  it('has a text that says how that compares with the promise', async () => {
    const { folder } = await calm
    const io = terminal()
    await runCalibrate({ ...CALIBRATE, results: folder, format: 'text' }, io)
    expect(io.err()).toMatch(
      /^calibrated {4}personalizer-rank-reward: 0 of 4 nights, 0 % \[0 % … 49 %\] would have/,
    )
  })

  it('is of one scenario', async () => {
    const folder = newFolder()
    await writeNights(folder, 12)
    await writeNight(folder, 20, { facts: { scenario: 'other' } })
    expect(await faultsOf({ results: folder })).toMatch(
      /has runs of personalizer-rank-reward, other\n.*--scenario/,
    )
    expect(await faultsOf({ results: folder, scenario: 'none' })).toContain('has no valid run of none')
    const io = terminal()
    await runCalibrate({ ...CALIBRATE, results: folder, scenario: 'other' }, io)
    expect(JSON.parse(io.out())).toMatchObject({ scenario: 'other', nightCount: 1 })
  })

  it('is of valid nights of what was measured last', async () => {
    const folder = newFolder()
    await writeNights(folder, 12)
    await writeNight(folder, 12, { end: { exitCode: EXIT.invalidRun } })
    await writeNight(folder, 13, { facts: { scriptSha256: 'c'.repeat(64) } })
    const { nightCount, notes } = await calibrated(folder)
    expect(nightCount).toBe(1)
    expect(notes).toEqual(['runs that are no past nights: 12 of another script, 1 INVALID or cut short'])
  })

  it('has no page and tells GitHub nothing', async () => {
    const faults = await faultsOf({ format: 'html', github: true })
    expect(faults).toMatch(/--format: .*\n.*text, csv or json\.\n--github: /)
  })
})
