import { createHash } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import type { FileRecord } from './manifest.ts'

/**
 * Writes a file so that a reader sees the old content or the whole new one: temporary name, fsync, rename.
 *
 * @param content the whole, or pieces of it one after another
 */
export async function writeAtomically(
  path: string,
  content: string | AsyncIterable<string>,
): Promise<FileRecord> {
  const temporaryPath = `${path}.tmp`
  try {
    const written = await writeAndSync(temporaryPath, typeof content === 'string' ? [content] : content)
    await rename(temporaryPath, path)
    return { name: basename(path), ...written }
  } catch (error) {
    await rm(temporaryPath, { force: true })
    throw error
  }
}

async function writeAndSync(
  path: string,
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<Omit<FileRecord, 'name'>> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  const handle = await open(path, 'w')
  try {
    for await (const piece of pieces) {
      const bytes = Buffer.from(piece)
      await handle.writeFile(bytes)
      hash.update(bytes)
      sizeBytes += bytes.length
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  return { sizeBytes, sha256: hash.digest('hex') }
}
