import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { EXIT, UserError } from '../core/errors.ts'
import { assertKnownVersion, unreadable } from './csv-reader.ts'

/** What every JSON file of a run has. */
interface Versioned {
  readonly schemaVersion: number
}

/**
 * A JSON file of a run. `schema` says what is read of it; what an older file lacks is for the schema to fill.
 *
 * @throws UserError (usage) with every fault found
 */
export async function readJson<T extends Versioned>(path: string, schema: z.ZodType<T>): Promise<T> {
  const json = await parsed(path)
  const result = schema.safeParse(json)
  assertKnownVersion(path, versionOf(json))
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => ({
    where: `${path}: ${issue.path.join('.')}`,
    what: issue.message,
  }))
  throw new UserError(EXIT.usage, faults)
}

async function parsed(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw unreadable(path, error)
  }
}

function versionOf(json: unknown): number | undefined {
  const version =
    typeof json === 'object' && json !== null && 'schemaVersion' in json ? json.schemaVersion : undefined
  return typeof version === 'number' ? version : undefined
}
