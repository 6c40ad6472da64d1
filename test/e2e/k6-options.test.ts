/** What runs and how long, said in all the places where k6 lets one say it; and runs that their scripts end. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { headroom, type CommandEnd } from './command.ts'
import { expectToAddUp, figure, readRun, runDirectories, summaryOf } from './run-output.ts'
import { runScript, scriptText, workplace, type ScriptParts } from './script.ts'

/** Iterations of 500 ms, one request each. */
const HALF_SECOND: ScriptParts = {
  mock: 'custom,latency=0ms,tps=none',
  body: "http.get(`${__ENV.TARGET}/a`, { tags: { name: 'a' } })\n  sleep(0.5)",
}

const withScenario = (scenario: object): ScriptParts => ({ ...HALF_SECOND, scenario })

describe('a number of iterations', () => {
  it('ends the run when it is done: rates are those of the time that it took', async () => {
    const run = await runScript(HALF_SECOND, '--virtual', '-i', '40', '-u', '4')
    expect(run.exitCode).toBe(0)
    const files = readRun(run.out)
    const all = summaryOf(files)
    expect(figure(all, 'duration_s')).toBeCloseTo(5, 3)
    expect(figure(all, 'offered_rps')).toBeCloseTo(8, 3)
    expect(figure(all, 'iterations_due_count')).toBe(40)
    expect(files.timeseries.filter(({ phase }) => phase === 'drain')).toEqual([])
    expectToAddUp(files)
  })

  it('is no fault of the instrument when it is not done in time, and the summary says so', async () => {
    const scenario = { executor: 'per-vu-iterations', vus: 2, iterations: 10, maxDuration: '3s' }
    const run = await runScript(withScenario(scenario), '--virtual')
    expect(run.exitCode).toBe(0)
    const all = summaryOf(readRun(run.out))
    expect(all).toMatchObject({ verdict: 'VALID', duration_s: '3' })
    expect(figure(all, 'iterations_due_count')).toBe(20)
    expect(figure(all, 'iterations_dropped_count')).toBe(8)
    expect(run.stderr).toMatch(/had not begun when maxDuration was over: 8;\s+raise maxDuration or vus/)
  })

  it('is one when nobody says anything', async () => {
    const run = await runScript(
      "import http from 'k6/http'\nexport default () => http.get(`${__ENV.TARGET}/a`)\n",
      '--target',
      'mock:custom',
      '--virtual',
    )
    expect(run.exitCode).toBe(0)
    expect(summaryOf(readRun(run.out))).toMatchObject({ offered_count: '1' })
  })
})

