import { transformSync } from 'esbuild'
import { bundleOf, runIteration, synchronousModules } from '../script-fixture.ts'
import type { Run } from '../script-fixture.ts'

/** The oracle: the script as it stands, run against functions that return at once. */
export function runOnK6(source: string): Run {
  const { code } = transformSync(`'use strict'; ${source}`, { format: 'cjs' })
  const trace: string[] = []
  const modules = synchronousModules(trace)
  const module: { exports: { default?: () => unknown } } = { exports: {} }
  const console = { log: (...parts: unknown[]) => trace.push(parts.map(String).join(' ')) }
  // oxlint-disable-next-line typescript/no-implied-eval -- running generated scripts is the point
  const load = new Function('module', 'exports', 'require', 'console', '__ITER', '__VU', '__ENV', code)
  load(module, module.exports, (name: string) => modules[name], console, 3, 7, { TARGET: 'http://target' })
  try {
    return { trace, result: module.exports.default?.(), violation: undefined }
  } catch (error) {
    return { trace, result: `threw ${(error as Error).message}`, violation: undefined }
  }
}

/** Bundlers move exported functions to an export list at the end of the module. */
function bundled(source: string): string {
  return `${source.replace(/export default (async )?function/, '$1function main')}\nexport { main as default };\n`
}

export function runHere(source: string): Promise<Run> {
  return runIteration(bundleOf(bundled(source)))
}

/** The imports that scripts of the tests begin with. */
export const HTTP = `import http from 'k6/http';\n`
export const ALL: string = `${HTTP}import { sleep, group, check, fail } from 'k6';\n`
