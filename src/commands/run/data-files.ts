import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import type { ScriptBundle } from '../../script/script-bundle.ts'
import type { FileStore } from '../../script/script-files.ts'

/** A file that a script has opened. */
export interface DataFile {
  /** Absolute. */
  readonly path: string
  readonly bytes: Uint8Array
}

/**
 * The files that a script opens. They are read while the main thread loads the script, once; the VUs get what was read
 * then and nothing else, as on k6, so that what runs is what the run's identity says.
 */
export class DataFiles implements FileStore {
  readonly #read: (path: string) => Uint8Array
  readonly #bytes: Map<string, Uint8Array>
  readonly #texts = new Map<string, string>()

  private constructor(files: readonly DataFile[], read: (path: string) => Uint8Array) {
    this.#bytes = new Map(files.map(({ path, bytes }) => [path, bytes]))
    this.#read = read
  }

  /** Reads from the disk. */
  static onDisk(): DataFiles {
    return new DataFiles([], readFile)
  }

  /** Has what was read before. */
  static of(files: readonly DataFile[]): DataFiles {
    return new DataFiles(files, (path) => {
      throw new Error(
        `${path} was not opened when the script was loaded first, with __VU 0: open the same files for every VU`,
      )
    })
  }

  read(path: string): Uint8Array {
    const known = this.#bytes.get(path)
    if (known !== undefined) return known
    const bytes = this.#read(path)
    this.#bytes.set(path, bytes)
    return bytes
  }

  readText(path: string): string {
    const known = this.#texts.get(path)
    if (known !== undefined) return known
    const text = Buffer.from(this.read(path)).toString('utf8')
    this.#texts.set(path, text)
    return text
  }

  /** All that were opened, in the order of the first time. */
  opened(): DataFile[] {
    return Array.from(this.#bytes, ([path, bytes]) => ({ path, bytes }))
  }
}

/**
 * SHA-256 of a script and the files that it opens, in hex; that of the script alone when it opens none. Paths count
 * relative to the script, so the same folder has the same hash on every machine.
 */
export function scriptSha256(bundle: ScriptBundle, files: readonly DataFile[]): string {
  if (files.length === 0) return bundle.sha256
  const lines = files.map(
    ({ path, bytes }) => `${relative(bundle.folder, path).replaceAll(sep, '/')}\t${sha256(bytes)}`,
  )
  return sha256([bundle.sha256, ...lines.sort()].join('\n'))
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException
    throw new Error(`${path} cannot be opened: ${REASONS[code] ?? message}`, { cause })
  }
}
