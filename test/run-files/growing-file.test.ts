import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { GrowingFile } from '../../src/run-files/growing-file.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-growing-file-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

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

  it('is written when append returns: whoever kills the process afterwards finds all of it', async () => {
    const path = join(folder, 'file')
    const file = await GrowingFile.create(path)
    file.append('first,')
    file.append(Buffer.from('second'))
    expect(await readFile(path, 'utf8')).toBe('first,second')
    await file.close()
  })

  it('goes on where the operating system has written only a part', async () => {
    const path = join(folder, 'file')
    const file = await GrowingFile.create(path, (fd, bytes) => writeSync(fd, bytes.subarray(0, 3)))
    file.append('abcdefg')
    expect(await file.close()).toMatchObject({ sizeBytes: 7 })
    expect(await readFile(path, 'utf8')).toBe('abcdefg')
  })

  it('does not write over a file that exists', async () => {
    const path = join(folder, 'file')
    const first = await GrowingFile.create(path)
    await expect(GrowingFile.create(path)).rejects.toThrow(/EEXIST/)
    await first.close()
  })

  it('lets the run go on when the disk is full, stops writing, and says so at the end', async () => {
    const path = join(folder, 'file')
    const write = vi
      .fn((fd: number, bytes: Uint8Array) => writeSync(fd, bytes))
      .mockImplementationOnce(() => {
        throw new Error('ENOSPC: disk full')
      })
    const file = await GrowingFile.create(path, write)
    file.append('lost')
    file.append('would leave a gap')
    await expect(file.close()).rejects.toThrow(/ENOSPC/)
    expect(write).toHaveBeenCalledTimes(1)
    expect(await readFile(path, 'utf8')).toBe('')
  })
})
