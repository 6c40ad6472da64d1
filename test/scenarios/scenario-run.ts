/** The scenarios that come with the package, run in virtual time against the mocks that they name. */
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { headroom, temporaryFolder } from '../e2e/command.ts'
import { readRun, type RunOutput, summaryOf } from '../e2e/run-output.ts'

export const SCENARIOS: string = fileURLToPath(new URL('../../scenarios', import.meta.url))

/** Without their ending. */
export const SCENARIO_NAMES: readonly string[] = readdirSync(SCENARIOS)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'))

export interface ScenarioRun extends RunOutput {
  readonly exitCode: number
}

/** `headroom run scenarios/NAME.ts --virtual …` */
export async function runScenario(name: string, ...flags: readonly string[]): Promise<ScenarioRun> {
  const cwd = temporaryFolder()
  const out = join(cwd, 'out')
  const script = join(SCENARIOS, `${name}.ts`)
  const { exitCode } = await headroom(['run', script, '--virtual', '--quiet', '--out', out, ...flags], {
    cwd,
  })
  return { ...readRun(out), exitCode }
}

/** A figure of summary.csv that has to be there. */
export function figureOf(run: RunOutput, name: string, column: string): number {
  const text = summaryOf(run, name)[column] ?? ''
  if (text === '') throw new Error(`summary.csv has no ${column} for ${name}`)
  return Number(text)
}

/** Accepted and throttled replies; there must be no others. */
export function repliesOf(run: RunOutput, name: string): { accepted: number; throttled: number } {
  const accepted = figureOf(run, name, 'accepted_count')
  const throttled = figureOf(run, name, 'throttled_count')
  const sent = figureOf(run, name, 'sent_count')
  if (accepted + throttled !== sent) throw new Error(`${name}: ${sent - accepted - throttled} other replies`)
  return { accepted, throttled }
}

/** What thresholds.csv says was observed. */
export function observed(run: RunOutput, metric: string): number {
  const row = run.thresholds.find((each) => each['metric'] === metric)
  if (row === undefined || row['observed'] === '') throw new Error(`thresholds.csv has nothing on ${metric}`)
  return Number(row['observed'])
}

/** The metrics whose thresholds did not pass. */
export function failedMetrics(run: RunOutput): string[] {
  return run.thresholds.filter(({ result }) => result !== 'pass').map(({ metric }) => metric ?? '')
}
