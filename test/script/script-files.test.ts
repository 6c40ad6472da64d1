import { describe, expect, it } from 'vitest'
import { createScriptFiles } from '../../src/script/script-files.ts'
import type { FileStore } from '../../src/script/script-files.ts'
import { bundleFiles, instantiate } from './script-fixture.ts'

/** Files that say their own path. */
const ECHO: FileStore = { read: (path) => Buffer.from(path), readText: (path) => path }

const files = createScriptFiles('/scripts/load', ECHO, () => true)

describe('open', () => {
  it.each([
    ['script.ts', 'users.csv', '/scripts/load/users.csv'],
    ['script.ts', './users.csv', '/scripts/load/users.csv'],
    ['lib/users.ts', './users.csv', '/scripts/load/lib/users.csv'],
    ['lib/users.ts', '../users.csv', '/scripts/load/users.csv'],
    ['../shared/users.ts', 'users.csv', '/scripts/shared/users.csv'],
    ['lib/users.ts', '/data/users.csv', '/data/users.csv'],
    ['lib/users.ts', 'file:///data/my%20users.csv', '/data/my users.csv'],
  ])('in %s of %s opens %s', (from, path, opened) => {
    expect(files.open(from)(path)).toBe(opened)
  })

  it('with "b" gives an ArrayBuffer, each time a new one', () => {
    const open = files.open('script.ts')
    const [first, second] = [open('a', 'b'), open('a', 'b')] as ArrayBuffer[]
    expect(first).toBeInstanceOf(ArrayBuffer)
    expect(Buffer.from(first!).toString()).toBe('/scripts/load/a')
    new Uint8Array(first!).fill(0)
    expect(Buffer.from(second!).toString()).toBe('/scripts/load/a')
  })

  it('is for the time when the script loads', () => {
    const late = createScriptFiles('/scripts', ECHO, () => false)
    expect(() => late.open('script.ts')('a.csv')).toThrow(
      'open("a.csv") was called in a function: open files while the script loads',
    )
  })

  it('needs a path', () => {
    expect(() => files.open('script.ts')('')).toThrow('open() takes the path of a file')
  })

  it.each([
    ['remote:https://example.com/lib.js', 'a.csv'],
    ['script.ts', 'https://example.com/a.csv'],
  ])('in %s of %s is refused: there are no files', (from, path) => {
    expect(() => files.open(from)(path)).toThrow('a module from the network has no files beside it')
  })
})

describe('import.meta.resolve', () => {
  it.each([
    ['lib/users.ts', './users.csv', 'file:///scripts/load/lib/users.csv'],
    ['lib/users.ts', '../my users.csv', 'file:///scripts/load/my%20users.csv'],
    ['lib/users.ts', '/data/users.csv', 'file:///data/users.csv'],
    ['lib/users.ts', 'https://example.com/a.js', 'https://example.com/a.js'],
    ['remote:https://example.com/lib/a.js', '../b.js', 'https://example.com/b.js'],
  ])('in %s of %s is %s', (from, specifier, url) => {
    expect(files.meta(from).resolve(specifier)).toBe(url)
  })

  it.each(['k6/http', 'users.csv', ''])('of %j is an exception', (specifier) => {
    expect(() => files.meta('script.ts').resolve(specifier)).toThrow('have an address')
  })
})

describe('in a script', () => {
  const opened = async (files: Record<string, string>): Promise<unknown> => {
    const bundle = await bundleFiles(files)
    const exports = await instantiate(
      bundle,
      [],
      undefined,
      createScriptFiles('/scripts', ECHO, () => true),
    )
    return exports['opened']
  }

  it('paths are relative to the file that says them', async () => {
    const files = {
      'script.ts': `import { users, load } from './lib/users.ts'
        export const opened = [open('a.csv'), users, load('b.csv'), import.meta.resolve('./c.csv')]`,
      'lib/users.ts': `export const users = open('../users.csv')
        export const load = (path: string): string => open(path)`,
    }
    expect(await opened(files)).toEqual([
      '/scripts/a.csv',
      '/scripts/users.csv',
      '/scripts/lib/b.csv',
      'file:///scripts/c.csv',
    ])
  })

  it('the word may stand in any place', async () => {
    const files = {
      'script.ts': `const table = { open, read: open }
        const { resolve } = import.meta
        export const opened = [table.open('a'), table.read('b'), ['c'].map((path) => open(path)), typeof open]`,
    }
    await expect(opened(files)).rejects.toThrow('import.meta has nothing but resolve')
    const legal = { 'script.ts': files['script.ts'].replace('const { resolve } = import.meta', '') }
    expect(await opened(legal)).toEqual(['/scripts/a', '/scripts/b', ['/scripts/c'], 'function'])
  })

  it('a name of the script itself is left alone', async () => {
    const files = {
      'script.ts': `import { open } from './lib.ts'
        const inner = () => { const open = (path) => 'inner ' + path; return open('a') }
        export const opened = [open('a'), inner(), ((open) => open)(7)]`,
      'lib.ts': `export function open(path: string): string { return 'own ' + path }`,
    }
    expect(await opened(files)).toEqual(['own a', 'inner a', 7])
  })

  it('CommonJS helpers open files, too', async () => {
    const files = {
      'script.ts': `import users from './lib/users.cjs'\nexport const opened = users`,
      'lib/users.cjs': `module.exports = open('./users.csv')`,
    }
    expect(await opened(files)).toBe('/scripts/lib/users.csv')
  })

  it('JSON files can be imported', async () => {
    const files = {
      'script.ts': `import users from './users.json'\nexport const opened = users[1].name`,
      'users.json': '[{ "name": "ann" }, { "name": "bob" }]',
    }
    expect(await opened(files)).toBe('bob')
  })

  it('the hash of the script knows no folder of this machine', async () => {
    const files = { 'script.ts': `export const path = open('a.csv')` }
    const [first, second] = await Promise.all([bundleFiles(files), bundleFiles(files)])
    expect(first.code).toBe(second.code)
    expect(first.code).not.toContain(first.folder)
  })
})
