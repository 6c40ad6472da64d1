import { describe, expect, it } from 'vitest'
import { EXIT } from '../../src/core/errors.ts'
import { WaitGuard } from '../../src/script/guard.ts'
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
  'a request in a callback of map': {
    body: `export default function () {
      return ['a', 'b'].map((u) => http.get(u)).length
    }`,
    where: 'script.ts:4',
    says: ['http.get is inside a callback of .map', 'http.get was called while http.get was still', 'for…of'],
  },
  'a single request in a callback of forEach': {
    body: `export default function () {
      ['a'].forEach((u) => { http.get(u) })
    }`,
    where: 'script.ts:4',
    says: ['inside a callback of .forEach', 'the iteration ended while http.get was still waiting', 'for…of'],
  },
  'a reply that decides in some': {
    body: `export default function () {
      return ['a'].some((u) => http.get(u).status === 200)
    }`,
    where: 'script.ts:4',
    says: ['inside a callback of .some', 'its result was used before it was there', 'for…of'],
  },
  'a function that waits, by name to map': {
    body: `const rank = (u) => http.get(u).body
    export default function () {
      return ['a'].map(rank)[0].length
    }`,
    where: 'script.ts:5',
    says: ['rank is passed to .map', 'its result was used before it was there', 'for…of'],
  },
  'a k6 function by name to map': {
    body: `export default function () {
      return ['a', 'b'].map(http.get).length
    }`,
    where: 'script.ts:4',
    says: ['http.get is passed to .map'],
  },
  'a function out of a table': {
    body: `function rank() { return http.get('rank').body }
    const table = { rank }
    export default function () {
      table['ra' + 'nk']()
      sleep(1)
    }`,
    where: 'script.ts:4',
    says: ['rank is used as a value', 'sleep was called while http.get was still waiting', 'from a switch'],
  },
  'a function from a function': {
    body: `function rank() { sleep(1) }
    const pick = () => rank
    export default function () { pick()() }`,
    where: 'script.ts:4',
    says: ['rank is used as a value'],
  },
  'a method of an object': {
    body: `const api = { rank() { return http.get('a').status } }
    export default function () { return api.rank() }`,
    where: 'script.ts:3',
    says: ['http.get is inside a method of an object', 'by its name'],
  },
  'a method of a class': {
    body: `class Api { rank() { return http.get('a') } }
    export default function () { return new Api().rank().status }`,
    where: 'script.ts:3',
    says: ['inside a method of a class'],
  },
  'a constructor': {
    body: `class Api { constructor() { sleep(1) } }
    export default function () { new Api() }`,
    where: 'script.ts:3',
    says: ['sleep is inside a constructor'],
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
  'a generator': {
    body: `function* pages() { yield http.get('a').body }
    export default function () { return [...pages()] }`,
    where: 'script.ts:3',
    says: ['inside a generator'],
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
  'the default value of a parameter': {
    body: `function rank(user = http.get('user').body) { return user }
    export default function () { return rank() }`,
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
  'a variable that changes': {
    body: `let step = () => sleep(1)
    step = () => sleep(2)
    export default function () { step() }`,
    where: 'script.ts:4',
    says: ['inside a function that is not called by its own name'],
  },
  'a group inside a callback': {
    body: `export default function () {
      [1].forEach(() => { group('g', () => 1) })
    }`,
    where: 'script.ts:4',
    says: ['group is inside a callback of .forEach', 'its result was never awaited'],
  },
  'a wait that this time did not wait': {
    body: `const isKnown = (u) => u === 'a' || http.get(u).status === 200
    export default function () { return ['a'].filter((u) => isKnown(u)).length }`,
    where: 'script.ts:4',
    says: ['isKnown is inside a callback of .filter', 'its result was never awaited'],
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
        try { ['x'].map(() => http.get(u).body.length) } catch {}
      }
      try { sleep(1) } catch {}
    }`)
    expect(violation?.message).toContain('inside a callback of .map')
    expect(trace).toEqual(['get a']) // nothing passes the guard after the first violation
  })

  it('names the likely places when the violation does not say where it came from', async () => {
    const { violation } = await run(`async function forgotten() { http.get('a') }
    export const table = { rank: () => sleep(1) }
    export default function () { forgotten() }`)
    expect(violation?.fault.where).toBe('')
    expect(violation?.message).toContain('the iteration ended while http.get was still waiting')
    expect(violation?.message).toContain(
      'Likely: script.ts:4 (sleep inside a function that is stored in an object)',
    )
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
  const SITE = { file: 'a.ts', line: 1, column: 1, what: 'rank', why: 'used as a value', rewrite: 'call it' }

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
    expect(guard.escape(0, (x) => x)(6)).toBe(6)
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
})
