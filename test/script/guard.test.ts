import { describe, expect, it } from 'vitest'
import { EXIT } from '../../src/core/errors.ts'
import { WaitGuard } from '../../src/script/guard.ts'
import { WaitRuntime } from '../../src/script/wait-runtime.ts'
import { bundleFiles, runIteration } from './script-fixture.ts'
import type { Run } from './script-fixture.ts'

const IMPORTS = `import http from 'k6/http'
import { sleep, group, check } from 'k6'
`

/** The body's first line is line 3 of script.ts. */
async function run(body: string): Promise<Run> {
  return runIteration(await bundleFiles({ 'script.ts': IMPORTS + body }))
}

interface Case {
  readonly body: string
  readonly where: string
  /** Parts of the message. */
  readonly says: readonly string[]
}

const VIOLATIONS: Readonly<Record<string, Case>> = {
  'a comparator of sort': {
    body: `export default function () {
      return ['b', 'a'].sort((x, y) => http.get(x).status - http.get(y).status)
    }`,
    where: 'script.ts:4',
    says: [
      'http.get is inside a callback of .sort',
      'its result was used before it was there',
      'first, then sort',
    ],
  },
  'a function by name to sort': {
    body: `function byStatus(x, y) { return http.get(x).status }
    export default function () { return ['b', 'a', 'c'].sort(byStatus) }`,
    where: 'script.ts:4',
    says: ['byStatus is passed to .sort', 'where nothing waits for it'],
  },
  'a callback of replace': {
    body: `export default function () {
      return 'a-b'.replace(/[ab]/g, (u) => http.get(u).body)
    }`,
    where: 'script.ts:4',
    says: ['inside a callback of .replace'],
  },
  toJSON: {
    body: `const value = { toJSON() { return http.get('a').body } }
    export default function () { return JSON.stringify({ value }) }`,
    where: 'script.ts:3',
    says: ['http.get is inside a method of an object', 'where nothing waits for it'],
  },
  'a replacer': {
    body: `export default function () {
      return JSON.stringify({ a: 1 }, (key, value) => key === '' ? value : http.get(key).status)
    }`,
    where: 'script.ts:4',
    says: ['inside a callback of .stringify'],
  },
  'a conversion to text': {
    body: `class Token { toString() { return http.get('a').body } }
    export default function () { return 'token ' + new Token() }`,
    where: 'script.ts:3',
    says: ['inside a method of a class'],
  },
  'a trap of a proxy': {
    body: `const api = new Proxy({}, { get: (_, name) => http.get(name).body })
    export default function () { return api.rank.length }`,
    where: 'script.ts:3',
    says: ['http.get is inside a function that is stored in an object'],
  },
  'a typed array': {
    body: `export default function () {
      return Uint8Array.of(1).map((n) => http.get(n).status).length
    }`,
    where: 'script.ts:4',
    says: ['inside a callback of .map'],
  },
  'a loop behind an optional link': {
    body: `export default function () {
      return [1]?.map((n) => http.get(n).status)[0].toFixed()
    }`,
    where: 'script.ts:4',
    says: ['inside a callback of .map'],
  },
  'a chain that goes on behind an optional call': {
    body: `const api = { get: () => http.get('a') }
    export default function () { return api?.get().body }`,
    where: 'script.ts:3',
    says: ['http.get is inside a function that is stored in an object', 'used before it was there'],
  },
  'an executor of a promise': {
    body: `export default async function () {
      await new Promise((resolve) => { http.get('a'); resolve() })
    }`,
    where: 'script.ts:4',
    says: ['http.get is inside'],
  },
  'a constructor': {
    body: `class Api { constructor() { sleep(1) } }
    export default function () { new Api() }`,
    where: 'script.ts:3',
    says: ['sleep is inside a constructor'],
  },
  'a constructor that calls a function of the script': {
    body: `function login() { return http.get('a').body }
    class Api { constructor() { this.token = login() } }
    export default function () { return new Api().token.length }`,
    where: 'script.ts:4',
    says: ['login is inside a constructor', 'used before it was there'],
  },
  'a constructor function': {
    body: `function Api() { sleep(1) }
    export default function () { new Api() }`,
    where: 'script.ts:3',
    says: ['sleep is inside a constructor function'],
  },
  'a getter': {
    body: `const api = { get token() { return http.get('a').body } }
    export default function () { return api.token }`,
    where: 'script.ts:3',
    says: ['inside a getter or setter'],
  },
  'a setter that calls a method': {
    body: `class Api { save(x) { http.put(x) } set token(x) { this.save(x) } }
    export default function () { new Api().token = 't' }`,
    where: 'script.ts:3',
    says: ['this.save is inside a getter or setter'],
  },
  'a field of a class': {
    body: `class Api { token = http.get('a').body }
    export default function () { return new Api().token }`,
    where: 'script.ts:3',
    says: ['in a field of a class'],
  },
  'a static block': {
    body: `export default function () {
      class Api { static { sleep(1) } }
      return Api
    }`,
    where: 'script.ts:4',
    says: ['in a static block of a class'],
  },
  'a default value inside a pattern': {
    body: `function rank({ user = http.get('user').body }) { return user }
    export default function () { return rank({}) }`,
    where: 'script.ts:3',
    says: ['in the default value of a parameter', 'in the body of a function'],
  },
  'a check': {
    body: `export default function () {
      check(null, { ok: () => http.get('a').status === 200 })
    }`,
    where: 'script.ts:4',
    says: ['http.get is inside a check', 'before check(…)'],
  },
  'two async functions at once': {
    body: `async function step(u) { return http.get(u).body }
    export default async function () {
      await Promise.all([step('a'), step('b')])
    }`,
    where: 'script.ts:3',
    says: [
      'http.get was called while http.get was still waiting; a VU does one thing at a time',
      'await each call',
    ],
  },
}

