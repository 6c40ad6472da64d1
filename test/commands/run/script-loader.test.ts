/** Scripts as the worker loads them: bundled, with all globals and modules, one instance for each VU. */
import { describe, expect, it } from 'vitest'
import { DataFiles } from '../../../src/commands/run/data-files.ts'
import { ScriptLoader } from '../../../src/commands/run/script-loader.ts'
import type { ScriptInstance } from '../../../src/engine/host.ts'
import { FakeHost } from '../../script/modules/fake-host.ts'
import { bundleFiles } from '../../script/script-fixture.ts'

interface LoadedVu {
  readonly host: FakeHost
  readonly instance: ScriptInstance
  /** Runs the default function as an iteration, to the end of all that it has under way. */
  readonly iterate: () => Promise<unknown>
}

interface Loaded {
  readonly log: string[]
  readonly vu: () => Promise<LoadedVu>
}

/** All VUs are on the clock of a first one. */
async function load(script: string, files: Record<string, string> = {}): Promise<Loaded> {
  const bundle = await bundleFiles({ 'script.ts': script, ...files })
  const log: string[] = []
  const host = new FakeHost()
  const loader = new ScriptLoader(bundle, {
    clock: host.clock,
    seed: 1,
    isVirtual: true,
    log: (level, text) => void log.push(`${level}: ${text}`),
    files: DataFiles.onDisk(),
  })
  const vu = async (): Promise<LoadedVu> => {
    host.mayWait = false
    const instance = await loader.instantiate(host, { TARGET: 'http://target' })
    host.mayWait = true
    return { host, instance, iterate: () => iterate(instance) }
  }
  return { log, vu }
}

async function iterate(instance: ScriptInstance): Promise<unknown> {
  const result = instance.returned(await instance.functions.get('default')?.(undefined))
  await instance.settled()
  instance.finishIteration()
  return result
}

async function resultOf(script: string, files?: Record<string, string>): Promise<unknown> {
  const { vu } = await load(script, files)
  return (await vu()).iterate()
}

describe('timers', () => {
  it('are globals and functions of k6/timers, on the time of the run', async () => {
    const script = `import { setTimeout as later, clearTimeout as never } from 'k6/timers'
      export default async function () {
        const seen: unknown[] = []
        const began = Date.now()
        const note = (name: string) => seen.push(name + '@' + (Date.now() - began))
        later(note, 30, 'c')
        setTimeout(note, 10, 'a')
        never(setTimeout(note, 20, 'b'))
        const ticks = setInterval(note, 40, 'tick')
        setTimeout(() => clearInterval(ticks), 100)
        await new Promise((resolve) => setTimeout(resolve, 200))
        return seen
      }`
    expect(await resultOf(script)).toEqual(['a@10', 'c@30', 'tick@40', 'tick@80'])
  })

  it('may wait in their functions, and keep the iteration from ending', async () => {
    const { vu, log } = await load(`import http from 'k6/http'
      import { check, sleep } from 'k6'
      function visit(path) {
        const reply = http.get('http://target/' + path)
        check(reply, { found: (r) => r.status === 200 })
        console.log(path)
      }
      export default function () {
        setTimeout(() => { sleep(1); visit('a') }, 10)
        setTimeout(visit, 20, 'b')
        visit('first')
        console.log('end')
      }`)
    const { host, iterate: run } = await vu()
    await run()
    expect(log).toEqual(['info: first', 'info: end', 'info: a', 'info: b'])
    expect(host.requests.map(({ path }) => path)).toEqual(['/first', '/a', '/b'])
    expect(host.failures).toEqual([])
  })
})

describe('SharedArray', () => {
  it('is loaded by the first VU, from a file, for all of them', async () => {
    const script = `import { SharedArray } from 'k6/data'
      const users = new SharedArray('users', () => {
        console.log('loading')
        return open('./data/users.csv').trim().split('\\n').map((line) => ({ name: line }))
      })
      export default () => users`
    const { vu, log } = await load(script, { 'data/users.csv': 'ann\nbob\n' })
    const first = await (await vu()).iterate()
    expect(first).toEqual([{ name: 'ann' }, { name: 'bob' }])
    expect(await (await vu()).iterate()).toBe(first)
    expect(log).toEqual(['info: loading'])
  })
})

describe('open', () => {
  it('is refused in a function', async () => {
    const { vu } = await load(`export default () => open('./a.txt')`, { 'a.txt': '' })
    await expect((await vu()).iterate()).rejects.toThrow('open("./a.txt") was called in a function')
  })

  it('of a file that is not there is told with the line of the script', async () => {
    const { vu } = await load(`\nconst text = open('./gone.txt')\nexport default () => text`)
    await expect(vu()).rejects.toThrow(
      /^script\.ts:2: the script failed while loading: Error: \S+\/gone\.txt cannot be opened: no such file$/,
    )
  })

  it('is a property of globalThis, too', async () => {
    const script = `const text = globalThis.open('a.txt')\nexport default () => text`
    expect(await resultOf(script, { 'a.txt': 'abc' })).toBe('abc')
  })
})

describe('randomness', () => {
  const DRAW = `import { randomSeed } from 'k6'
    import { randomBytes } from 'k6/crypto'
    export default () => {
      if (__ENV.RESEED) randomSeed(7)
      const numbers = [Math.random(), Math.random()]
      return [numbers, new Uint8Array(randomBytes(4)).join(), crypto.randomUUID()].join(' ')
    }`

  it('is each VU’s own, and the same in every run', async () => {
    const draw = async (): Promise<unknown> => (await (await load(DRAW)).vu()).iterate()
    expect(await draw()).toBe(await draw())
  })

  it('of Math.random is what randomSeed says', async () => {
    const script = `import { randomSeed } from 'k6'
      export default () => { randomSeed(7); return [Math.random(), Math.random()] }`
    const { vu } = await load(script)
    const { iterate: run } = await vu()
    const first = await run()
    expect(await run()).toEqual(first)
    expect(new Set(first as number[]).size).toBe(2)
  })
})

describe('globals', () => {
  it('are those of k6', async () => {
    const script = `export default async () => {
      const bytes = new TextEncoder().encode('abc')
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-1', bytes))
      return [new TextDecoder().decode(bytes), digest[0], typeof setTimeout, typeof open, __VU, __ITER]
    }`
    expect(await resultOf(script)).toEqual(['abc', 0xa9, 'function', 'function', 1, 0])
  })

  it.each([
    'process',
    'Buffer',
    'module',
    'exports',
    '__dirname',
    '__filename',
    'fetch',
    'URL',
    'URLSearchParams',
    'Blob',
    'AbortController',
    'Event',
    'performance',
    'navigator',
    'setImmediate',
    'queueMicrotask',
    'structuredClone',
    'btoa',
    'atob',
    'WebAssembly',
  ])('are none of Node’s: %s', async (name) => {
    expect(await resultOf(`export default () => [typeof ${name}, '${name}' in globalThis]`)).toEqual([
      'undefined',
      false,
    ])
  })
})
