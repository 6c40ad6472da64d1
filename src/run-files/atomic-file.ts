import { createHash } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import type { FileRecord } from './manifest.ts'

/** Writes a file so that a reader sees the old content or the whole new one: temporary name, fsync, rename. */
export async function writeAtomically(path: string, text: string): Promise<FileRecord> {
  const temporaryPath = `${path}.tmp`
  const bytes = Buffer.from(text)
  try {
    await writeAndSync(temporaryPath, bytes)
    await rename(temporaryPath, path)
  } catch (error) {
    await rm(temporaryPath, { force: true })
    throw error
  }
  return {
    name: basename(path),
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
}

async function writeAndSync(path: string, bytes: Buffer): Promise<void> {
  const handle = await open(path, 'w')
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
