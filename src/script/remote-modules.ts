import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fetchText } from './remote-fetch.ts'
import type { Fetch } from './remote-fetch.ts'

/** Why an import is refused; esbuild carries it to the place of the import in the `detail` of a warning. */
export interface Refusal {
  readonly what: string
  readonly todo: string
}

export interface Network {
  /** Folder that keeps fetched modules under their SHA-256. */
  readonly cacheDir: string
  readonly fetch: Fetch
}

/** From the module's URL to the SHA-256 of its text, in hex. */
type Lock = Record<string, string>

/**
 * Modules that a script imports by URL. What an address gave the first time is locked beside the script, so that a run
 * next month tests with the same code, or says that it has changed.
 */
export class RemoteModules {
  readonly #lockFile: string
  readonly #network: Network
  readonly #loading = new Map<string, Promise<Refusal | undefined>>()
  readonly #texts = new Map<string, string>()
  #lock: Lock | undefined
  #hasNew = false

  constructor(lockFile: string, network: Partial<Network>) {
    this.#lockFile = lockFile
    this.#network = { cacheDir: defaultCacheDir(), fetch: (url, init) => fetch(url, init), ...network }
  }

  /** Gets a module ready for `textOf`; says why if it cannot. Every URL is asked for once. */
  load(url: string): Promise<Refusal | undefined> {
    const loading = this.#loading.get(url) ?? this.#load(url)
    this.#loading.set(url, loading)
    return loading
  }

  /** @throws {RangeError} for a module that was not loaded */
  textOf(url: string): string {
    const text = this.#texts.get(url)
    if (text === undefined) throw new RangeError(`${url} was not loaded`)
    return text
  }

  /** Writes down what modules were got for the first time. */
  writeLock(): void {
    if (!this.#hasNew) return
    const sorted = Object.entries(this.#readLock()).sort(([a], [b]) => (a < b ? -1 : 1))
    writeWhole(this.#lockFile, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`)
    this.#hasNew = false
  }

  async #load(url: string): Promise<Refusal | undefined> {
    let locked: string | undefined
    try {
      locked = this.#readLock()[url]
    } catch {
      return {
        what: `${this.#lockFile} is not readable as JSON`,
        todo: 'restore it, or delete it to lock anew',
      }
    }
    const kept = locked === undefined ? undefined : this.#readCache(locked)
    const text = kept ?? (await fetchText(url, this.#network.fetch))
    if (typeof text !== 'string') return text
    const sha256 = hashOf(text)
    if (locked !== undefined && locked !== sha256) return this.#changed(url, locked, sha256)
    if (kept === undefined) writeWhole(this.#cacheFile(sha256), text)
    this.#texts.set(url, text)
    if (locked === undefined) {
      this.#readLock()[url] = sha256
      this.#hasNew = true
    }
    return undefined
  }

  #changed(url: string, locked: string, sha256: string): Refusal {
    const what = `the module has changed: its SHA-256 is ${sha256}, locked is ${locked}`
    const todo = `look at what changed; to accept it, delete the line of ${url} in ${this.#lockFile}`
    return { what, todo }
  }

  #readLock(): Lock {
    this.#lock ??= JSON.parse(readOptional(this.#lockFile) ?? '{}') as Lock
    return this.#lock
  }

  /** A file that is not what its name says was damaged, and is fetched again. */
  #readCache(sha256: string): string | undefined {
    const text = readOptional(this.#cacheFile(sha256))
    return text !== undefined && hashOf(text) === sha256 ? text : undefined
  }

  #cacheFile(sha256: string): string {
    return join(this.#network.cacheDir, `${sha256}.js`)
  }
}

function defaultCacheDir(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'headroom', 'modules')
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function readOptional(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Nobody ever sees half of the file. */
function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  const temporary = `${file}.${process.pid}.tmp`
  writeFileSync(temporary, text)
  renameSync(temporary, file)
}
