import { isBuiltin } from 'node:module'
import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild'
import { isSupportedModule, listSupported, RUN_WITH_K6 } from './supported.ts'

/** Why an import is refused; esbuild carries it to the place of the import in the `detail` of a warning. */
export interface Refusal {
  readonly what: string
  readonly todo: string
}

const PLUGIN_NAME = 'script-imports'
const RESOLVING = Symbol('resolving')

/**
 * Leaves k6's modules to the harness and refuses what a k6 script cannot have. A refused import is taken out of the
 * bundle and reported as a warning, so that one build finds them all.
 */
export const scriptImports: Plugin = {
  name: PLUGIN_NAME,
  setup(build) {
    build.onResolve({ filter: /./ }, async (args) => {
      if (args.kind === 'entry-point' || args.pluginData === RESOLVING) return undefined
      // Left in the bundle, where `findUnsupported` reports it together with those that compute the name.
      if (args.kind === 'dynamic-import') return { path: args.path, external: true }
      const refusal = refuseAtSight(args)
      if (refusal) return refuse(args, refusal)
      if (isK6(args.path)) return { path: args.path, external: true }
      if (await isResolved(build, args)) return undefined
      return isOptional(args)
        ? { path: args.path, external: true }
        : refuse(args, describeUnresolved(args.path))
    })
  },
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

function refuseAtSight({ path, kind }: OnResolveArgs): Refusal | undefined {
  if (/^https?:/.test(path)) {
    return {
      what: `${path}: modules are not loaded over the network`,
      todo: 'save the file beside the script and import that',
    }
  }
  if (!isK6(path)) return undefined
  if (path.startsWith('k6/x/')) {
    return { what: `${path} is an extension of k6`, todo: 'run it with a k6 that has the extension built in' }
  }
  if (!isSupportedModule(path)) {
    return {
      what: `${path} is not supported yet`,
      todo: `${RUN_WITH_K6}, or use what headroom has: ${listSupported()}`,
    }
  }
  return kind === 'import-statement'
    ? undefined
    : { what: `require('${path}') is not supported`, todo: `write import … from '${path}'` }
}

function refuse({ path }: OnResolveArgs, refusal: Refusal): OnResolveResult {
  return { path, external: true, warnings: [{ text: refusal.what, detail: refusal }] }
}

async function isResolved(build: PluginBuild, args: OnResolveArgs): Promise<boolean> {
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