describe('a wait that cannot be awaited', () => {
  it.each(Object.entries(VIOLATIONS))('ends the run: %s', async (_, { body, where, says }) => {
    const { violation } = await run(body)
    expect(violation?.exitCode).toBe(EXIT.script)
    expect(violation?.fault.where).toBe(where)
    for (const part of says) expect(violation?.message).toContain(part)
  })

  it('cannot be hidden by the script', async () => {
    const { violation, trace } = await run(`export default function () {
      for (const u of ['a', 'b', 'c']) {
        try { ['x', 'y'].sort(() => http.get(u).body.length) } catch {}
      }
      try { sleep(1) } catch {}
    }`)
    expect(violation?.message).toContain('inside a callback of .sort')
    expect(trace).toEqual(['get a']) // nothing passes the guard after the first violation
  })

  it.each([
    ['async function visit() { http.get("a") }', 'visit()'],
    ['async function visit() { await deeper() }\nasync function deeper() { sleep(1) }', 'visit()'],
    ['const steps = { visit: async () => { http.get("a") } }', 'steps.visit()'],
  ])('finds an async function of the script whose promise nobody takes: %s', async (text, call) => {
    const { violation } = await run(`${text}\nexport default function () {\n  ${call}\n}`)
    // Two lines of imports stand before the script.
    const line = text.split('\n').length + 4
    expect(violation?.fault.where).toBe(`script.ts:${line}`)
    expect(violation?.fault.what).toContain('called without await')
    expect(violation?.fault.todo).toContain(`write await ${call.slice(0, -2)}(…)`)
  })

  it('names the likely places when the violation does not say where it came from', async () => {
    const { violation } = await run(`async function forgotten() { http.get('a') }
    export class Api { constructor() { sleep(1) } }
    export default function () { const promise = forgotten() }`)
    expect(violation?.fault.where).toBe('')
    expect(violation?.message).toContain('the iteration ended while http.get was still waiting')
    expect(violation?.message).toContain('Likely: script.ts:4 (sleep inside a constructor)')
  })
})

const FAITHFUL: Readonly<Record<string, string>> = {
  'a function out of a table, awaited by the script': `const table = { rank: () => http.get('a').body }
    function get() { return http.get('b') }
    const more = { get }
    export default async function () {
      const reply = await more.get()
      return reply.body + (await Promise.resolve(1))
    }`,
  'a function out of a table, awaited by group': `function steps() { sleep(1); return 3 }
    const table = { steps }
    export default function () { return group('g', table.steps) }`,
  'call, apply and bind of a waiting function': `function get(u) { return http.get(u).body }
    export default async function () {
      return [await get.call(null, 'a'), await get.apply(null, ['b']), await get.bind(null, 'c')()].join()
    }`,
  'properties of a waiting function': `function get() { sleep(1) }
    get.label = 'x'
    export default function () { return get.label + get.name + get.length }`,
  'callbacks that do not wait': `function f() { return sleep(1) }
    export default function () { f(); return [3, 1].sort((a, b) => a - b).map((x) => x + 1).join() }`,
}

