import { describe, expect, it } from 'vitest'
import { WaitGuard } from '../../src/script/guard.ts'
import { Positions } from '../../src/script/positions.ts'
import { bundleFiles, instantiate } from './script-fixture.ts'

const FILES = {
  'script.ts': `import http from 'k6/http'
import { explode } from './lib/explode.ts'

interface Reply {
  id: string
}

export const direct = (): never => { http.get('a'); throw new TypeError('here') }

function middle(reply: Reply | undefined): string { return explode(http.get('b') && reply) }
export function deep(): string {
  http.get('c')
  return middle(undefined)
}
`,
  'lib/explode.ts': `type Anything = { id: string }


export function explode(value: Anything | undefined | false): string { return (value as Anything).id }
`,
}

async function thrownBy(name: string): Promise<{ positions: Positions; error: unknown }> {
  const bundle = await bundleFiles(FILES)
  const exports = await instantiate(bundle, [], new WaitGuard(bundle.sites, () => undefined))
  const call = exports[name] as () => Promise<unknown>
  const error = await call().catch((thrown: unknown) => thrown)
  return { positions: new Positions(bundle), error }
}

describe('Positions', () => {
  it('finds the line and column behind inserted text and below removed types', async () => {
    const { positions, error } = await thrownBy('direct')
    const column = FILES['script.ts'].split('\n')[7]?.indexOf('new TypeError') ?? -1
    expect(positions.locate(error)).toEqual({ file: 'script.ts', line: 8, column: column + 1 })
  })

  it('shows only the frames of the script, in every file of it', async () => {
    const { positions, error } = await thrownBy('deep')
    const column = FILES['lib/explode.ts'].split('\n')[3]?.indexOf('.id }') ?? -1
    const [message, ...frames] = positions.userStack(error).split('\n')
    expect(message).toMatch(/^TypeError: Cannot read properties of undefined/)
    expect(frames).toEqual([
      `    at explode (lib/explode.ts:4:${column + 2})`,
      expect.stringMatching(/^ {4}at middle \(script\.ts:10:\d+\)$/),
      expect.stringMatching(/^ {4}at deep \(script\.ts:13:\d+\)$/),
    ])
  })

  it('shows the callers behind awaits, callbacks and methods', async () => {
    const source = `import http from 'k6/http'
class Api {
  rank(id: number): number {
    http.get('before')
    if (id === 2) throw new Error('at two')
    return id
  }
}
const withRetry = <T>(fn: () => T): T => fn()
export function main(): number[] {
  const api = new Api()
  http.get('first')
  return withRetry(() => [1, 2].map((id) => api.rank(id)))
}
`
    const bundle = await bundleFiles({ 'script.ts': source })
    const exports = await instantiate(bundle, [], new WaitGuard(bundle.sites, () => undefined))
    const call = exports['main'] as () => Promise<unknown>
    const error: unknown = await call().catch((thrown: unknown) => thrown)
    const positions = new Positions(bundle)
    expect(positions.locate(error)).toEqual({ file: 'script.ts', line: 5, column: 25 })
    const frames = positions.userStack(error).split('\n').slice(1)
    expect(frames.map((frame) => frame.replace(/:\d+\)?$/, ''))).toEqual([
      '    at rank (script.ts:5',
      '    at script.ts:13',
      '    at script.ts:13',
      '    at withRetry (script.ts:9',
      '    at main (script.ts:13',
    ])
  })

  it('knows nothing about what is no error, or not of the script', async () => {
    const { positions } = await thrownBy('direct')
    expect(positions.locate('text')).toBeUndefined()
    expect(positions.userStack('text')).toBe('text')
    const own = new RangeError('of the harness')
    expect(positions.locate(own)).toBeUndefined()
    expect(positions.userStack(own)).toBe('RangeError: of the harness')
  })

  it('does not take a file of a similar name for the script', async () => {
    const { positions } = await thrownBy('direct')
    const error = new Error('x')
    error.stack = 'Error: x\n    at f (/tmp/my/headroom-script:3:1)\n    at headroom-script.map:1:1'
    expect(positions.locate(error)).toBeUndefined()
  })
})
