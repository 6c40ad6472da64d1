import { createHash, type Hash } from 'node:crypto'
import { writeSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import type { FileRecord } from './manifest.ts'

/** @returns how many of the bytes were written. */
type Write = (fd: number, bytes: Uint8Array) => number

/**
 * A file that is written while the run goes on. What was appended is with the operating system, so it outlives the process.
 * `append` never throws: the first write that fails is the last, and `close` throws why.
 *
 * It waits for the operating system, which takes some ten microseconds. Handed to a thread for such things a write took a tenth of a
 * millisecond of the core, and another once it was done, while requests were due.
 */
export class GrowingFile {
  readonly #path: string
  readonly #handle: FileHandle
  readonly #write: Write
  readonly #hash: Hash = createHash('sha256')
  #sizeBytes = 0
  #failure: unknown = undefined

  private constructor(path: string, handle: FileHandle, write: Write) {
    this.#path = path
    this.#handle = handle
    this.#write = write
  }

  /** Creates the file; fails when it exists. */
  static async create(path: string, write: Write = writeSync): Promise<GrowingFile> {
    return new GrowingFile(path, await open(path, 'wx'), write)
  }

  append(content: string | Uint8Array): void {
    if (this.#failure !== undefined) return
    try {
      this.#writeAll(typeof content === 'string' ? Buffer.from(content) : content)
    } catch (error) {
      this.#failure = error
    }
  }

  /** Brings what was appended to the disk and closes the file. */
  async close(): Promise<FileRecord> {
    try {
      if (this.#failure !== undefined) throw this.#failure
      await this.#handle.sync()
    } finally {
      await this.#handle.close()
    }
    return { name: basename(this.#path), sizeBytes: this.#sizeBytes, sha256: this.#hash.digest('hex') }
  }

  #writeAll(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(this.#write(this.#handle.fd, rest))
    this.#hash.update(bytes)
    this.#sizeBytes += bytes.length
  }
}
