import { isBuiltin } from 'node:module'
import type { Loader, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild'
import type { Refusal, RemoteModules } from './remote-modules.ts'
import { suggest } from './suggest.ts'
import {
  insteadOf,
  isSupportedModule,
  isWaiting,
  namesOf,
  refusedModules,
  supportedModules,
} from './supported.ts'

const PLUGIN_NAME = 'script-imports'
const RESOLVING = Symbol('resolving')
/** Where the modules lie that `require('k6/…')` gives. */
const REQUIRED = 'k6-require'
const REMOTE = 'remote'

/**
 * Leaves k6's modules to the harness and refuses what a k6 script cannot have. A refused import is taken out of the
 * bundle and reported as a warning, so that one build finds them all.
 */
export function scriptImports(remote: RemoteModules): Plugin {
  return {
    name: PLUGIN_NAME,
    setup(build) {
      build.onResolve({ filter: /./ }, (args) => resolveImport(build, remote, args))
      build.onLoad({ filter: /./, namespace: REQUIRED }, ({ path }) => ({ contents: requiredModule(path) }))
      build.onLoad({ filter: /./, namespace: REMOTE }, ({ path }) => ({
        contents: remote.textOf(path),
        loader: loaderOf(path),
      }))
    },
  }
}

async function resolveImport(
  build: PluginBuild,
  remote: RemoteModules,
  args: OnResolveArgs,
): Promise<OnResolveResult | undefined> {
  if (args.kind === 'entry-point' || args.pluginData === RESOLVING) return undefined
  // Left in the bundle, where `findUnsupported` reports it together with those that compute the name.
  if (args.kind === 'dynamic-import') return { path: args.path, external: true }
  const refusal = refuseAtSight(args)
  if (refusal) return refuse(args, refusal)
  if (isK6(args.path)) return resolveK6(args)
  const url = remoteUrl(args)
  if (url !== undefined) return resolveRemote(remote, url, args)
  if (await isResolved(build, args)) return undefined
  return isOptional(args) ? { path: args.path, external: true } : refuse(args, describeUnresolved(args.path))
}

/** An import stays one; `require` gets a module of the bundle, since nothing else is there to be required. */
function resolveK6({ path, kind }: OnResolveArgs): OnResolveResult {
  return kind === 'require-call' ? { path, namespace: REQUIRED } : { path, external: true }
}

/** The names of a k6 module as functions of the bundle, whose calls can be followed like those of any other. */
function requiredModule(module: string): string {
  const names = namesOf(module)
  const exports = names.map((name) =>
    isWaiting(module, name)
      ? `export const ${name} = (...given) => k6.${name}(...given)`
      : `export const ${name} = k6.${name}`,
  )
  return [`import * as k6 from '${module}'`, ...exports, `export default { ${names.join(', ')} }`].join('\n')
}

/** The address of a module on the network; inside such a module also of what it names relative to itself. */
function remoteUrl({ path, namespace, importer }: OnResolveArgs): string | undefined {
  if (/^https?:\/\//.test(path)) return path
  return namespace === REMOTE && /^[./]/.test(path) ? new URL(path, importer).href : undefined
}

async function resolveRemote(
  remote: RemoteModules,
  url: string,
  args: OnResolveArgs,
): Promise<OnResolveResult> {
  const refusal = await remote.load(url)
  return refusal
    ? refuse(args, { ...refusal, what: `${url}: ${refusal.what}` })
    : { path: url, namespace: REMOTE }
}

function loaderOf(url: string): Loader {
  const extension = /\.(\w+)$/.exec(new URL(url).pathname)?.[1]
  return extension === 'ts' || extension === 'json' ? extension : 'js'
}

/** What `scriptImports` said about one of a build's warnings; `undefined` for esbuild's own. */
export function refusalOf(warning: {
  readonly pluginName: string
  readonly detail: unknown
}): Refusal | undefined {
  return warning.pluginName === PLUGIN_NAME ? (warning.detail as Refusal) : undefined
}

function isK6(path: string): boolean {
  return path === 'k6' || path.startsWith('k6/')
}

function refuseAtSight({ path }: OnResolveArgs): Refusal | undefined {
  if (!isK6(path)) return undefined
  if (path.startsWith('k6/x/')) {
    return { what: `${path} is an extension of k6`, todo: 'run it with a k6 that has the extension built in' }
  }
  if (isSupportedModule(path)) return undefined
  const todo = insteadOf(path)
  if (todo !== undefined) return { what: `${path} is not supported`, todo }
  const known = [...supportedModules(), ...refusedModules()]
  return { what: `k6 has no module ${path}`, todo: suggest(path, known) ?? `there are ${known.join(', ')}` }
}

function refuse({ path }: OnResolveArgs, refusal: Refusal): OnResolveResult {
  return { path, external: true, warnings: [{ text: refusal.what, detail: refusal }] }
}

async function isResolved(build: PluginBuild, args: OnResolveArgs): Promise<boolean> {
  if (args.namespace === REMOTE) return false
  const { path, importer, kind, namespace, resolveDir } = args
  const result = await build.resolve(path, { importer, kind, namespace, resolveDir, pluginData: RESOLVING })
  return result.errors.length === 0
}

/** Packages often try a `require` and have another way when it throws; that is theirs to decide at run time. */
function isOptional({ kind, importer }: OnResolveArgs): boolean {
  return kind === 'require-call' && /[\\/]node_modules[\\/]/.test(importer)
}

function describeUnresolved(path: string): Refusal {
  if (isBuiltin(path)) {
    return { what: `${path} is a module of Node, which k6 scripts do not have`, todo: 'remove the import' }
  }
  return /^[./]/.test(path)
    ? { what: `${path} was not found`, todo: 'correct the path, file extension included' }
    : { what: `package ${path} was not found`, todo: `install it beside the script: npm install ${path}` }
}
