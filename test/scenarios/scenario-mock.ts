/** `headroom mock` as a scenario would name it, as a server of its own. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, onTestFinished } from 'vitest'
import { startHeadroom } from '../e2e/command.ts'
import type { MockCounters } from '../e2e/run-output.ts'

/** A profile with settings, or a whole configuration. */
type MockOption = string | MockJson

interface MockJson {
  readonly resources: readonly { readonly name?: string }[]
  readonly manager?: object
}

interface ScenarioModule {
  readonly options: { readonly ext: { readonly headroom: { readonly mock: MockOption } } }
}

export interface ScenarioMock {
  /** For `--target`. */
  readonly target: string
  /** How many requests it has had, by its own account. */
  requestCount(): Promise<number>
}

/** Starts the mock that the script names; it ends with the test. */
export async function startMockOf(script: string, cwd: string): Promise<ScenarioMock> {
  const mock = await mockOptionOf(script)
  const server = startHeadroom(['mock', ...argumentsFor(mock, cwd), '--port', '0'], { cwd })
  onTestFinished(async () => {
    server.interrupt()
    await server.end
  })
  await expect.poll(() => server.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/)
  const url = server.stdout.trim()
  return {
    target: baseUrls(mock, url).join(','),
    requestCount: async () => {
      const { resources } = (await (await fetch(`${url}/__mock/state`)).json()) as MockCounters
      const operations = resources.flatMap((resource) => Object.values(resource.operations))
      return operations.reduce((sum, { requestCount }) => sum + requestCount, 0)
    },
  }
}

function argumentsFor(mock: MockOption, cwd: string): string[] {
  if (typeof mock === 'string') return [mock]
  writeFileSync(join(cwd, 'mock.json'), JSON.stringify(mock))
  return ['--config', 'mock.json']
}

/** Several resources have an address each, unless a manager stands in front of them. */
function baseUrls(mock: MockOption, url: string): string[] {
  if (typeof mock === 'string' || mock.manager !== undefined || mock.resources.length === 1) return [url]
  return mock.resources.map(({ name }) => `${url}/r/${name}`)
}

/** Stands for everything of k6, of which nothing is called while a script loads, metrics made but not used. */
const K6: object = new Proxy(function k6() {}, {
  get: (_target, key) => (key === '__esModule' ? true : K6),
  construct: () => ({}),
})

/** Loads the script as k6 does, far enough to have its options. */
async function mockOptionOf(script: string): Promise<MockOption> {
  const { outputFiles } = await build({
    entryPoints: [script],
    bundle: true,
    write: false,
    format: 'cjs',
    external: ['k6', 'k6/*'],
  })
  const module = { exports: {} }
  // The script is one of ours, and sees no more than k6 would show it.
  // oxlint-disable-next-line no-new-func, no-implied-eval
  const load = new Function('module', 'require', '__ENV', outputFiles[0]?.text ?? '')
  load(module, () => K6, {})
  return (module.exports as ScenarioModule).options.ext.headroom.mock
}
