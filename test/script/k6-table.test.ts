/** What of k6 works here is told in three places: the code's table, k6's own types, and the README. They have to agree. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { OPTION_SUPPORT } from '../../src/script/options.ts'
import { EXECUTORS } from '../../src/script/scenario-executors.ts'
import {
  differenceOf,
  insteadOf,
  isSupportedModule,
  namesOf,
  refusedModules,
  supportedModules,
} from '../../src/script/supported.ts'

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const TYPES = dirname(fileURLToPath(import.meta.resolve('@types/k6/package.json')))

const PACKAGE = JSON.parse(readFileSync(join(TYPES, 'package.json'), 'utf8')) as {
  exports: Record<string, string>
}

/** k6's modules, and their files with types. `k6/options` has types only. */
const MODULES = Object.entries(PACKAGE.exports)
  .filter(([path]) => path !== './options' && path !== './package.json')
  .map(([path, file]) => [path === '.' ? 'k6' : `k6/${path.slice(2)}`, join(TYPES, file)] as const)

/** Names that a module has at run time. Abstract classes and enums are types there: k6 exports no value for them. */
function exportedNames(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const names = [...text.matchAll(/^export (?:function|const|class) (\w+)/gm)].map(([, name = '']) => name)
  return [...new Set(names)]
}

function sorted(names: readonly string[]): string[] {
  return names.toSorted((a, b) => (a < b ? -1 : 1))
}

describe('of k6’s own types', () => {
  const refused = MODULES.filter(([module]) => insteadOf(module) !== undefined)

  it.each(refused)('%s is refused as a whole', (module) => {
    expect(isSupportedModule(module)).toBe(false)
  })

  it.each(MODULES.filter((each) => !refused.includes(each)))('%s is in the table', (module, file) => {
    expect(sorted(namesOf(module))).toEqual(sorted(exportedNames(file)))
  })

  it('the table has no module that they have not', () => {
    const known = MODULES.map(([module]) => module)
    expect(supportedModules().filter((module) => !known.includes(module))).toEqual([])
    const former = refusedModules().filter((module) => !known.includes(module))
    expect(former.filter((module) => !module.startsWith('k6/experimental/'))).toEqual([])
  })

  it('every option is in the table, once', () => {
    const text = readFileSync(join(TYPES, 'options', 'index.d.ts'), 'utf8')
    const body = /export interface Options \{(.*?)^\}/ms.exec(text)?.[1] ?? ''
    const options = [...body.matchAll(/^ {4}(\w+)\??:/gm)].map(([, name = '']) => name)
    expect(options).toContain('scenarios')
    const known = Object.values(OPTION_SUPPORT).flat()
    expect(options.filter((option) => !known.includes(option))).toEqual([])
    expect(known).toHaveLength(new Set(known).size)
  })
})

describe('the README', () => {
  const rows = README.split('\n').filter((line) => line.startsWith('| '))

  it.each(supportedModules())('has the row of %s', (module) => {
    expect(rows.filter((row) => row.startsWith(`| \`${module}\` |`))).toEqual([moduleRow(module)])
  })

  it('has the row of what is refused', () => {
    expect(rows).toContain(
      `| ${codes(refusedModules())} | – | refused while the script loads, with what to do instead |`,
    )
  })

  it('has the row of the executors', () => {
    const names = codes(sorted(Object.keys(EXECUTORS)))
    expect(rows).toContain(`| executors | ${names} | ramps differ from k6 by at most one arrival |`)
  })

  it('has the row of the options', () => {
    const { works, ignored, refused } = OPTION_SUPPORT
    expect(rows).toContain(
      `| options | ${codes(sorted(works))} | taken and without effect: ${codes(ignored)}; refused: ${codes(refused)} |`,
    )
  })

  it('has no row of a module that is not in the table', () => {
    const modules = rows.flatMap((row) => /^\| `(k6[\w/]*)` \|/.exec(row)?.[1] ?? [])
    expect(sorted(modules)).toEqual(sorted(supportedModules()))
  })
})

function moduleRow(module: string): string {
  const names = namesOf(module)
  const constants = names.filter((name) => /^[A-Z\d]+(?:_[A-Z\d]+)+$/.test(name))
  const others = codes(names.filter((name) => !constants.includes(name)))
  const works = constants.length === 0 ? others : `${others}, constants`
  return `| \`${module}\` | ${works} | ${differenceOf(module) ?? '–'} |`
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}
