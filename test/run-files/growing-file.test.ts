import { mkdtemp, open, readFile, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { GrowingFile } from '../../src/run-files/growing-file.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-growing-file-'))
})

afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true, force: true })
})

async function handlePrototype(): Promise<FileHandle> {
  const handle = await open(join(folder, 'other'), 'w')
  await handle.close()
  return Object.getPrototypeOf(handle) as FileHandle
}

describe('GrowingFile', () => {
  it('keeps the order of what is appended without waiting', async () => {
    const path = join(folder, 'file')
    const file = await GrowingFile.create(path)
    const parts = Array.from({ length: 200 }, (_, i) => `${i}${'é'.repeat(i)}\n`)
    for (const part of parts) file.append(part)
    const record = await file.close()
    expect(await readFile(path, 'utf8')).toBe(parts.join(''))
    expect(record).toMatchObject({ name: 'file', sizeBytes: Buffer.byteLength(parts.join('')) })
  })

  it('does not write over a file that exists', async () => {
    const path = join(folder, 'file')
    const first = await GrowingFile.create(path)
    await expect(GrowingFile.create(path)).rejects.toThrow(/EEXIST/)
    await first.close()
  })

  it('lets the run go on when the disk is full, stops writing, and says so at the end', async () => {
    const path = join(folder, 'file')
    const prototype = await handlePrototype()
    const file = await GrowingFile.create(path)
    const appendFile = vi.spyOn(prototype, 'appendFile').mockRejectedValueOnce(new Error('ENOSPC: disk full'))
    file.append('lost')
    file.append('would leave a gap')
    await expect(file.close()).rejects.toThrow(/ENOSPC/)
    expect(appendFile).toHaveBeenCalledTimes(1)
    expect(await readFile(path, 'utf8')).toBe('')
  })
})