describe('options from outside of the script', () => {
  async function plan(
    flags: readonly string[],
    env: Readonly<Record<string, string>> = {},
    config?: object,
  ): Promise<CommandEnd> {
    const { folder } = workplace(HALF_SECOND)
    if (config !== undefined) writeFileSync(join(folder, 'k6.json'), JSON.stringify(config))
    return headroom(['run', 'script.ts', '--dry-run', ...flags], { cwd: folder, env })
  }

  it.each<[string, readonly string[], Record<string, string>, object | undefined, string]>([
    ['flags', ['-u', '3', '-d', '20s'], {}, undefined, 'default: constant-vus for 20s, 3 VUs'],
    [
      'repeated flags',
      ['-s', '10s:5', '--stage', '5s:5,5s:0'],
      {},
      undefined,
      'default: ramping-vus for 20s, 1 to 5 to 5 to 0 VUs',
    ],
    [
      'variables',
      [],
      { K6_ITERATIONS: '50', K6_VUS: '5' },
      undefined,
      'default: shared-iterations, 50 by 5 VUs, for at most 10m',
    ],
    [
      'flags above variables',
      ['-d', '1m', '-i', '9'],
      { K6_STAGES: '1s:1' },
      undefined,
      'default: shared-iterations, 9 by 1 VUs, for at most 1m',
    ],
    [
      'the script above the file',
      ['-c', 'k6.json'],
      {},
      { stages: [{ duration: '9s', target: 1 }] },
      'main: constant-arrival-rate for 2s',
    ],
  ])('%s', async (_, flags, env, config, expected) => {
    const end = await plan(flags, env, config)
    expect(end.stderr).toContain(expected)
    expect(end.exitCode).toBe(0)
  })

  it('are told with their faults by the place', async () => {
    const end = await plan(
      ['-c', 'k6.json', '--max-redirects', '-1'],
      { K6_BATCH: 'x' },
      { setupTimeout: 'y' },
    )
    expect(end.exitCode).toBe(104)
    expect(end.stderr).toMatch(/^k6\.json: setupTimeout: must be a duration/m)
    expect(end.stderr).toMatch(/^K6_BATCH: must be a whole number/m)
    expect(end.stderr).toMatch(/^--max-redirects: must be a whole number/m)
  })

  it('say what is ignored', async () => {
    const folder = workplace(scriptText({ ...HALF_SECOND, options: { scenarios: undefined, vus: 5 } })).folder
    const end = await headroom(['run', 'script.ts', '--dry-run'], { cwd: folder })
    expect(end.exitCode).toBe(0)
    expect(end.stderr).toMatch(/^warning: options\.vus is ignored/m)
  })

  it('can leave setup and teardown out', async () => {
    const module =
      "export function setup() { throw new Error('no') }\nexport function teardown() { fail('no') }"
    const run = await runScript(
      { ...HALF_SECOND, module },
      '--virtual',
      '-i',
      '1',
      '--no-setup',
      '--no-teardown',
    )
    expect(run.exitCode).toBe(0)
  })
})

describe('a script that ends its test', () => {
  const LONG = { executor: 'constant-vus', vus: 2, duration: '1m' }
  const exec = (body: string): ScriptParts => ({
    ...withScenario(LONG),
    module: "import exec from 'k6/execution'\nexport function teardown() { console.log('torn down') }",
    body: `${HALF_SECOND.body}\n  ${body}`,
  })

  it('108 by exec.test.abort: teardown runs, the figures are kept, the reason is shown', async () => {
    const run = await runScript(
      exec("if (exec.scenario.iterationInTest === 5) exec.test.abort('full')"),
      '--virtual',
    )
    expect(run.exitCode).toBe(108)
    expect(run.stderr).toContain('test aborted: full')
    expect(run.stderr).toContain('torn down')
    expect(run.stderr).toContain('the script aborted the test')
    const all = summaryOf(readRun(run.out))
    expect(figure(all, 'duration_s')).toBeCloseTo(1.5, 3)
    // Two VUs: the sixth iteration ends when the seventh has just begun.
    expect(figure(all, 'offered_count')).toBe(7)
  })

  it('108 while it loads, with no traffic', async () => {
    const module = "import exec from 'k6/execution'\nexec.test.abort('no data')"
    const run = await runScript({ ...HALF_SECOND, module }, '--virtual')
    expect(run.exitCode).toBe(108)
    expect(run.stderr).toContain('test aborted: no data')
    expect(runDirectories(run.out)).toEqual([])
  })

  it('110 by exec.test.fail, at the end of the plan', async () => {
    const run = await runScript({ ...exec("exec.test.fail('bad data')") }, '--virtual', '-i', '4')
    expect(run.exitCode).toBe(110)
    expect(run.stderr).toContain('test marked as failed: bad data')
    expect(summaryOf(readRun(run.out))).toMatchObject({ offered_count: '4' })
  })

  it('knows when it is and what it is given', async () => {
    const body = 'console.log(JSON.stringify([exec.scenario, exec.test.options.scenarios.main.vus]))'
    const run = await runScript(exec(body), '--virtual', '--max-requests', '2')
    expect(run.stderr).toContain(
      '[{"name":"main","executor":"constant-vus","startTime":946684800000,"progress":',
    )
    expect(run.stderr).toContain('"iterationInInstance":1,"iterationInTest":1},2]')
  })
})
