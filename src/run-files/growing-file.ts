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
  readonly #pending: Uint8Array[] = []
  #isWriting = false
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
    this.#pending.push(bytes)
    if (!this.#isWriting) this.#writing = this.#writePending()
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

  /** The first write is on its way when it returns: whoever appends to several files has them written one after another. */
  async #writePending(): Promise<void> {
    this.#isWriting = true
    for (let bytes = this.#pending.shift(); bytes !== undefined; bytes = this.#pending.shift()) {
      await this.#write(bytes)
    }
    this.#isWriting = false
  }

  /** What the library's own loop does in three times the code, which is cold once a second. */
  async #writeAll(bytes: Uint8Array): Promise<void> {
    let writtenBytes = 0
    while (writtenBytes < bytes.length) {
      writtenBytes += (await this.#handle.write(bytes, writtenBytes)).bytesWritten
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#failure !== undefined) return
    try {
      const written = this.#writeAll(bytes)
      this.#hash.update(bytes)
      await written
      this.#sizeBytes += bytes.length
    } catch (error) {
      this.#failure = error
    }
  }
}
