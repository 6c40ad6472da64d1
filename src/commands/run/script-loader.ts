import type { Clock } from '../../engine/clock.ts'
import type { ScriptInstance, ScriptPort, Tags, VuHost } from '../../engine/host.ts'
import { Rng } from '../../core/rng.ts'
import { EventLoop } from '../../script/event-loop.ts'
import { WaitGuard } from '../../script/guard.ts'
import { HostOperations } from '../../script/host-operations.ts'
import { compileScript, type CompiledScript, type ScriptExports } from '../../script/load.ts'
import { createModules } from '../../script/modules/index.ts'
import { createTimersModule } from '../../script/modules/timers.ts'
import { WebCrypto } from '../../script/modules/webcrypto.ts'
import { Positions } from '../../script/positions.ts'
import { RandomSource } from '../../script/random-source.ts'
import { formatPosition, type ScriptBundle } from '../../script/script-bundle.ts'
import { ScriptError } from '../../script/script-error.ts'
import { createScriptFiles, type FileStore } from '../../script/script-files.ts'
import { claimWait, settled, type WaitFrame } from '../../script/wait-frame.ts'
import { SharedArrays } from '../../script/shared-arrays.ts'
import { formatFault } from '../../core/errors.ts'
import { createConsole, type LogScript } from './script-console.ts'
import { seededMath, virtualDate } from './script-globals.ts'

export interface LoaderSettings {
  readonly clock: Clock
  readonly seed: number
  readonly isVirtual: boolean
  readonly log: LogScript
  /** What `open` opens. */
  readonly files: FileStore
}

type ScriptGlobals = Readonly<Record<string, unknown>> & { readonly Date: DateConstructor }

type ScriptFunction = (data: unknown) => unknown

/** Loads a script for VU after VU, and tells the script's errors in the user's own file and line. */
export class ScriptLoader implements ScriptPort {
  readonly #bundle: ScriptBundle
  readonly #settings: LoaderSettings
  readonly #compiled: CompiledScript
  readonly #positions: Positions
  readonly #rng: Rng
  readonly #operations: HostOperations
  readonly #sharedArrays = new SharedArrays()

  constructor(bundle: ScriptBundle, settings: LoaderSettings) {
    this.#bundle = bundle
    this.#settings = settings
    this.#compiled = compileScript(bundle)
    this.#positions = new Positions(bundle)
    this.#rng = new Rng(settings.seed)
    this.#operations = new HostOperations(settings.clock, settings.isVirtual)
  }

  async instantiate(host: VuHost, env: Tags): Promise<ScriptInstance> {
    const guard = new WaitGuard(this.#bundle.sites, (error) => this.#positions.locate(error))
    const runtime = {
      ITER: 0,
      site: (id: number, result: unknown, frame?: WaitFrame) => guard.site(id, result, frame),
      escape: <T extends object>(id: number, value: T) => guard.escape(id, value),
    }
    const loop = new EventLoop(this.#settings.clock, host, guard)
    const random = new RandomSource(this.#rng.fork(`vu/${host.vuId}`), this.#settings.isVirtual)
    const files = createScriptFiles(this.#bundle.folder, this.#settings.files, () => !host.mayWait)
    const globals = this.#globals(host, loop, random)
    const parts = {
      gate: guard,
      loop,
      random,
      sharedArrays: this.#sharedArrays,
      nowMs: () => globals.Date.now(),
    }
    const exports = await this.#compiled.instantiate({
      modules: createModules(host, parts),
      env: Object.freeze({ ...env }),
      vu: host.vuId,
      headroom: runtime,
      files,
      globals: { ...globals, open: files.open('') },
    })
    await loop.idle()
    return {
      functions: functionsOf(exports),
      returned: settled,
      options: exports['options'],
      settled: () => loop.idle(),
      drop: () => loop.drop(),
      setIteration: (iteration) => {
        runtime.ITER = iteration
      },
      finishIteration: () => {
        const violation = guard.finishIteration()
        if (violation !== undefined) throw violation
      },
    }
  }

  /** True for what ends the run: the script does something that cannot be carried out faithfully. */
  isFatal(error: unknown): boolean {
    return error instanceof ScriptError
  }

  /** The error with the user's own file and line. */
  describe(error: unknown): string {
    if (!(error instanceof ScriptError)) return this.#positions.userStack(error)
    const position = error.fault.where === '' ? this.#positions.locate(error) : undefined
    return position === undefined
      ? error.message
      : formatFault({ ...error.fault, where: formatPosition(position) })
  }

  #globals(host: VuHost, loop: EventLoop, random: RandomSource): ScriptGlobals {
    const { clock, isVirtual, log } = this.#settings
    return {
      ...createTimersModule(host, loop),
      Date: isVirtual ? virtualDate(clock) : Date,
      Math: seededMath(random),
      console: createConsole(log),
      crypto: new WebCrypto({ random, loop, operations: this.#operations }),
      TextDecoder,
      TextEncoder,
    }
  }
}

function functionsOf(exports: ScriptExports): Map<string, ScriptFunction> {
  const entries = Object.entries(exports).filter(([, value]) => typeof value === 'function')
  return new Map((entries as [string, ScriptFunction][]).map(([name, run]) => [name, waited(run)]))
}

/** To wait for what stands for a wait is three promises and a microtask more than to wait for the promise behind it. */
function waited(run: ScriptFunction): ScriptFunction {
  return (data) => {
    const result = run(data)
    return claimWait(result) ?? result
  }
}
