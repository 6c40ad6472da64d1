import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ALL, runHere, runOnK6 } from './oracle.ts'

/** What every random program has at hand: helpers of all kinds, each of which may or may not wait. */
const HELPERS = `
const twice = (f) => (x) => f(x) + f(x + 1)
function withRetry(f, n) { for (let i = 0; ; i++) { try { return f(i) } catch (e) { if (i >= n % 3) return 1; sleep(i) } } }
const timed = (f) => { console.log('begin'); try { return f() } finally { console.log('end') } }
function* count(n, f) { try { for (let i = 0; i < n % 4; i++) yield f(i) } finally { console.log('closed') } }
function* through(items, f) { for (const x of items) { if (x % 6 === 5) return mod(x); yield f(x) } }
function* twiceOver(n, f) { const it = count(n, f); yield it.next().value ?? 0; yield* it; for (const x of count(n, f)) { if (x % 3 === 1) continue; yield x } }
const mod = (x) => x % 100
class Shop { constructor(n, f) { this.n = n; this.f = f } *[Symbol.iterator]() { yield this.n; yield* count(this.n, this.f) } }
class Plain { constructor(n) { this.n = n } get(x) { return x + this.n } visit(f) { return f(this.get(1)) } static of(n) { return new Plain(n) } }
class Web extends Plain { #p(x) { return http.get(x).status + super.get(x) } get(x) { return this.#p(x) % 50 } arrow = (x) => this.get(x) }
const table = { web: (x) => http.get(x).status, plain: (x) => x + 1, pause(x) { sleep(x); return x } }
const NAMES = ['web', 'plain', 'pause']
const make = (n) => (n % 2 ? new Web(n) : Plain.of(n))
const defaulted = (a, b = table[NAMES[a % 3]](a), c = a + b) => c
`

function programs(): fc.Arbitrary<string> {
  const { statement } = fc.letrec<{ statement: string; expression: string; callback: string }>((tie) => {
    const e = tie('expression')
    const f = tie('callback')
    return {
      callback: fc.oneof(
        { maxDepth: 2, depthIdentifier: 'program' },
        fc.constantFrom('table.web', 'table.plain', '((x) => x)', 'make(n).arrow ?? ((x) => x)', 'bound'),
        e.map((a) => `((x) => ${a} + x)`),
        e.map((a) => `(function (x) { if (x % 5 === 3) throw new Error('e' + x); return ${a} })`),
        tie('statement').map((s) => `((x) => { ${s} return x })`),
        f.map((g) => `twice(${g})`),
      ),
      expression: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'program' },
        fc.constantFrom('n', '2', `http.get('u' + n).status`, 'defaulted(n)', 'defaulted(n, 1)'),
        fc.tuple(e, e).map(([a, b]) => `(${a} + ${b})`),
        fc.tuple(e, e, e).map(([a, b, c]) => `(${a} % 2 ? ${b} : ${c})`),
        e.map((a) => `table[NAMES[${a} % 3]](n)`),
        e.map((a) => `make(${a}).get(n)`),
        fc.tuple(e, f).map(([a, g]) => `make(${a}).visit(${g})`),
        fc.tuple(f, e).map(([g, a]) => `withRetry(${g}, ${a})`),
        fc.tuple(f, e).map(([g, a]) => `(${g})(${a})`),
        f.map((g) => `timed(() => (${g})(n))`),
        fc.tuple(e, f).map(([a, g]) => `[...count(${a}, ${g})].length`),
        fc.tuple(e, f, f).map(([a, g, h]) => `[...through(count(${a}, ${g}), ${h})].length`),
        fc.tuple(e, f).map(([a, g]) => `new Set(twiceOver(${a}, ${g})).size`),
        fc.tuple(e, f).map(([a, g]) => `(Number(twiceOver(${a}, ${g}).next().value) || 4)`),
        fc.tuple(e, f).map(([a, g]) => `[...new Shop(${a}, ${g})].length`),
        fc.tuple(e, f).map(([a, g]) => `(([a, b = 7]) => a ?? b)([...count(${a}, ${g})])`),
        fc.tuple(e, e, f).map(([a, b, g]) => `[${a}, ${b}].map(${g}).length`),
        fc.tuple(e, f).map(([a, g]) => `[n, ${a}].filter(${g}).length`),
        fc.tuple(e, f).map(([a, g]) => `(Number([${a}, n].find(${g})) || 0)`),
        fc.tuple(e, f).map(([a, g]) => `([n, ${a}].some(${g}) ? 1 : 2)`),
        fc.tuple(e, e).map(([a, b]) => `[${a}, n].reduce((s, x) => s + x + ${b}, 0)`),
        fc.tuple(e, f).map(([a, g]) => `Array.from({ length: ${a} % 3 }, ${g}).length`),
        f.map((g) => `(${g}).call(null, n)`),
        e.map((a) => `(box?.run?.(${a}) ?? 3)`),
        e.map((a) => `[() => ${a}, () => n][n % 2]()`),
      ),
      statement: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'program' },
        e.map((a) => `n = (n + ${a}) % 100;`),
        e.map((a) => `console.log(${a});`),
        fc.constant('sleep(n);'),
        f.map((g) => `bound = ${g};`),
        f.map((g) => `box = n % 2 ? { run: ${g} } : null;`),
        f.map((g) => `[n, 1].forEach(${g});`),
        fc
          .tuple(e, f, tie('statement'))
          .map(
            ([a, g, s]) =>
              `for (const y of count(${a}, ${g})) { n = (n + y) % 100; ${s} if (n % 7 === 1) break; }`,
          ),
        fc
          .tuple(e, f, tie('statement'))
          .map(
            ([a, g, s]) =>
              `for (const y of through(new Shop(${a}, ${g}), twice(${g}))) { n = (n + (Number(y) || 1)) % 100; ${s} if (n % 7 === 1) break; }`,
          ),
        fc
          .tuple(e, tie('statement'))
          .map(
            ([a, s]) =>
              `try { if (${a} % 4 === 0) throw new Error('t' + n); ${s} } catch (e) { console.log(e.message); } finally { n++; }`,
          ),
        fc
          .tuple(e, tie('statement'))
          .map(
            ([a, s]) =>
              `outer: for (let i = 0; i < 2; i++) { switch (${a} % 3) { case 0: continue outer; case 1: ${s.replaceAll('outer', 'outer_')} break outer; default: n++; } }`,
          ),
        tie('statement').map((s) => `n = Number(group('g', () => { ${s} return n; })) % 100;`),
      ),
    }
  })
  return fc.array(statement, { minLength: 1, maxLength: 4 }).map(
    (all) => `${ALL}${HELPERS}
export default function () { let n = 1; let bound = table.web; let box = null; ${all.join('\n')} return n; }`,
  )
}

describe('a random script of helpers, classes, tables and generators', () => {
  it('calls k6 in the same order and with the same arguments', async () => {
    await fc.assert(
      fc.asyncProperty(programs(), async (source) => {
        const onK6 = runOnK6(source)
        // Calls within calls grow without bound; a long trace proves no more than a short one.
        fc.pre(onK6.trace.length < 5000)
        expect(await runHere(source)).toEqual(onK6)
      }),
      // A fixed seed: some random programs call themselves for ever, and how deep a stack may get is no part of the promise.
      { numRuns: 150, seed: 20_011 },
    )
  }, 30_000)
})
