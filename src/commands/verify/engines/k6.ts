import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EXIT, UserError } from '../../../core/errors.ts'
import { US_PER_MS, US_PER_S } from '../../../core/units.ts'
import type { Io } from '../../io.ts'
import type { Load } from '../load.ts'
import type { Observation, Quantiles } from '../observation.ts'
import { ACCEPTED_DURATION, RETRY_AFTER_TREND, scriptOf, THROTTLED_REQUESTS } from '../script.ts'
import type { Engine, Place } from './engine.ts'

const COMMAND = 'k6'
const SCRIPT = 'verify.js'
const SUMMARY = 'summary.json'
const TREND_STATS = ['min', 'med', 'p(90)', 'p(99)', 'p(99.9)', 'max']

type Env = Io['env']

/** @throws UserError (usage) when there is no k6 on PATH. */
export async function openK6(env: Env): Promise<Engine> {
  // Its own variables would change the plan; it has nothing to say to the network but to the target.
  const quietEnv = { ...withoutK6Variables(env), K6_NO_USAGE_REPORT: 'true' }
  const version = await versionOf(quietEnv)
  return {
    shown: version,
    canWarmUp: false,
    cannot: ({ target }) => (target.kind === 'virtual' ? 'it has no virtual time' : undefined),
    observe: (load, place) => observe(load, place, quietEnv),
  }
}

function withoutK6Variables(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('K6_')))
}

async function versionOf(env: Env): Promise<string> {
  try {
    const { stdout } = await runK6(['version'], { env })
    return stdout.trim().split('\n', 1)[0] ?? 'k6'
  } catch (cause) {
    const todo =
      'install it (https://grafana.com/docs/k6/latest/set-up/install-k6/), or add its folder to PATH'
    const fault = { where: '--engine k6', what: 'there is no k6 on PATH that runs', todo }
    throw new UserError(EXIT.usage, [fault], { cause })
  }
}

async function observe(load: Load, { target, folder, signal }: Place, env: Env): Promise<Observation> {
  await writeFile(join(folder, SCRIPT), scriptOf(load, { warmupS: 0, summaryTrendStats: TREND_STATS }))
  const argv = ['run', '--quiet', '--no-color', '--summary-export', SUMMARY, '-e', `TARGET=${target}`, SCRIPT]
  const { exitCode, stderr } = await runK6(argv, { env, cwd: folder, signal })
  if (signal.aborted) return {}
  if (exitCode !== 0) {
    const what = `k6 ended with exit code ${exitCode}: ${stderr.trim()}`
    throw new UserError(EXIT.internal, [{ where: '', what }])
  }
  const summary = JSON.parse(await readFile(join(folder, SUMMARY), 'utf8')) as K6Summary
  return observationOf(summary)
}

interface ProcessPlace {
  readonly env: Env
  readonly cwd?: string
  readonly signal?: AbortSignal
}

interface ProcessEnd {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** @throws when it cannot be started. */
function runK6(argv: readonly string[], { env, cwd, signal }: ProcessPlace): Promise<ProcessEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(COMMAND, argv, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    const interrupt = (): void => void child.kill('SIGINT')
    signal?.addEventListener('abort', interrupt)
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.once('error', reject)
    child.once('close', (exitCode) => {
      signal?.removeEventListener('abort', interrupt)
      resolve({ exitCode, stdout, stderr })
    })
  })
}

/** What `--summary-export` writes, as far as it is read here; a metric without samples is absent. */
interface K6Summary {
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>> | undefined>>
}

/**
 * k6 has no time from the plan: `http_req_duration` begins when a request leaves. Where enough VUs are free that is when it
 * is due, so it is held against both of ours.
 */
export function observationOf({ metrics }: K6Summary): Observation {
  const figureOf = (metric: string, statistic = 'count'): number | undefined => metrics[metric]?.[statistic]
  const iterationCount = figureOf('iterations')
  const duration = quantilesOf(metrics[ACCEPTED_DURATION], US_PER_MS)
  return {
    offeredCount: iterationCount && iterationCount + (figureOf('dropped_iterations') ?? 0),
    sentCount: figureOf('http_reqs'),
    sentRps: figureOf('http_reqs', 'rate'),
    // Requests that did not fail.
    acceptedCount: figureOf('http_req_failed', 'fails'),
    throttledCount: figureOf(THROTTLED_REQUESTS) ?? 0,
    serviceTime: duration,
    responseTime: duration,
    retryAfter: quantilesOf(metrics[RETRY_AFTER_TREND], US_PER_S),
    sentBytes: figureOf('data_sent'),
    receivedBytes: figureOf('data_received'),
  }
}

function quantilesOf(trend: Readonly<Record<string, number>> | undefined, unitUs: number): Quantiles {
  const us = (stat: string): number | undefined => {
    const value = trend?.[stat]
    return value === undefined ? undefined : value * unitUs
  }
  return {
    minUs: us('min'),
    p50Us: us('med'),
    p90Us: us('p(90)'),
    p99Us: us('p(99)'),
    p999Us: us('p(99.9)'),
    maxUs: us('max'),
  }
}