describe('a wait that the script awaits itself', () => {
  it.each(Object.entries(FAITHFUL))('is no violation: %s', async (_, body) => {
    const { violation, result } = await run(body)
    expect(violation).toBeUndefined()
    expect(String(result)).not.toContain('threw')
  })
})

describe('WaitGuard', () => {
  const SITE = {
    kind: 'call' as const,
    file: 'a.ts',
    line: 1,
    column: 1,
    what: 'rank',
    why: 'used as a value',
    rewrite: 'call it',
  }

  it('allows one wait after the other', () => {
    const guard = new WaitGuard([], () => undefined)
    for (let i = 0; i < 3; i++) {
      guard.enter('sleep')
      guard.leave()
    }
    expect(guard.finishIteration()).toBeUndefined()
  })

  it.each([
    ['text', (pending: unknown) => String(pending)],
    ['JSON', (pending: unknown) => JSON.stringify(pending)],
    ['in', (pending: unknown) => 'status' in (pending as object)],
    ['keys', (pending: unknown) => Object.keys(pending as object)],
    ['spread', (pending: unknown) => ({ ...(pending as object) })],
    ['assignment', (pending: unknown) => Object.assign(pending as object, { x: 1 })],
  ])('refuses a look into a pending result by %s', (_, look) => {
    const guard = new WaitGuard([SITE], () => undefined)
    const pending = guard.site(0, Promise.resolve(1))
    expect(() => look(pending)).toThrow(/used before it was there/)
    expect(guard.finishIteration()?.fault.where).toBe('a.ts:1')
  })

  it('passes on what is no promise', () => {
    const guard = new WaitGuard([SITE], () => undefined)
    expect(guard.site(0, 5)).toBe(5)
    expect(guard.escape(0, (x: number) => x)(6)).toBe(6)
    expect(guard.finishIteration()).toBeUndefined()
  })

  it('gives one stand-in for one function, so that identity holds', () => {
    const guard = new WaitGuard([SITE, SITE], () => undefined)
    const fn = (): number => 1
    expect(guard.escape(0, fn)).toBe(guard.escape(1, fn))
  })

  it('wants as many awaits as there were calls', async () => {
    const guard = new WaitGuard([SITE], () => undefined)
    const first = guard.site(0, Promise.resolve(1))
    guard.site(0, Promise.resolve(2))
    expect(await first).toBe(1)
    expect(guard.finishIteration()?.message).toContain('its result was never awaited')
  })

  it('leaves a rejection to whoever awaits it', async () => {
    const guard = new WaitGuard([SITE], () => undefined)
    await expect(guard.site(0, Promise.reject(new Error('no reply')))).rejects.toThrow('no reply')
    expect(guard.finishIteration()).toBeUndefined()
  })

  it.each<[string, (guard: WaitGuard) => unknown]>([
    ['of one of the script’s own functions', callThatFails],
    ['of a function of k6', (guard) => guard.site(0, Promise.resolve().then(fail))],
  ])('lets no rejection %s end the process that nobody awaits, and reports it', async (_, begin) => {
    const rejections: unknown[] = []
    const note = (reason: unknown): void => void rejections.push(reason)
    process.on('unhandledRejection', note)
    const guard = new WaitGuard([SITE], () => undefined)
    begin(guard)
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
    process.off('unhandledRejection', note)
    expect(rejections).toEqual([])
    expect(guard.finishIteration()?.message).toContain('its result was never awaited')
  })
})

function fail(): never {
  throw new Error('no reply')
}

/** As the inserted text does it. */
function callThatFails(guard: WaitGuard): unknown {
  const waits = new WaitRuntime((id, result, frame) => guard.site(id, result, frame))
  return waits.runWaiting(0, async (frame) => {
    try {
      await Promise.resolve()
      return fail()
    } catch (error) {
      throw frame.fail(error)
    } finally {
      frame.end()
    }
  })
}
