/** What makes a load generator spoil its own figures, each for real: the run says so, and what to do. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Verdict } from '../../src/measure/summary.ts'
import { expectNothingLeft, WatchedCommand } from './left-behind.ts'
import { preload } from './process.ts'
import { readRun, summaryOf } from './run-output.ts'
import { EVEN_LOAD, runScript, workplace, type Workplace } from './script.ts'
import { httpTarget } from './target.ts'

/** The verdict in the files of the only run there; level and codes also stand in what was printed. */
function verdictOf({ out }: Workplace): Verdict {
  const run = readRun(out)
  const { verdict } = JSON.parse(readFileSync(join(run.path, 'summary.json'), 'utf8')) as { verdict: Verdict }
  expect(summaryOf(run)).toMatchObject({
    verdict: verdict.level,
    verdict_reasons: verdict.reasons.map(({ code }) => code).join(' '),
  })
  return verdict
}

/** `LEVEL code` of every reason. */
function reasonsOf(place: Workplace): string[] {
  return verdictOf(place).reasons.map(({ level, code }) => `${level} ${code}`)
}

interface ProcessEnd {
  readonly exitCode: number | null
  readonly stderr: string
}

/** Starts the built command behind another one, which becomes it. */
function startBehind(prefix: readonly string[], { folder, out }: Workplace, target: string) {
  const watched = new WatchedCommand()
  const run = [process.execPath, watched.script, 'run', 'script.ts', '--out', out, '--target', target]
  const [command = '', ...argv] = [...prefix, ...run]
  const { env } = watched
  const child = spawn(command, argv, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const end = once(child, 'close').then(([exitCode]: (number | null)[]): ProcessEnd => {
    expectNothingLeft(watched, exitCode ?? null)
    return { exitCode: exitCode ?? null, stderr }
  })
  return { pid: child.pid ?? 0, end }
}

/** Without the line breaks of the report. */
function unwrapped(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

/** @throws when it fails. */
function execute(command: string, ...argv: readonly string[]): void {
  execFileSync(command, argv, { stdio: 'ignore' })
}

/** Whether this machine has the command and lets us use it so. */
function works(command: string, ...argv: readonly string[]): boolean {
  try {
    execute(command, ...argv)
    return true
  } catch {
    return false
  }
}

/** Every 30th iteration keeps the thread for 300 ms. */
const BLOCKING = `
  if (exec.scenario.iterationInTest % 30 === 29) for (const end = Date.now() + 300; Date.now() < end; );
  http.get(__ENV.TARGET + '/a', { tags: { name: 'a' } })
  sleep(0.05)`
const IMPORT_EXECUTION = "import exec from 'k6/execution'"

describe('a script that blocks the event loop for 300 ms', () => {
  it('spoils arrivals', async () => {
    const scenario = { ...EVEN_LOAD, rate: 40, duration: '3s' }
    const run = await runScript({
      mock: 'custom,latency=5ms',
      scenario,
      module: IMPORT_EXECUTION,
      body: BLOCKING,
    })
    expect(run.exitCode).toBe(3)
    expect(reasonsOf(run)).toContain('INVALID schedule_delay')
    expect(run.stderr).toMatch(/^INVALID +load generator: schedule delay p99 \d/m)
    expect(unwrapped(run.stderr)).toContain('or make the script do less per iteration.')
  })

  it('spoils the times of VUs, which have no plan to be late for', async () => {
    const scenario = { executor: 'constant-vus', vus: 3, duration: '3s' }
    const run = await runScript({
      mock: 'custom,latency=5ms',
      scenario,
      module: IMPORT_EXECUTION,
      body: BLOCKING,
    })
    expect(run.exitCode).toBe(3)
    expect(reasonsOf(run)).toContain('INVALID loop_delay')
    expect(unwrapped(run.stderr)).toContain('Look for long loops and large bodies in the script')
  })
})

it('a script that computes all the time, if only a little at once', async () => {
  const scenario = { executor: 'constant-vus', vus: 4, duration: '3s' }
  const body = `
    for (const end = Date.now() + 2; Date.now() < end; );
    http.get(__ENV.TARGET + '/a', { tags: { name: 'a' } })`
  const run = await runScript({ mock: 'custom,latency=2ms', scenario, body })
  expect(reasonsOf(run)).toContain('SUSPECT loop_utilization')
  expect(unwrapped(run.stderr)).toContain('rates may be the generator’s limit, not the target’s')
})

/** Does that in the thread of the engine. */
function inEngine(source: string): readonly string[] {
  const module = `import { isMainThread } from 'node:worker_threads'
    if (!isMainThread) { ${source} }`
  return ['env', `NODE_OPTIONS=--import=${preload(module)}`]
}

it.each([
  ['even', '0s'],
  ['poisson', '1s'],
])('an engine that ends early misses %s arrivals, after a warm-up of %s', async (arrival, warmup) => {
  const target = await httpTarget((_request, response) => response.end())
  const scenario = { ...EVEN_LOAD, duration: '6s' }
  const place = workplace({ scenario, headroom: { warmup, arrival: { main: arrival } } })
  const ending = inEngine('setTimeout(() => process.exit(), 3_000)')
  const { exitCode, stderr } = await startBehind(ending, place, target).end
  expect(exitCode).toBe(1)
  expect(reasonsOf(place)).toContain('INVALID achieved_rate')
  expect(unwrapped(stderr)).toMatch(/Only \d+ of \d+ planned iterations \(\d\d?(\.\d)? %\) came up/)
})

it.each([
  [2_000, 'INVALID', 3, /set forward by (?:1990|2000|2010) ms, or the machine was suspended/],
  [-400, 'SUSPECT', 0, /set back by (?:399|400|401) ms/],
])('a clock that is set by %d ms', async (stepMs, level, exitCode, shown) => {
  const target = await httpTarget((_request, response) => response.end())
  const place = workplace({ scenario: { ...EVEN_LOAD, duration: '4s' } })
  const stepping = inEngine(`
    const { now } = Date
    Date.now = () => now() + (performance.now() < 2_500 ? 0 : ${stepMs})`)
  const end = await startBehind(stepping, place, target).end
  // On a busy machine other reasons may make it INVALID.
  expect([exitCode, 3]).toContain(end.exitCode)
  expect(reasonsOf(place)).toContain(`${level} clock_step`)
  expect(unwrapped(end.stderr)).toMatch(shown)
})

it('too few VUs drop arrivals', async () => {
  const scenario = { ...EVEN_LOAD, preAllocatedVUs: 1, maxVUs: 1 }
  const run = await runScript({ mock: 'custom,latency=400ms', scenario })
  expect(run.exitCode).toBe(3)
  expect(reasonsOf(run)).toContain('INVALID dropped')
  expect(run.stderr).toContain('Raise maxVUs of the scenario.')
})

describe('connections', () => {
  /** Takes 60 ms for each connection; while it does, only two others fit into its queue. */
  const SLOW_LISTENER = `
    const { createServer } = require('node:http')
    const never = new Int32Array(new SharedArrayBuffer(4))
    const server = createServer((request, response) => response.end())
    server.on('connection', () => Atomics.wait(never, 0, 0, 60))
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port))`

  async function slowListener(): Promise<string> {
    const child = spawn(process.execPath, ['-e', SLOW_LISTENER], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const [port] = (await once(child.stdout, 'data')) as [Buffer]
    return `http://127.0.0.1:${Number(port.toString())}`
  }

  const scenario = { ...EVEN_LOAD, rate: 40, duration: '3s' }

  it('that the target accepts slowly', async () => {
    const run = await runScript({ scenario }, '--target', await slowListener())
    expect(reasonsOf(run)).toContain('SUSPECT connection_wait')
    expect(unwrapped(run.stderr)).toContain('a short listen queue at the target')
  })

  it('that are wanted for every request raise no doubt, however slow they are', async () => {
    const options = { noConnectionReuse: true }
    const short = { ...scenario, duration: '1s' }
    const run = await runScript({ scenario: short, options }, '--target', await slowListener())
    expect(reasonsOf(run)).not.toContain('SUSPECT connection_wait')
  })

  it.runIf(works('prlimit', '--pid', String(process.pid)))(
    'that the limit of open files does not allow',
    async () => {
      let requestCount = 0
      const target = await httpTarget((_request, response) => {
        setTimeout(() => response.end(), 900)
        if (++requestCount === 20) allowNoMoreFiles(run.pid)
      })
      const place = workplace({ scenario: { ...EVEN_LOAD, rate: 100 } })
      const run = startBehind([], place, target)
      const { exitCode, stderr } = await run.end
      expect(exitCode).toBe(3)
      expect(reasonsOf(place)).toContain('INVALID connection_shortage')
      expect(unwrapped(stderr)).toContain('Raise the limit of open files with ulimit -n')
    },
  )
})

/** Beyond some for the files of the run. Only when it is up does a process have the limit: starting takes many files. */
function allowNoMoreFiles(pid: number): void {
  const openCount = readdirSync(`/proc/${pid}/fd`).length
  execute('prlimit', '--pid', String(pid), `--nofile=${openCount + 10}`)
}

/** Keeps a core busy for two seconds. */
const SPINNER = 'for (const end = Date.now() + 2000; Date.now() < end; );'
const ON_ONE_CORE = ['taskset', '-c', '0'] as const
/** Behind everything else that wants the core. */
const LAST = ['nice', '-n', '10'] as const

it.runIf(works(...ON_ONE_CORE, ...LAST, 'true'))('a machine that is busy with other programs', async () => {
  let requestCount = 0
  const target = await httpTarget((_request, response) => {
    response.end()
    if (++requestCount === 20) for (let n = 0; n < 3; n++) startSpinner()
  })
  const place = workplace({ scenario: { ...EVEN_LOAD, rate: 40, duration: '3s' } })
  const { exitCode, stderr } = await startBehind([...ON_ONE_CORE, ...LAST], place, target).end
  expect(exitCode).toBe(3)
  expect(reasonsOf(place)).toContain('INVALID cpu_delay')
  expect(unwrapped(stderr)).toContain('End other programs on this machine')
})

function startSpinner(): void {
  const [command, ...argv] = ON_ONE_CORE
  const spinner = spawn(command, [...argv, process.execPath, '-e', SPINNER], { stdio: 'ignore' })
  onTestFinished(() => void spinner.kill('SIGKILL'))
}
