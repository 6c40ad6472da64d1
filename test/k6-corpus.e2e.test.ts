import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { headroom } from './e2e/command.ts'
import { readCorpus } from './k6-corpus/case.ts'
import { differences } from './k6-corpus/differences.ts'
import { headroomArguments, observe, type Tool } from './k6-corpus/observation.ts'

/** Most of the time a run waits; more than two at once would make each other late. */
vi.setConfig({ maxConcurrency: 2 })

/** Modules that a script imports are kept here, not in the user's own cache. */
const cache = mkdtempSync(join(tmpdir(), 'headroom-corpus-cache-'))
vi.stubEnv('XDG_CACHE_HOME', cache)
afterAll(() => rmSync(cache, { recursive: true, force: true }))

const IN_PROCESS: Tool = {
  name: 'headroom',
  run: (job, cwd) => headroom(headroomArguments(job), { cwd }),
}

describe.concurrent('the corpus of k6 scripts', () => {
  it.for(readCorpus().map((script) => [script.name, script] as const))(
    '%s',
    async ([, script], { expect }) => {
      const observed = await observe(script, IN_PROCESS)
      expect(differences(script.expectation, observed), observed.output).toEqual([])
    },
  )
})

it('is large enough to mean something', () => {
  expect(readCorpus().length).toBeGreaterThanOrEqual(60)
})
