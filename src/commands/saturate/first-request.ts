import { EXIT, UserError } from '../../core/errors.ts'
import { Engine } from '../../engine/engine.ts'
import type { EnginePorts } from '../../engine/ports.ts'
import type { EngineResult } from '../../engine/protocol.ts'
import { SystemClock } from '../../engine/system-clock.ts'
import type { Transport, WireRequest } from '../../http/transport.ts'
import { CheckTally } from '../../measure/checks.ts'
import { MetricRegistry } from '../../measure/metrics.ts'
import { DEFAULT_OUTCOME_RULES } from '../../measure/outcome.ts'
import { Recorder } from '../../measure/recorder.ts'
import type { RunPlan } from '../../script/plan.ts'
import { DataFiles } from '../run/data-files.ts'
import type { PreparedRun } from '../run/prepare.ts'
import { ScriptLoader } from '../run/script-loader.ts'
import { targetVariable } from '../run/target.ts'
import { TOOL_VERSION } from '../version.ts'
import type { ClosedCall } from './request.ts'

/** Keeps the first request and sends none. */
class CapturingTransport implements Transport {
  first: WireRequest | undefined
  readonly #onFirst: () => void

  constructor(onFirst: () => void) {
    this.#onFirst = onFirst
  }

  send(request: WireRequest): void {
    if (this.first !== undefined) return
    this.first = request
    this.#onFirst()
  }

  abortAll(): void {}

  close(): void {}
}

/**
 * The first request that an iteration of the script's first scenario asks for. One iteration is run up to there, and
 * nothing is sent; `setup` is not called, because its requests would be.
 *
 * @throws UserError (107) when the iteration ends without a request.
 */
export async function firstRequestOf(run: PreparedRun): Promise<ClosedCall> {
  const transport = new CapturingTransport(() => engine.stop('abort'))
  const errors: string[] = []
  const engine = dryEngine(run, transport, (text) => errors.push(text))
  const result = await engine.run()
  if (transport.first === undefined) throw noRequest(run, [...errors, ...fatalOf(result)])
  const { method, target, path, headers, body } = transport.first
  const url = new URL(`${target.protocol}//${target.authority}${path}`)
  return { url, method, headers, body: body ?? undefined }
}

function dryEngine(run: PreparedRun, transport: Transport, onError: (text: string) => void): Engine {
  const { bundle, files, seed, optionsJson, exports, request, target } = run
  // The time of sleeps and dates is the real one: signatures and tokens in the request have to be good when it is sent.
  const clock = new SystemClock()
  const log: EnginePorts['log'] = (level, text) => {
    if (level === 'error') onError(text)
  }
  const loader = new ScriptLoader(bundle, { clock, seed, isVirtual: false, log, files: DataFiles.of(files) })
  const ports: EnginePorts = {
    clock,
    wallTimeMs: Date.now,
    transport,
    script: loader,
    recorder: new Recorder(),
    metrics: new MetricRegistry({ selectors: [], warmupUs: 0 }),
    checks: new CheckTally(),
    log,
    describeError: (error) => loader.describe(error),
    isFatal: (error) => loader.isFatal(error),
  }
  const config = {
    plan: oneIteration(run.plan),
    optionsJson,
    outcomeRules: DEFAULT_OUTCOME_RULES,
    exports,
    isVirtual: false,
    seed,
    env: { ...request.env, TARGET: targetVariable(target, undefined) },
    defaultUserAgent: `headroom/${TOOL_VERSION}`,
    maxRequests: Infinity,
  }
  return new Engine(config, ports, { start: () => Promise.resolve(), post: () => Promise.resolve() })
}

/** The plan with one iteration of its first scenario and nothing around it. */
function oneIteration(plan: RunPlan): RunPlan {
  const [first] = plan.scenarios
  if (first === undefined) throw new Error('a plan without a scenario')
  const { name, exec, durationUs, env, tags } = first
  const scenario = {
    executor: 'per-vu-iterations',
    vus: 1,
    iterations: 1,
    startTimeUs: 0,
    gracefulStopUs: 0,
    name,
    exec,
    durationUs,
    env,
    tags,
  } as const
  return { ...plan, scenarios: [scenario], loadEndUs: durationUs, noSetup: true, noTeardown: true }
}

function fatalOf({ fatal }: EngineResult): string[] {
  return fatal === undefined ? [] : [fatal]
}

function noRequest({ bundle, exports }: PreparedRun, errors: readonly string[]): UserError {
  const why = errors.length === 0 ? '' : `: ${errors.join('; ')}`
  const todo = exports.includes('setup')
    ? 'setup() is not called here: its first iteration has to ask without what setup returns; or give the request with --request FILE'
    : 'its first iteration has to ask for something; or give the request with --request FILE'
  const what = `the first iteration ended without a request${why}`
  return new UserError(EXIT.script, [{ where: bundle.file, what, todo }])
}
