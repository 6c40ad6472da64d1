import { compileFunction, runInNewContext } from 'node:vm'
import { EXIT, UserError } from '../core/errors.ts'
import { Positions, SCRIPT_FILENAME } from './positions.ts'
import { formatPosition, INJECTED } from './script-bundle.ts'
import type { ScriptBundle } from './script-bundle.ts'
import type { ScriptFiles } from './script-files.ts'
import { ScriptError } from './script-error.ts'
import type { WaitFrame } from './wait-frame.ts'
import { WaitRuntime } from './wait-runtime.ts'

/** What the inserted text of a script calls; one per VU. */
interface ScriptRuntime {
  /** Number of the VU's iteration, from 0; read wherever the script says `__ITER`. */
  readonly ITER: number
  /** See `WaitGuard.site`. */
  site(id: number, result: unknown, frame?: WaitFrame): unknown
  /** See `WaitGuard.escape`. */
  escape<T extends object>(id: number, value: T): T
}

/** Globals that every VU gets of its own. What is not given here is not there, except for the language's own Date and Math. */
const VU_GLOBALS = [
  'Date',
  'Math',
  'console',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'crypto',
  'open',
  'TextDecoder',
  'TextEncoder',
] as const

type ScriptGlobals = Readonly<Partial<Record<(typeof VU_GLOBALS)[number], unknown>>>

export interface ScriptBindings {
  /** By specifier (`k6/http`), each with its named exports and `default`. */
  readonly modules: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** `__ENV`. */
  readonly env: Readonly<Record<string, string>>
  /** `__VU`, from 1. */
  readonly vu: number
  readonly headroom: ScriptRuntime
  readonly files: ScriptFiles
  readonly globals: ScriptGlobals
}

/** What the script exports, by name; `default` and other functions may return promises. */
export type ScriptExports = Readonly<Record<string, unknown>>

export interface CompiledScript {
  /**
   * Runs the script's top level for one VU: module state is the VU's own.
   *
   * @throws {UserError} 107 when the script throws while loading
   */
  instantiate(bindings: ScriptBindings): Promise<ScriptExports>
}

type Factory = (...parameters: unknown[]) => Promise<ScriptExports>

/** The language's own globals; a fresh context has nothing else but a few of the engine's. */
const LANGUAGE_GLOBALS: ReadonlySet<string> = new Set(
  (runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[]).filter(
    (name) => !['console', 'globalThis', 'WebAssembly'].includes(name),
  ),
)

/** Prototype of every `globalThis` that scripts see: the language's globals and nothing of Node's. */
const LANGUAGE = Object.create(null) as object
for (const name of LANGUAGE_GLOBALS) {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name)
  if (descriptor) Object.defineProperty(LANGUAGE, name, descriptor)
}

const GIVEN = [
  INJECTED.modules,
  INJECTED.runtime,
  INJECTED.waits,
  INJECTED.files,
  '__ENV',
  '__VU',
  'globalThis',
  'global',
  ...VU_GLOBALS,
]

/** Compiles the script once for any number of VUs, in the realm of the caller, with Node's globals out of sight. */
export function compileScript(bundle: ScriptBundle): CompiledScript {
  const parameters = [...GIVEN, ...hiddenGlobals()]
  const factory = compileFunction(bundle.code, parameters, { filename: SCRIPT_FILENAME }) as Factory
  const positions = new Positions(bundle)
  return {
    async instantiate(bindings: ScriptBindings): Promise<ScriptExports> {
      const { modules, headroom, files, env, vu } = bindings
      const own = { Date, Math, ...bindings.globals }
      const view = globalView(bindings, own)
      try {
        const waits = new WaitRuntime((id, result, frame) => headroom.site(id, result, frame))
        const globals = VU_GLOBALS.map((name) => own[name])
        return await factory(modules, headroom, waits, files, env, vu, view, view, ...globals)
      } catch (error) {
        throw loadError(error, bundle, positions)
      }
    },
  }
}

/** Names that resolve in Node but not in k6: as parameters without an argument they are undefined. */
function hiddenGlobals(): string[] {
  return Object.getOwnPropertyNames(globalThis).filter(
    (name) =>
      /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) &&
      !LANGUAGE_GLOBALS.has(name) &&
      !GIVEN.includes(name),
  )
}

function globalView({ env, vu, headroom }: ScriptBindings, own: ScriptGlobals): object {
  const view = Object.create(LANGUAGE) as Record<string, unknown>
  Object.assign(view, own, { __ENV: env, __VU: vu, globalThis: view, global: view })
  Object.defineProperty(view, '__ITER', { get: () => headroom.ITER, enumerable: true })
  return view
}

function loadError(error: unknown, bundle: ScriptBundle, positions: Positions): UserError {
  if (error instanceof UserError) return error
  const position = positions.locate(error)
  const where = position ? formatPosition(position) : bundle.file
  if (error instanceof ScriptError) {
    return new UserError(EXIT.script, [{ ...error.fault, where: error.fault.where || where }], {
      cause: error,
    })
  }
  const thrown = error instanceof Error ? `${error.name}: ${error.message}` : `it threw ${String(error)}`
  const what = `the script failed while loading: ${thrown}`
  return new UserError(EXIT.script, [{ where, what }], { cause: error })
}
