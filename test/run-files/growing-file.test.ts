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

  it('has begun to write when append returns', async () => {
    const prototype = await handlePrototype()
    const file = await GrowingFile.create(join(folder, 'file'))
    const write = vi.spyOn(prototype, 'write')
    file.append('first')
    file.append('second')
    expect(write).toHaveBeenCalledTimes(1)
    await file.close()
    expect(write).toHaveBeenCalledTimes(2)
  })

  it('goes on where the operating system has written only a part', async () => {
    const path = join(folder, 'file')
    const prototype = await handlePrototype()
    const file = await GrowingFile.create(path)
    vi.spyOn(prototype, 'write').mockResolvedValueOnce({ bytesWritten: 3, buffer: 'abcdefg' })
    file.append('abcdefg')
    expect(await file.close()).toMatchObject({ sizeBytes: 7 })
    expect(await readFile(path, 'utf8')).toBe('defg')
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
    const write = vi.spyOn(prototype, 'write').mockRejectedValueOnce(new Error('ENOSPC: disk full'))
    file.append('lost')
    file.append('would leave a gap')
    await expect(file.close()).rejects.toThrow(/ENOSPC/)
    expect(write).toHaveBeenCalledTimes(1)
    expect(await readFile(path, 'utf8')).toBe('')
  })
})
