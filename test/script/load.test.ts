import { describe, expect, it } from 'vitest'
import { EXIT } from '../../src/core/errors.ts'
import { compileScript } from '../../src/script/load.ts'
import type { CompiledScript, ScriptBindings, ScriptExports } from '../../src/script/load.ts'
import { ScriptError } from '../../src/script/script-error.ts'
import { bundleFiles, bundleOf, NO_FILES, rejection } from './script-fixture.ts'

function bindings(changes: Partial<ScriptBindings> = {}): ScriptBindings {
  return {
    modules: {},
    env: { TARGET: 'http://target' },
    vu: 1,
    headroom: { ITER: 0, site: (_, result) => result, escape: (_, fn) => fn },
    files: NO_FILES,
    globals: {},
    ...changes,
  }
}

function load(script: CompiledScript, changes?: Partial<ScriptBindings>): Promise<ScriptExports> {
  return script.instantiate(bindings(changes))
}

async function evaluate(expression: string, changes?: Partial<ScriptBindings>): Promise<unknown> {
  const exports = await load(
    compileScript(bundleOf(`const value = ${expression};\nexport { value };`)),
    changes,
  )
  return exports['value']
}

describe('compileScript', () => {
  it('gives every instance its own state', async () => {
    const script = compileScript(bundleOf('let n = 0; const next = () => ++n; export { next };'))
    const [first, second] = await Promise.all([load(script), load(script)])
    const next = (exports: ScriptExports): unknown => (exports['next'] as () => number)()
    expect([next(first), next(first), next(second)]).toEqual([1, 2, 1])
  })

  it('gives every instance its own globalThis', async () => {
    const script = compileScript(
      bundleOf(
        'globalThis.mark = (globalThis.mark ?? 0) + __VU; const mark = globalThis.mark; export { mark };',
      ),
    )
    expect((await load(script, { vu: 5 }))['mark']).toBe(5)
    expect((await load(script, { vu: 6 }))['mark']).toBe(6)
    expect('mark' in globalThis).toBe(false)
  })

  it.each([
    'process',
    'Buffer',
    'require',
    'module',
    'fetch',
    'setTimeout',
    'setImmediate',
    'console',
    'URL',
    'WebAssembly',
  ])('hides %s', async (name) => {
    expect(await evaluate(`[typeof ${name}, typeof globalThis.${name}, typeof global.${name}].join()`)).toBe(
      'undefined,undefined,undefined',
    )
  })

  it('shows the language', async () => {
    const names = [
      'Array',
      'Date',
      'Error',
      'JSON',
      'Map',
      'Math',
      'Promise',
      'Proxy',
      'RegExp',
      'Uint8Array',
      'parseInt',
    ]
    expect(
      await evaluate(
        `[${names.join()}].every((value, i) => value === globalThis[${JSON.stringify(names)}[i]])`,
      ),
    ).toBe(true)
    expect(await evaluate('[] instanceof Array && globalThis.globalThis === globalThis')).toBe(true)
    expect(await evaluate('this')).toBeUndefined()
  })

  it('gives what it is told to give, in both places', async () => {
    const globals = { Math: { random: () => 0.25 }, console: { log: () => 'logged' }, setTimeout: () => 9 }
    expect(
      await evaluate('[Math.random(), globalThis.Math.random(), console.log(), setTimeout()]', { globals }),
    ).toEqual([0.25, 0.25, 'logged', 9])
  })

  it('lets a script declare a name that Node has too', async () => {
    const script = compileScript(
      bundleOf('const URL = 3; let performance = URL + 1; export { performance };'),
    )
    expect((await load(script))['performance']).toBe(4)
  })

  it('reads __ITER anew each time, and __ENV and __VU', async () => {
    const headroom = { ...bindings().headroom, ITER: 0 }
    const script = compileScript(
      bundleOf(
        'const now = () => [__ITER, globalThis.__ITER, __VU, __ENV.TARGET, globalThis.__ENV === __ENV]; export { now };',
      ),
    )
    const now = (await load(script, { headroom, vu: 4 }))['now'] as () => unknown
    expect(now()).toEqual([0, 0, 4, 'http://target', true])
    headroom.ITER = 8
    expect(now()).toEqual([8, 8, 4, 'http://target', true])
  })

  it('reads imports and re-exports from the given modules', async () => {
    const sleep = (): number => 7
    const modules = { k6: { sleep, default: { sleep } } }
    const script = compileScript(
      bundleOf(`import all, { sleep as pause } from "k6";
import * as space from "k6";
const value = [await all.sleep(), await pause(), await space.sleep()];
export { value };
export { sleep as "a b" } from "k6";`),
    )
    const exports = await load(script, { modules })
    expect(exports['value']).toEqual([7, 7, 7])
    expect(exports['a b']).toBe(sleep)
  })
})

describe('a script that fails while loading', () => {
  it('is a script error with file and line and without a stack of Node', async () => {
    const bundle = await bundleFiles({
      'script.ts': `interface A { b: number }\n\nconst a = undefined as unknown as A\nexport const c = a.b\n`,
    })
    const error = await rejection(load(compileScript(bundle)))
    expect(error.exitCode).toBe(EXIT.script)
    expect(error.message).toMatch(
      /^script\.ts:4: the script failed while loading: TypeError: Cannot read prop[^\n]+$/,
    )
  })

  it('may throw anything', async () => {
    const error = await rejection(load(compileScript(bundleOf('throw "a text";'))))
    expect(error.message).toBe('script.ts: the script failed while loading: it threw a text')
  })

  it('keeps what the harness had to say', async () => {
    const sleep = (): never => {
      throw new ScriptError({ where: '', what: 'sleep is not for here', todo: 'move it' })
    }
    const bundle = await bundleFiles({ 'script.ts': `import { sleep } from 'k6'\n\nsleep(1)\n` })
    const error = await rejection(load(compileScript(bundle), { modules: { k6: { sleep } } }))
    expect(error.faults).toEqual([{ where: 'script.ts:3', what: 'sleep is not for here', todo: 'move it' }])
  })
})
