import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { SCENARIO_NAMES, SCENARIOS } from './scenario-run.ts'

const README = readFileSync(join(SCENARIOS, 'README.md'), 'utf8')
const TESTS = fileURLToPath(new URL('.', import.meta.url))

function namesIn(text: string, pattern: RegExp): string[] {
  const names = [...text.matchAll(pattern)].map(([, name]) => name ?? '')
  return [...new Set(names)].sort()
}

describe('the table of the scenarios', () => {
  it('has a row for each, and for no other', () => {
    expect(namesIn(README, /headroom run scenarios\/([\w-]+)\.ts/g)).toEqual([...SCENARIO_NAMES].sort())
  })
})

describe('each scenario', () => {
  it('is run by a test', () => {
    const tests = readdirSync(TESTS)
      .map((file) => readFileSync(join(TESTS, file), 'utf8'))
      .join('\n')
    expect(namesIn(tests, /runScenario\('([\w-]+)'/g)).toEqual([...SCENARIO_NAMES].sort())
  })

  it.each(SCENARIO_NAMES)(
    '%s says in its head what it answers, how it is run and what to look at',
    (name) => {
      const [, head = ''] =
        /^\/\*\*(.*?)\*\//s.exec(readFileSync(join(SCENARIOS, `${name}.ts`), 'utf8')) ?? []
      const [firstSentence = ''] = head
        .replaceAll(/\s+\* ?/g, ' ')
        .trim()
        .split(' headroom run')
      expect(firstSentence).toMatch(/\?\s*$/)
      expect(head).toContain(`headroom run scenarios/${name}.ts`)
      expect(head).toMatch(/ --target (?:https?:|[A-Z]+,)/)
      expect(head).toMatch(/Look at/)
    },
  )
})
