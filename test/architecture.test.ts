import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Arrow = may import. A folder may always import from itself. */
const RULES: Readonly<Record<string, readonly string[]>> = {
  'src/cli.ts': ['src/commands'],
  'src/commands': ['*'],
  'src/engine': ['src/core', 'src/load', 'src/measure', 'src/http (types)', 'src/script (types)'],
  'src/script': ['src/core', 'src/engine (types)'],
  'src/run-files': ['src/core', 'src/measure', 'src/stats'],
  'src/report': ['src/core', 'src/measure', 'src/stats'],
  'src/load': ['src/core'],
  'src/measure': ['src/core'],
  'src/stats': ['src/core'],
  'src/http': ['src/core'],
  'src/core': [],
  'mock-server': ['src/core'],
}

/** No clock, timer, socket, file, randomness or process: time is an argument, randomness a seeded generator. */
const PURE = ['src/core', 'src/load', 'src/measure', 'src/report', 'src/stats', 'mock-server'] as const
/** The thin shells of otherwise pure folders. */
const SHELLS = ['mock-server/server.ts', 'mock-server/main.ts', 'mock-server/shell/']
/** What a pure file may take from Node: pure functions only. */
const PURE_BUILTINS = new Set(['node:util'])

const IMPURE = [
  /\bDate\.now\b/,
  /\bnew Date\(\s*\)/,
  /\bperformance\./,
  /\bMath\.random\b/,
  /\bset(?:Timeout|Interval|Immediate)\b/,
  /\bqueueMicrotask\b/,
  /\bprocess\./,
  /\bfetch\(/,
]

interface Import {
  readonly from: string
  readonly to: string
  readonly typesOnly: boolean
}

const ROOT = resolve(import.meta.dirname, '..')
const FILES = ['src', 'mock-server'].flatMap((folder) => sourceFiles(join(ROOT, folder)))

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
}

function importsOf(file: string): Import[] {
  const text = withoutComments(readFileSync(join(ROOT, file), 'utf8'))
  const pattern = /^(?:import|export)\s+(type\s+)?([^'"()=]*?)\s*(?:from\s*)?['"]([^'"]+)['"]/gm
  return [...text.matchAll(pattern)].map(([, type, names = '', to = '']) => ({
    from: file,
    to: to.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), to)) : to,
    typesOnly: type !== undefined || onlyTypeNames(names),
  }))
}

function onlyTypeNames(names: string): boolean {
  const inBraces = /^\{([^}]*)\}$/.exec(names.trim())?.[1]
  if (inBraces === undefined) return false
  const parts = inBraces.split(',').filter((part) => part.trim() !== '')
  return parts.every((part) => part.trim().startsWith('type '))
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '')
}

function folderOf(file: string): string {
  return Object.keys(RULES).find((folder) => file === folder || file.startsWith(`${folder}/`)) ?? ''
}

function mayImport({ from, to, typesOnly }: Import): boolean {
  const folder = folderOf(from)
  const target = folderOf(to)
  const allowed = RULES[folder] ?? []
  if (folder === target || allowed.includes('*') || allowed.includes(target)) return true
  return allowed.includes(`${target} (types)`) && typesOnly
}

describe('architecture', () => {
  it('every source file lies in a folder that has a rule', () => {
    expect(FILES.filter((file) => folderOf(file) === '')).toEqual([])
  })

  it.each(Object.entries(RULES))('%s imports only from %s', (folder, allowed) => {
    const broken = FILES.filter((file) => folderOf(file) === folder)
      .flatMap(importsOf)
      .filter(({ to }) => to.startsWith('src/') || to.startsWith('mock-server/'))
      .filter((each) => !mayImport(each))
      .map(
        ({ from, to }) =>
          `${from} imports ${to}; ${folder} may import only: ${allowed.join(', ') || 'nothing of ours'}`,
      )
    expect(broken).toEqual([])
  })

  const pureFiles = FILES.filter(
    (file) =>
      PURE.some((folder) => file.startsWith(`${folder}/`)) && !SHELLS.some((shell) => file.startsWith(shell)),
  )

  it.each(pureFiles)('%s is pure: time is an argument, randomness is seeded, no I/O', (file) => {
    const text = withoutComments(readFileSync(join(ROOT, file), 'utf8'))
    const impure = IMPURE.filter((pattern) => pattern.test(text)).map(String)
    const builtins = importsOf(file)
      .filter(({ to, typesOnly }) => !typesOnly && (to.startsWith('node:') || builtinModules.includes(to)))
      .map(({ to }) => to)
      .filter((to) => !PURE_BUILTINS.has(to))
    expect([...impure, ...builtins]).toEqual([])
  })

  it('sees an import that breaks a rule', () => {
    expect(mayImport({ from: 'src/measure/recorder.ts', to: 'src/engine/vu.ts', typesOnly: true })).toBe(
      false,
    )
    expect(mayImport({ from: 'src/engine/vu.ts', to: 'src/http/client.ts', typesOnly: false })).toBe(false)
    expect(mayImport({ from: 'mock-server/app.ts', to: 'src/measure/outcome.ts', typesOnly: true })).toBe(
      false,
    )
    expect(onlyTypeNames('{ type A, type B }')).toBe(true)
    expect(onlyTypeNames('{ type A, b }')).toBe(false)
  })
})
