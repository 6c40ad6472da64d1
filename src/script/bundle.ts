import { createHash } from 'node:crypto'
import { realpathSync, statSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import { TraceMap } from '@jridgewell/trace-mapping'
import { EXIT, UserError } from '../core/errors.ts'
import type { Fault } from '../core/errors.ts'
import { Syntax } from './awaits/syntax.ts'
import { insertAwaits } from './awaits/transform.ts'
import { buildModule } from './module-build.ts'
import { toUserPosition, trace } from './positions.ts'
import { formatPosition } from './script-bundle.ts'
import type { ScriptBundle, WaitSite } from './script-bundle.ts'
import { findUnsupported } from './unsupported.ts'

/**
 * Bundles a k6 script in TypeScript or JavaScript with all that it imports, and makes it wait where it waits on k6.
 *
 * @param file the script, absolute or relative to `base`
 * @param base folder that the paths in messages are relative to
 * @throws {UserError} 2 when the file is missing, 107 with every reason why the script cannot be loaded
 */
export async function bundleScript(file: string, base: string = process.cwd()): Promise<ScriptBundle> {
  const path = existingFile(file, base)
  const root = dirname(path)
  const shownBase = realpathSync(base)
  const show = (name: string): string => relative(shownBase, resolve(root, name)).replaceAll(sep, '/')
  const { code, map, faults: importFaults } = await buildModule(path, root, show)
  const bundled = { ...map, sources: map.sources.map((source) => show(source ?? '')) }
  const origins = new TraceMap(bundled)
  const syntax = new Syntax(code)
  const faults = [...importFaults, ...unsupportedFaults(syntax, origins)]
  if (faults.length > 0) throw new UserError(EXIT.script, faults)
  const inserted = insertAwaits(syntax)
  return {
    file: show(path),
    code: inserted.code,
    maps: { inserted: inserted.map, bundled },
    sha256: createHash('sha256').update(code).digest('hex'),
    sites: inserted.sites.map((site) => userSite(site, origins)),
  }
}

/** Resolves links, so that the module's paths do not depend on how the script was named. */
function existingFile(file: string, base: string): string {
  const path = resolve(base, file)
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return realpathSync(path)
  throw new UserError(EXIT.usage, [
    { where: file, what: 'no such script', todo: 'check the path of the script' },
  ])
}

function unsupportedFaults(syntax: Syntax, origins: TraceMap): Fault[] {
  return findUnsupported(syntax).map(({ node, what, todo }) => {
    const start = node.loc?.start
    const position = start && toUserPosition(trace(origins, start.line, start.column))
    return { where: position ? formatPosition(position) : '', what, todo }
  })
}

/** Moves a site from the bundled module to the user's file, and gives names back that bundling had changed. */
function userSite(site: Omit<WaitSite, 'file'>, origins: TraceMap): WaitSite {
  const mapping = trace(origins, site.line, site.column - 1)
  const position = toUserPosition(mapping) ?? { file: '', line: site.line, column: site.column }
  const isName = /^[\w$]+$/.test(site.what)
  return { ...site, ...position, what: (isName ? mapping?.name : null) ?? site.what }
}
