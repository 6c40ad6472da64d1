import { build, stop } from 'esbuild'
import type { BuildOptions, BuildResult, Location, Message } from 'esbuild'
import type { EncodedSourceMap } from '@jridgewell/trace-mapping'
import { EXIT, UserError } from '../core/errors.ts'
import type { Fault } from '../core/errors.ts'
import { refusalOf, scriptImports } from './imports.ts'
import type { RemoteModules } from './remote-modules.ts'

/** A script and all that it imports, k6's own modules apart, as one ES module. */
export interface BuiltModule {
  readonly code: string
  /** Sources are relative to the script's folder. */
  readonly map: EncodedSourceMap
  /** Imports that a script cannot have. The module is whole but for them. */
  readonly faults: readonly Fault[]
}

const OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'node20',
  charset: 'utf8',
  sourcemap: 'external',
  sourcesContent: false,
  // k6 reads no tsconfig.json, and the same script has to give the same bundle everywhere.
  tsconfigRaw: {},
  outfile: 'script.js',
  write: false,
  logLevel: 'silent',
} as const satisfies BuildOptions

/**
 * @param file absolute path of the script
 * @param root its folder; paths in the code's comments and the map are relative to it
 * @param remote fetches what the script imports from the network
 * @param show turns a path relative to `root` into the one that messages name
 * @throws {UserError} 107 when a file does not parse
 */
export async function buildModule(
  file: string,
  root: string,
  remote: RemoteModules,
  show: (path: string) => string,
): Promise<BuiltModule> {
  const plugins = [scriptImports(remote)]
  const result = await counted(
    build({ ...OPTIONS, plugins, entryPoints: [file], absWorkingDir: root }),
  ).catch((error: unknown) => {
    if (!isBuildFailure(error)) throw error
    const faults = [
      ...refusals(error.warnings, show),
      ...error.errors.map((message) => syntaxFault(message, show)),
    ]
    throw new UserError(EXIT.script, faults, { cause: error })
  })
  const text = (ending: string): string =>
    result.outputFiles.find((output) => output.path.endsWith(ending))?.text ?? ''
  const map = JSON.parse(text('.map')) as EncodedSourceMap
  return { code: text('.js'), map, faults: refusals(result.warnings, show) }
}

/** How many builds are under way. Stopped in the middle, one would never end. */
let buildCount = 0

async function counted<T>(building: Promise<T>): Promise<T> {
  buildCount++
  try {
    return await building
  } finally {
    buildCount--
  }
}

/** Ends the process that builds, unless it is building for somebody else; the next build starts another one. */
export async function endBuilding(): Promise<void> {
  if (buildCount === 0) await stop()
}

function isBuildFailure(error: unknown): error is Error & Pick<BuildResult, 'errors' | 'warnings'> {
  return error instanceof Error && 'errors' in error && 'warnings' in error
}

function refusals(warnings: readonly Message[], show: (path: string) => string): Fault[] {
  return warnings.flatMap((warning) => {
    const refusal = refusalOf(warning)
    const { location } = warning
    return refusal ? [{ where: location ? `${show(location.file)}:${location.line}` : '', ...refusal }] : []
  })
}

function syntaxFault({ text, location, notes }: Message, show: (path: string) => string): Fault {
  const what = [text, ...notes.map((note) => note.text), ...sourceLine(location)].join('\n    ')
  const where = location ? `${show(location.file)}:${location.line}:${location.column + 1}` : ''
  return { where, what }
}

function sourceLine(location: Location | null): string[] {
  return location ? [location.lineText.trim()] : []
}
