/** Reads the options of k6 that are given outside of the script. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { EXIT, UserError } from '../../core/errors.ts'
import type { OptionLayer } from '../../script/option-layer.ts'
import { isRecord } from '../../script/option-schema.ts'
import { flagLayer, variableLayer } from '../../script/option-sources.ts'
import type { RunRequest } from './request.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Options by the place where they were given, apart from the script. */
interface OptionPlaces {
  readonly config: OptionLayer | undefined
  readonly variables: OptionLayer
  readonly flags: OptionLayer
  readonly seed: number | undefined
}

/** @throws UserError when the configuration file cannot be read (2) or holds no options (104). */
export async function readOptionPlaces(
  { config, flags, seed }: RunRequest,
  cwd: string,
  env: Environment,
): Promise<OptionPlaces> {
  const file = config ?? env['K6_CONFIG']
  return {
    config: file === undefined || file === '' ? undefined : await readConfig(file, cwd),
    variables: variableLayer(env),
    flags: flagLayer(flags),
    seed,
  }
}

async function readConfig(file: string, cwd: string): Promise<OptionLayer> {
  const values = await readJson(file, cwd)
  if (isRecord(values)) return { values, whereOf: (key) => `${file}: ${key}` }
  throw new UserError(EXIT.options, [
    { where: file, what: 'must hold an object with options', todo: EXAMPLE },
  ])
}

const EXAMPLE = 'write options as a script exports them, e.g. {"vus": 10, "duration": "30s"}'

async function readJson(file: string, cwd: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(resolve(cwd, file), 'utf8'))
  } catch (error) {
    // The parser's own message repeats a piece of the file, and options may hold keys.
    if (error instanceof SyntaxError) {
      throw new UserError(EXIT.options, [{ where: file, what: 'is no JSON', todo: EXAMPLE }], {
        cause: error,
      })
    }
    const what = `cannot be read (${String((error as NodeJS.ErrnoException).code)})`
    const todo = 'check the path given with --config or K6_CONFIG'
    throw new UserError(EXIT.usage, [{ where: file, what, todo }], { cause: error })
  }
}
