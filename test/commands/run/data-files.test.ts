import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DataFiles, scriptSha256, type DataFile } from '../../../src/commands/run/data-files.ts'
import { bundleOf, writeFiles } from '../../script/script-fixture.ts'

describe('files on the disk', () => {
  it('are read once, as text and as bytes', () => {
    const folder = writeFiles({ 'a.txt': 'Zürich', 'b.txt': '' })
    const files = DataFiles.onDisk()
    const path = join(folder, 'a.txt')
    expect(files.readText(path)).toBe('Zürich')
    expect(files.read(path)).toBe(files.read(path))
    expect(files.read(path)).toEqual(Buffer.from('Zürich'))
    expect(files.readText(join(folder, 'b.txt'))).toBe('')
    expect(files.opened().map((file) => file.path)).toEqual([path, join(folder, 'b.txt')])
  })

  it('show bytes that are no UTF-8 as U+FFFD', () => {
    const files = DataFiles.of([{ path: '/a', bytes: new Uint8Array([0x61, 0xff]) }])
    expect(files.readText('/a')).toBe('a\uFFFD')
  })

  it.each([
    ['gone.txt', 'no such file'],
    ['folder', 'it is a folder'],
    ['a.txt/b', 'ENOTDIR'],
  ])('that cannot be opened: %s', (name, reason) => {
    const folder = writeFiles({ 'a.txt': '', 'folder/c.txt': '' })
    const files = DataFiles.onDisk()
    const path = join(folder, name)
    expect(() => files.read(path)).toThrow(`${path} cannot be opened: ${reason}`)
    expect(files.opened()).toEqual([])
  })
})

describe('files that were read before', () => {
  it('are all that there is', () => {
    const files = DataFiles.of([{ path: '/a', bytes: Buffer.from('abc') }])
    expect(files.readText('/a')).toBe('abc')
    expect(() => files.read('/b')).toThrow('/b was not opened when the script was loaded first, with __VU 0')
  })
})

describe('the hash of a script with its files', () => {
  const sha256 = createHash('sha256').update('a script').digest('hex')
  const hashOf = (folder: string, ...files: readonly DataFile[]): string =>
    scriptSha256({ ...bundleOf(''), folder, sha256 }, files)
  const file = (path: string, text: string): DataFile => ({ path, bytes: Buffer.from(text) })

  it('is that of the script when it opens none', () => {
    expect(hashOf('/a')).toBe(sha256)
  })

  it('is the same in another folder, and for another order', () => {
    const here = hashOf('/a', file('/a/x', '1'), file('/b/y', '2'))
    expect(here).toMatch(/^[0-9a-f]{64}$/)
    expect(here).toBe(hashOf('/c/a', file('/c/b/y', '2'), file('/c/a/x', '1')))
  })

  it.each([
    ['content', file('/a/x', '2')],
    ['name', file('/a/z', '1')],
    ['folder', file('/x', '1')],
  ])('is another for another %s', (_, other) => {
    expect(hashOf('/a', other)).not.toBe(hashOf('/a', file('/a/x', '1')))
    expect(hashOf('/a', other)).not.toBe(hashOf('/a'))
  })
})
