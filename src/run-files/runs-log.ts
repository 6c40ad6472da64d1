import { open, readdir, rename, type FileHandle } from 'node:fs/promises'
import { basename, dirname } from 'node:path'

/**
 * Appends one line to a log of runs, writing the header first when the file is new or empty. A file with another
 * header (an older version's, or an edited one) is left as it is under the name `<file>.old-<n>` and a new one begun.
 *
 * @returns the path under which the other file was kept, if there was one
 */
export async function appendToRunsLog(
  path: string,
  header: string,
  row: string,
): Promise<string | undefined> {
  const handle = await open(path, 'a+')
  let matches: boolean
  try {
    matches = await appendIfSameColumns(handle, header, row)
  } finally {
    await handle.close()
  }
  if (matches) return undefined
  const keptPath = await freeName(path)
  await rename(path, keptPath)
  await appendToRunsLog(path, header, row)
  return keptPath
}

async function appendIfSameColumns(handle: FileHandle, header: string, row: string): Promise<boolean> {
  const { size: sizeBytes } = await handle.stat()
  if (sizeBytes > 0 && (await firstLine(handle, header.length)) !== header.trimEnd()) return false
  const before = sizeBytes === 0 ? header : await missingLineEnd(handle, sizeBytes)
  // One write, so that runs which end at the same moment do not mix their lines.
  await handle.appendFile(before + row)
  await handle.sync()
  return true
}

/** The first line if it is about as long as expected; spreadsheets save with a BOM or bare LF, which does not matter. */
async function firstLine(handle: FileHandle, expectedBytes: number): Promise<string> {
  const buffer = Buffer.alloc(expectedBytes + 8)
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
  const start = new TextDecoder().decode(buffer.subarray(0, bytesRead))
  return start.split(/\r?\n/, 1)[0] ?? ''
}

/** A run that was killed while it wrote leaves a line without an end; it must not swallow the next one. */
async function missingLineEnd(handle: FileHandle, sizeBytes: number): Promise<string> {
  const last = Buffer.alloc(1)
  await handle.read(last, 0, 1, sizeBytes - 1)
  return last.toString() === '\n' ? '' : '\r\n'
}

async function freeName(path: string): Promise<string> {
  const taken = new Set(await readdir(dirname(path)))
  let n = 1
  while (taken.has(`${basename(path)}.old-${n}`)) n++
  return `${path}.old-${n}`
}
