import { basename } from 'node:path'
import { EXIT, UserError, type Fault } from '../../core/errors.ts'
import { SystemClock } from '../../engine/system-clock.ts'
import { MetricRegistry } from '../../measure/metrics.ts'
import type { MetricDefinition } from '../../measure/metric-types.ts'
import { parseThresholds, type Threshold } from '../../measure/threshold-parser.ts'
import { checkThresholds } from '../../measure/thresholds.ts'
import { bundleScript } from '../../script/bundle.ts'
import { endBuilding } from '../../script/module-build.ts'
import { validateOptions } from '../../script/options.ts'
import type { HeadroomPlan, RunPlan } from '../../script/plan.ts'
import type { ScriptBundle } from '../../script/script-bundle.ts'
import type { Io } from '../io.ts'
import { DataFiles, type DataFile } from './data-files.ts'
import { loadingHost } from './loading-host.ts'
import { readOptionPlaces } from './option-places.ts'
import type { RunRequest } from './request.ts'
import { ScriptLoader } from './script-loader.ts'
import { exportFaults } from './summary-request.ts'
import {
  asksForTarget,
  readTarget,
  SCRIPT_MOCK,
  targetVariable,
  withLatencyFiles,
  type RunTarget,
} from './target.ts'

const DEFAULT_SEED = 1

/** A run that may begin: every fault of script, options, thresholds and target has been looked for. */
export interface PreparedRun {
  readonly request: RunRequest
  /** The script's name without folder and extension. */
  readonly scenario: string
  readonly bundle: ScriptBundle
  /** What the script opened. */
  readonly files: readonly DataFile[]
  readonly plan: RunPlan
  /** Options of k6 from all places together, as scripts give them; may hold secrets. */
  readonly optionsJson: string
  /** About options that are not carried out as they may have been meant. */
  readonly warnings: readonly string[]
  readonly exports: readonly string[]
  readonly thresholds: readonly Threshold[]
  readonly target: RunTarget
  readonly seed: number
}

type Surroundings = Pick<Io, 'cwd' | 'env'>

interface LoadedScript {
  readonly bundle: ScriptBundle
  readonly files: readonly DataFile[]
  readonly exports: readonly string[]
  readonly options: unknown
  readonly metrics: readonly MetricDefinition[]
}

/**
 * Loads the script and checks all that the run depends on.
 *
 * @throws UserError with every fault: 2 for a missing file or a bad target, 107 when the script does not load, 104 for its options.
 */
export async function prepareRun(request: RunRequest, { cwd, env }: Surroundings): Promise<PreparedRun> {
  const places = await readOptionPlaces(request, cwd, env)
  const script = await loadScript(request, cwd)
  const options = validateOptions(script.options, { ...places, exports: script.exports })
  const { plan } = options
  const scriptMock = scriptMockOf(plan, options.options)
  const { target, faults: targetFaults } = await findTarget(request.target, scriptMock, script.bundle, cwd)
  const { thresholds, faults: grammarFaults } = parseThresholds(options.thresholds)
  const allFaults = [
    ...options.faults,
    ...grammarFaults,
    ...checkThresholds(thresholds, script.metrics),
    ...targetFaults,
    ...virtualFaults(request, target),
    ...(await exportFaults(request.summary, cwd)),
  ]
  if (allFaults.length > 0) throw faultsError(allFaults)
  if (plan === undefined || target === undefined) throw new Error('no plan, and no fault that says why')
  return {
    request,
    scenario: basename(request.script).replace(/\.[^.]*$/, ''),
    bundle: script.bundle,
    files: script.files,
    plan,
    optionsJson: options.json,
    warnings: options.warnings,
    exports: script.exports,
    thresholds,
    target,
    seed: plan.headroom.seed ?? DEFAULT_SEED,
  }
}

async function findTarget(
  flag: string | undefined,
  scriptMock: HeadroomPlan['mock'],
  bundle: ScriptBundle,
  cwd: string,
): Promise<ReturnType<typeof readTarget>> {
  const read = readTarget(flag, scriptMock, asksForTarget(bundle.code))
  if (read.target === undefined) return read
  return withLatencyFiles(read.target, cwd, flag === undefined ? SCRIPT_MOCK : '--target')
}

async function loadScript(request: RunRequest, cwd: string): Promise<LoadedScript> {
  const bundle = await bundleOf(request.script, cwd)
  const metrics = new MetricRegistry({ selectors: [], warmupUs: 0 })
  const files = DataFiles.onDisk()
  const loader = new ScriptLoader(bundle, {
    clock: new SystemClock(),
    seed: request.seed ?? DEFAULT_SEED,
    isVirtual: false,
    log: () => {},
    files,
  })
  const instance = await loader.instantiate(loadingHost(metrics), loadingEnv(request))
  const exports = [...instance.functions.keys()]
  return { bundle, files: files.opened(), exports, options: instance.options, metrics: metrics.definitions() }
}

/** What builds is a process of its own, which would stay beside the load for as long as the run takes. */
async function bundleOf(script: string, cwd: string): Promise<ScriptBundle> {
  try {
    return await bundleScript(script, cwd)
  } finally {
    await endBuilding()
  }
}

/** While it loads, the script sees the target that was given; the address of a mock is known only when it runs. */
function loadingEnv(request: RunRequest): Record<string, string> {
  const { target } = readTarget(request.target, undefined)
  return {
    ...request.env,
    TARGET: target?.kind === 'remote' ? targetVariable(target, undefined) : 'http://mock.invalid',
  }
}

/** The mock that the script names, also when other options have faults: all faults are wanted at once. */
function scriptMockOf(
  plan: RunPlan | undefined,
  options: Readonly<Record<string, unknown>>,
): HeadroomPlan['mock'] {
  if (plan !== undefined) return plan.headroom.mock
  const { ext } = options as { ext?: { headroom?: { mock?: unknown } } }
  const mock = ext?.headroom?.mock
  if (typeof mock === 'object' && mock !== null) return { ...mock }
  return typeof mock === 'string' ? mock : undefined
}

function virtualFaults({ virtual }: RunRequest, target: RunTarget | undefined): Fault[] {
  if (!virtual || target?.kind !== 'remote') return []
  const what = 'virtual time has no real target: nothing on the network follows it'
  return [{ where: '--virtual', what, todo: 'leave --target out, or give --target mock:PROFILE' }]
}

/** Faults of the command line alone are a matter of usage; any fault of the options makes it k6's 104. */
function faultsError(faults: readonly Fault[]): UserError {
  const usageOnly = faults.every(({ where }) => where.startsWith('--'))
  return new UserError(usageOnly ? EXIT.usage : EXIT.options, faults)
}
