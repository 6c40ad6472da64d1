import { createHash, type Hash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import type { FileRecord } from './manifest.ts'

/**
 * A file that is written while the run goes on. `append` never waits and never throws: writes follow one another
 * in the background, and the first that fails is thrown by `close`.
 */
export class GrowingFile {
  readonly #path: string
  readonly #handle: FileHandle
  readonly #hash: Hash = createHash('sha256')
  #sizeBytes = 0
  #failure: unknown = undefined
  #writing: Promise<void> = Promise.resolve()

  private constructor(path: string, handle: FileHandle) {
    this.#path = path
    this.#handle = handle
  }

  /** Creates the file; fails when it exists. */
  static async create(path: string): Promise<GrowingFile> {
    return new GrowingFile(path, await open(path, 'wx'))
  }

  append(content: string | Uint8Array): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    this.#writing = this.#writing.then(() => this.#write(bytes))
  }

  /** Waits for what was appended, brings it to the disk and closes the file. */
  async close(): Promise<FileRecord> {
    await this.#writing
    try {
      if (this.#failure !== undefined) throw this.#failure
      await this.#handle.sync()
    } finally {
      await this.#handle.close()
    }
    return { name: basename(this.#path), sizeBytes: this.#sizeBytes, sha256: this.#hash.digest('hex') }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#failure !== undefined) return
    try {
      await this.#handle.appendFile(bytes)
      this.#hash.update(bytes)
      this.#sizeBytes += bytes.length
    } catch (error) {
      this.#failure = error
    }
  }
}
