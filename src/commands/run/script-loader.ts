import type { Clock } from '../../engine/clock.ts'
import type { ScriptInstance, ScriptPort, Tags, VuHost } from '../../engine/host.ts'
import { Rng } from '../../core/rng.ts'
import { WaitGuard } from '../../script/guard.ts'
import { compileScript, type CompiledScript, type ScriptExports } from '../../script/load.ts'
import { createModules } from '../../script/modules/index.ts'
import { Positions } from '../../script/positions.ts'
import { formatPosition, type ScriptBundle } from '../../script/script-bundle.ts'
import { ScriptError } from '../../script/script-error.ts'
import { formatFault } from '../../core/errors.ts'
import { createConsole, type LogScript } from './script-console.ts'
import { seededMath, virtualDate } from './script-globals.ts'

export interface LoaderSettings {
  readonly clock: Clock
  readonly seed: number
  readonly isVirtual: boolean
  readonly log: LogScript
}

type ScriptFunction = (data: unknown) => unknown

/** Loads a script for VU after VU, and tells the script's errors in the user's own file and line. */
export class ScriptLoader implements ScriptPort {
  readonly #bundle: ScriptBundle
  readonly #settings: LoaderSettings
  readonly #compiled: CompiledScript
  readonly #positions: Positions
  readonly #rng: Rng

  constructor(bundle: ScriptBundle, settings: LoaderSettings) {
    this.#bundle = bundle
    this.#settings = settings
    this.#compiled = compileScript(bundle)
    this.#positions = new Positions(bundle)
    this.#rng = new Rng(settings.seed)
  }

  async instantiate(host: VuHost, env: Tags): Promise<ScriptInstance> {
    const guard = new WaitGuard(this.#bundle.sites, (error) => this.#positions.locate(error))
    const runtime = {
      ITER: 0,
      site: (id: number, result: unknown) => guard.site(id, result),
      escape: <F extends (...args: unknown[]) => unknown>(id: number, fn: F) => guard.escape(id, fn),
    }
    const exports = await this.#compiled.instantiate({
      modules: createModules(host, guard),
      env: Object.freeze({ ...env }),
      vu: host.vuId,
      headroom: runtime,
      globals: this.#globals(host.vuId),
    })
    return {
      functions: functionsOf(exports),
      options: exports['options'],
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

  #globals(vuId: number): Record<string, unknown> {
    const { clock, isVirtual, log } = this.#settings
    const globals = { Math: seededMath(this.#rng.fork(`vu/${vuId}`)), console: createConsole(log) }
    return isVirtual ? { ...globals, Date: virtualDate(clock) } : globals
  }
}

function functionsOf(exports: ScriptExports): Map<string, ScriptFunction> {
  const entries = Object.entries(exports).filter(([, value]) => typeof value === 'function')
  return new Map(entries as [string, ScriptFunction][])
}
