import { createHash } from 'node:crypto'
import { realpathSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { TraceMap } from '@jridgewell/trace-mapping'
import { EXIT, UserError } from '../core/errors.ts'
import type { Fault } from '../core/errors.ts'
import { Syntax } from './awaits/syntax.ts'
import { insertAwaits } from './awaits/transform.ts'
import type { FileOf } from './awaits/transform.ts'
import { buildModule } from './module-build.ts'
import { toUserPosition, trace } from './positions.ts'
import { RemoteModules } from './remote-modules.ts'
import type { Network } from './remote-modules.ts'
import { formatPosition } from './script-bundle.ts'
import type { ScriptBundle, WaitSite } from './script-bundle.ts'
import { REMOTE_PREFIX } from './script-files.ts'
import { findUnsupported } from './unsupported.ts'

/**
 * Bundles a k6 script in TypeScript or JavaScript with all that it imports, and makes it wait where it waits on k6.
 *
 * @param file the script, absolute or relative to `base`
 * @param base folder that the paths in messages are relative to
 * @param network how modules at `https://…` are got; they are locked in `headroom.lock.json` beside the script
 * @throws {UserError} 2 when the file is missing, 107 with every reason why the script cannot be loaded
 */
export async function bundleScript(
  file: string,
  base: string = process.cwd(),
  network: Partial<Network> = {},
): Promise<ScriptBundle> {
  const path = existingFile(file, base)
  const root = dirname(path)
  const shownBase = realpathSync(base)
  const show = (name: string): string =>
    isRemote(name)
      ? name.slice(REMOTE_PREFIX.length)
      : relative(shownBase, resolve(root, name)).replaceAll(sep, '/')
  const remote = new RemoteModules(join(root, 'headroom.lock.json'), network)
  const { code, map, faults: importFaults } = await buildModule(path, root, remote, show)
  const bundled = { ...map, sources: map.sources.map((source) => show(source ?? '')) }
  const origins = new TraceMap(bundled)
  const syntax = new Syntax(code)
  const faults = [...importFaults, ...unsupportedFaults(syntax, origins)]
  if (faults.length > 0) throw new UserError(EXIT.script, faults)
  remote.writeLock()
  const inserted = insertAwaits(syntax, fileFinder(new TraceMap(map)))
  return {
    file: show(path),
    folder: root,
    code: inserted.code,
    maps: { inserted: inserted.map, bundled },
    sha256: createHash('sha256').update(code).digest('hex'),
    sites: inserted.sites.map((site) => userSite(site, origins)),
  }
}

function isRemote(name: string): boolean {
  return name.startsWith(REMOTE_PREFIX)
}

/** @param origins from the bundled module to files that are named relative to the script's folder */
function fileFinder(origins: TraceMap): FileOf {
  return ({ loc }) => (loc ? trace(origins, loc.start.line, loc.start.column)?.source : undefined) ?? ''
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
