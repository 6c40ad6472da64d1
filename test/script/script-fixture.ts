import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { Syntax } from '../../src/script/awaits/syntax.ts'
import { insertAwaits } from '../../src/script/awaits/transform.ts'
import { bundleScript } from '../../src/script/bundle.ts'
import { WaitGuard } from '../../src/script/guard.ts'
import { compileScript } from '../../src/script/load.ts'
import type { ScriptExports } from '../../src/script/load.ts'
import { Positions } from '../../src/script/positions.ts'
import type { ScriptBundle } from '../../src/script/script-bundle.ts'
import type { ScriptError } from '../../src/script/script-error.ts'
import { registerWait } from '../../src/script/wait-frame.ts'
import { createScriptFiles } from '../../src/script/script-files.ts'
import type { FileStore, ScriptFiles } from '../../src/script/script-files.ts'

/** Writes files into a folder that goes away after the test; returns the folder. */
export function writeFiles(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'headroom-script-')))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** Bundles `script.ts` out of the given files. */
export function bundleFiles(files: Readonly<Record<string, string>>): Promise<ScriptBundle> {
  return bundleScript('script.ts', writeFiles(files))
}

/** An ES module as it comes from the bundler, without a way back to any file. */
export function bundleOf(code: string): ScriptBundle {
  const { code: body, map, sites } = insertAwaits(new Syntax(code), () => 'script.ts')
  return {
    file: 'script.ts',
    folder: '/scripts',
    code: body,
    maps: { inserted: map, bundled: { version: 3, sources: [], names: [], mappings: '' } },
    sha256: '',
    sites: sites.map((site) => ({ ...site, file: 'script.ts' })),
  }
}

/** The error that a promise is rejected with, for assertions on more than its message. */
export async function rejection(promise: Promise<unknown>): Promise<UserError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof UserError)) throw new Error(`expected a UserError, got ${String(error)}`)
  return error
}

type Modules = Record<string, Record<string, unknown>>

/** A reply that tells which request it belongs to, and can ask for more. */
function reply(url: unknown, call: (name: string) => (argument: unknown) => unknown): object {
  return {
    status: 200,
    body: `body of ${String(url)}`,
    url,
    json: () => ({ x: `x of ${String(url)}`, list: [url] }),
    submitForm: call('submitForm'),
    clickLink: call('clickLink'),
  }
}

const METHODS = ['get', 'post', 'put', 'patch', 'del', 'head', 'options', 'request']

function withDefault(exports: Record<string, unknown>): Record<string, unknown> {
  return { ...exports, default: exports }
}

function check(value: unknown, sets: Record<string, (value: unknown) => unknown>): boolean {
  return Object.values(sets).every((condition) => condition(value))
}

/** k6's functions as they are on k6: the reply is there when the call returns. */
export function synchronousModules(trace: string[]): Modules {
  const call = (name: string) => (argument: unknown) => {
    trace.push(`${name} ${String(argument)}`)
    return reply(argument, call)
  }
  return {
    k6: withDefault({
      check,
      sleep: (seconds: unknown) => trace.push(`sleep ${String(seconds)}`),
      group: (name: string, body: () => unknown) => {
        trace.push(`begin ${name}`)
        const result = body()
        trace.push(`end ${name}`)
        return result
      },
      fail: (reason: string) => {
        throw new Error(reason)
      },
    }),
    'k6/http': withDefault(Object.fromEntries(METHODS.map((name) => [name, call(name)]))),
  }
}

/** The same with replies that come some microtasks later, and a guard that sees every wait. */
function waitingModules(trace: string[], guard: WaitGuard): Modules {
  const later = async (result: unknown): Promise<unknown> => {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    guard.leave()
    return result
  }
  const call = (name: string) => (argument: unknown) => {
    guard.enter(`http.${name}`)
    trace.push(`${name} ${String(argument)}`)
    return later(reply(argument, method))
  }
  // A response's methods cannot be known by name alone, so that what they return says what it is.
  const method = (name: string) => (argument: unknown) => {
    const wait = call(name)(argument)
    registerWait(wait, { claim: () => wait })
    return wait
  }
  return {
    k6: withDefault({
      check,
      sleep: (seconds: unknown) => {
        guard.enter('sleep')
        return later(trace.push(`sleep ${String(seconds)}`))
      },
      group: async (name: string, body: () => unknown) => {
        trace.push(`begin ${name}`)
        const result = await body()
        trace.push(`end ${name}`)
        return result
      },
      fail: (reason: string) => {
        throw new Error(reason)
      },
    }),
    'k6/http': withDefault(Object.fromEntries(METHODS.map((name) => [name, call(name)]))),
  }
}

/** For scripts that open nothing. */
export const NO_FILES: ScriptFiles = createScriptFiles('/scripts', missingFiles(), () => true)

function missingFiles(): FileStore {
  const refuse = (path: string): never => {
    throw new Error(`${path} cannot be opened`)
  }
  return { read: refuse, readText: refuse }
}

export interface Run {
  /** Calls of k6's functions and `console.log`, in order. */
  readonly trace: readonly string[]
  /** What the default function returned, or threw. */
  readonly result: unknown
  readonly violation: ScriptError | undefined
}

/** Loads a script for one VU and runs its default function once, as the engine does. */
export async function runIteration(bundle: ScriptBundle): Promise<Run> {
  const trace: string[] = []
  const positions = new Positions(bundle)
  const guard = new WaitGuard(bundle.sites, (error) => positions.locate(error))
  const exports = await instantiate(bundle, trace, guard)
  const main = exports['default'] as () => unknown
  const result = await Promise.resolve()
    .then(main)
    .catch((error: unknown) => `threw ${error instanceof Error ? error.message : String(error)}`)
  return { trace, result, violation: guard.finishIteration() }
}

export function instantiate(
  bundle: ScriptBundle,
  trace: string[],
  guard: WaitGuard = new WaitGuard(bundle.sites, () => undefined),
  files: ScriptFiles = NO_FILES,
): Promise<ScriptExports> {
  return compileScript(bundle).instantiate({
    modules: waitingModules(trace, guard),
    env: { TARGET: 'http://target' },
    vu: 7,
    headroom: {
      ITER: 3,
      site: (id, result) => guard.site(id, result),
      escape: (id, fn) => guard.escape(id, fn),
    },
    files,
    globals: { console: { log: (...parts: unknown[]) => trace.push(parts.map(String).join(' ')) } },
  })
}
