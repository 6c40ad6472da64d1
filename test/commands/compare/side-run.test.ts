import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { runsAt } from '../../../src/commands/compare/side-run.ts'
import { EXIT, UserError } from '../../../src/core/errors.ts'

/** A folder with this file in it. */
function folderWith(name: string, lines: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, name), lines.map((line) => `${line}\r\n`).join(''))
  return folder
}

it.each([
  ['timeseries.csv', 'schema_version,run_id,second,name,sent_count', '1,r,0,_all,7'],
  ['histogram.csv', 'schema_version,run_id,name,outcome,measure,low_us', '1,r,a,accepted,service_time,9'],
  ['burst.csv', 'schema_version,run_id,name,traffic,window_ms', '1,r,_all,sent,100'],
  ['comparison.csv', 'schema_version,base_run_ids,name,metric,base', '1,r,_all,accepted_rps,5'],
  ['gate.csv', 'schema_version,run_id,event,name', '1,r,passed,'],
])('%s is no run, although it has names', async (name, ...lines) => {
  const error: unknown = await runsAt([name], folderWith(name, lines)).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UserError)
  expect((error as UserError).message).toContain(`${name}: there is no run in it`)
})

it.each([
  [EXIT.pass, 'VALID'],
  [EXIT.thresholds, 'VALID'],
  [EXIT.invalidRun, 'INVALID'],
  [EXIT.interrupted, 'SUSPECT'],
  [EXIT.script, 'SUSPECT'],
])('a run of runs.csv that ended with %d is %s', async (exitCode, verdict) => {
  const lines = ['schema_version,run_id,exit_code,duration_s', `1,r,${exitCode},60`]
  const [run] = await runsAt(['runs.csv'], folderWith('runs.csv', lines))
  expect(run?.shown.verdict).toBe(verdict)
})
