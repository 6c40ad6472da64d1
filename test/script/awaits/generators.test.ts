import { describe, expect, it } from 'vitest'
import { ALL, HTTP, runHere, runOnK6 } from './oracle.ts'

const PAGES = `function* pages(n) { try { for (let i = 0; i < n; i++) yield http.get(i).url } finally { console.log('closed') } }\n`

const THROUGH_OTHERS: Readonly<Record<string, string>> = {
  'a generator that runs through another one': `${HTTP}${PAGES}
    function* take(items, count) { let taken = 0; for (const item of items) { if (taken++ === count) return 'enough'; yield item } }
    export default function () { return [...take(pages(9), 2)].join() + [...take([1, 2, 3], 2)] }`,
  'three of them, with waits of their own': `${ALL}${PAGES}
    function* double(items) { for (const item of items) { sleep(item); yield item * 2 } }
    function* index(items) { let i = 0; for (const item of items) yield [i++, item] }
    export default function () { let s = ''; for (const [i, x] of index(double(pages(3)))) s += i + ':' + x + http.get(x).url; return s }`,
  'left early from within': `${ALL}${PAGES}
    function* some(items) { for (const item of items) { if (item === 1) break; yield item } sleep(5); for (const item of pages(2)) { yield item; return } }
    export default function () { return [...some(pages(4))].join() }`,
  'left early from outside': `${ALL}${PAGES}
    function* each(items) { try { for (const item of items) yield item } finally { sleep(7) } }
    export default function () { for (const x of each(pages(5))) if (x === 2) return x }`,
  'an exception inside of the inner one': `${ALL}
    function* inner() { yield http.get('a').url; fail('in ' + http.get('b').url) }
    function* outer() { try { for (const x of inner()) yield x } catch (e) { yield e.message + http.get('c').url } }
    export default function () { return [...outer()].join() }`,
  'an exception between them': `${ALL}${PAGES}
    function* outer() { for (const x of pages(3)) { if (x === 1) fail('at ' + http.get('x').url); yield x } }
    export default function () { const seen = []; try { for (const x of outer()) seen.push(x) } catch (e) { seen.push(e.message) } return seen.join() }`,
  'delegation through a loop': `${HTTP}${PAGES}
    function* all(lists) { for (const list of lists) yield* list; return http.get('end').url }
    function* outer() { const last = yield* all([pages(2), [7, 8], pages(1)]); yield last }
    export default function () { return [...outer()].join() }`,
  'spread, destructuring and Array.from in a generator': `${HTTP}${PAGES}
    function* g() { yield [...pages(2)].length; const [a, b = 'none', ...rest] = pages(3); yield a + b + rest; yield Array.from(pages(2), (x) => x + http.get('f').url).join() }
    export default function () { return [...g()].join(';') }`,
  'callbacks and helpers in a generator': `${ALL}${PAGES}
    const timed = (f) => { sleep(1); return f() }
    function* g(items) { for (const item of items) yield [1, 2].map((x) => x + item + http.get(x).status).join('-') + timed(() => http.get('t').url) }
    export default function () { return [...g(pages(2))].join() }`,
  'values handed in': `${HTTP} function* echo() { let got; for (;;) { const r = http.get('asked ' + got); got = yield r.url; if (got === 'stop') return 'over ' + http.get('last').url } }
    export default function () { const it = echo(); return [it.next('lost'), it.next('a'), it.next('stop'), it.next()].map(({ value, done }) => value + ' ' + done).join() }`,
}

const BY_HAND: Readonly<Record<string, string>> = {
  'next in a loop': `${HTTP}${PAGES} export default function () { const it = pages(2); let s = ''; for (let step = it.next(); !step.done; step = it.next()) s += step.value; return s + it.next().done }`,
  'next of a generator of generators': `${HTTP}${PAGES} function* outer() { for (const x of pages(3)) yield x + 'o' } export default function () { const it = outer(); return it.next().value + it.next().value }`,
  'next in a generator': `${HTTP}${PAGES} function* first(items) { const it = items[Symbol.iterator](); yield it.next().value; yield it.next().value; it.return() } export default function () { return [...first(pages(5))].join() }`,
  'return and throw': `${ALL}
    function* g() { try { yield http.get('a').url; yield 'never' } catch (e) { yield 'caught ' + e.message + http.get('b').url } finally { sleep(1) } }
    export default function () { const a = g(); a.next(); const b = g(); b.next(); const c = g(); return JSON.stringify([a.return('r'), b.throw(new Error('t')), b.next(), c.return('early'), c.next()]) }`,
  'throw that nothing catches': `${ALL} function* g() { try { yield 1 } finally { http.get('f') } } export default function () { const it = g(); it.next(); try { it.throw(new Error('out')) } catch (e) { return e.message } }`,
  'next of something else': `${HTTP}${PAGES} class Rng { n = 0; next() { return ++this.n } } class Web { next(x) { return http.get(x).url } } export default function () { const it = pages(1); const own = [4, 5][Symbol.iterator](); return it.next().value + new Rng().next() + new Web().next('w') + own.next().value + own.next().value }`,
  'a function as an element': `${HTTP} function* steps() { yield () => http.get('a').url; yield () => 'plain' } export default function () { const it = steps(); const first = it.next().value; const { value: second } = it.next(); return first() + second() }`,
}

const OBJECTS: Readonly<Record<string, string>> = {
  'a class with an iterator': `${HTTP}
    class Catalog { constructor(n) { this.n = n } *[Symbol.iterator]() { for (let i = 0; i < this.n; i++) yield http.get(i).url } }
    export default function () { const all = new Catalog(3); const [first] = all; let s = ''; for (const x of all) s += x; return [...all, first, s, Math.max(...all), Array.from(all).length].join() }`,
  'an object whose iterator hands on a generator': `${HTTP}${PAGES} const shop = { [Symbol.iterator]() { return pages(2) } }; export default function () { const seen = [...shop]; for (const x of shop) seen.push(x); return seen.join() }`,
  'an iterator of what was fetched': `${HTTP} const list = { [Symbol.iterator]() { return http.get('l').json().list[Symbol.iterator]() } }; export default function () { let s = ''; for (const x of list) s += x; const [y] = list; return s + y + [...list] }`,
  'an iterator written by hand': `${ALL}
    class Pages { constructor(n) { this.n = n } [Symbol.iterator]() { let i = 0; return { next: () => (i < this.n ? { value: http.get(i++).url, done: false } : { value: undefined, done: true }), return() { sleep(9); return {} } } } }
    export default function () { const seen = [...new Pages(2)]; for (const x of new Pages(5)) { if (x === 1) break; seen.push(x) } const [a] = new Pages(3); return seen.join() + a + Array.from(new Pages(2)).length }`,
  'an object that is spread into another': `${HTTP}${PAGES} export default function () { return JSON.stringify([{ ...pages(2) }, { ...{ a: http.get('a').url } }]) }`,
  'given to what takes an iterable': `${HTTP} function* entries() { yield ['a', http.get('a').url]; yield ['b', http.get('b').url] }
    export default function () { return JSON.stringify([Object.fromEntries(entries()), [...new Map(entries())], new Set(entries()).size]) }`,
  'given to what takes an iterable, in a generator': `${HTTP}${PAGES} function* g() { yield new Set(pages(3)).size } export default function () { return [...g()].join() }`,
}

const LOOPS: Readonly<Record<string, string>> = {
  'with all kinds of targets': `${HTTP}${PAGES}
    export default function () { let x; const o = {}; const seen = []; for (x of pages(2)) seen.push(x); for (o.p of pages(2)) seen.push(o.p); for ([x] of [[http.get('t').url]]) seen.push(x); for ({ x } of [{ x: 1 }]) seen.push(x)
      for (const { a = http.get('d').url, ...rest } of [{ b: 1 }, { a: 2 }]) seen.push(a, JSON.stringify(rest)); for (var v of pages(2)); seen.push(v); for (let y of pages(2)) { y += 'y'; seen.push(y) } return seen.join() }`,
  'with labels': `${HTTP}${PAGES}
    export default function () { const seen = []; outer: again: for (const a of pages(3)) for (const b of pages(3)) { if (b === 1) continue again; if (a === 2) break outer; seen.push(a, b) } return seen.join() }`,
  'whose functions keep their element': `${HTTP}${PAGES} export default function () { const all = []; for (const x of pages(3)) { all.push(() => x) } return all.map((f) => f()).join() }`,
  'whose body declares the same name': `${HTTP}${PAGES} export default function () { const seen = []; for (const x of pages(2)) { const x = http.get('in').url; seen.push(x) } return seen.join() }`,
  'without braces': `${HTTP}${PAGES} export default function () { let n = 0; if (n === 0) for (const x of pages(2)) n += http.get(x).status; else n = 1; for (const x of (n, pages(1))) http.get('last ' + x); return n }`,
  'over nothing that can be run through': `${HTTP}${PAGES} export default function () { const all = [pages(1), undefined]; let n = 0; try { for (const each of all) for (const x of each) n += 1 + x } catch (e) { return e.constructor.name + n } }`,
  'whose iterator fails': `${ALL} const bad = { [Symbol.iterator]() { sleep(1); return { next() { fail('next') }, return() { console.log('closed'); return {} } } } }; export default function () { try { for (const x of bad) http.get(x) } catch (e) { return e.message } }`,
  'that fail, over an iterator that fails to close': `${ALL} const bad = { [Symbol.iterator]() { sleep(1); return { next: () => ({ value: 1, done: false }), return() { throw new Error('closing') } } } }; export default function () { const seen = []; try { for (const x of bad) fail('body') } catch (e) { seen.push(e.message) } try { for (const x of bad) break } catch (e) { seen.push(e.message) } return seen.join() }`,
  'in async functions': `${HTTP}${PAGES} async function sum() { let s = ''; for (const x of pages(2)) s += x; return s } export default async function () { return (await sum()) + [...pages(1)] }`,
}

describe.each(Object.entries({ THROUGH_OTHERS, BY_HAND, OBJECTS, LOOPS }))(
  'generators that wait: %s',
  (_, scripts) => {
    it.each(Object.entries(scripts))('run as on k6: %s', async (_name, source) => {
      const onK6 = runOnK6(source)
      const result: unknown = await onK6.result
      expect(await runHere(source)).toEqual({ ...onK6, result })
    })
  },
)

const LOST: Readonly<Record<string, string>> = {
  'an optional next': `${HTTP}${PAGES} export default function () { const it = pages(2); return it?.next().done }`,
  'next under another name': `${HTTP}${PAGES} export default function () { const it = pages(2); const step = it.next.bind(it); step(); return step().done }`,
  'next by its value': `${HTTP}${PAGES} const NEXT = 'ne' + 'xt'; export default function () { const it = pages(2); it[NEXT](); return it[NEXT]().done }`,
  'a parameter that is taken apart': `${HTTP}${PAGES} function first([a]) { return typeof a } export default function () { return first(pages(2)) }`,
  'a pattern in a pattern': `${HTTP}${PAGES} export default function () { const [[a]] = [pages(2)]; return typeof a }`,
  'a pattern of a loop': `${HTTP}${PAGES} export default function () { let s = ''; for (const [a] of [pages(2)]) s += typeof a; return s }`,
  'a symbol under another name': `${HTTP} const { iterator } = Symbol; class C { *[iterator]() { yield http.get('a').url; yield 2 } } export default function () { return [...new C()].length }`,
  'code of others that runs through it': `${HTTP}${PAGES} export default function () { return Reflect.construct(Set, [pages(3)]).size }`,
}

describe('generators that wait where nothing waits for them', () => {
  it.each(Object.entries(LOST))('never go on in silence: %s', async (_, source) => {
    const { violation } = await runHere(source)
    expect(violation?.message).toContain('inside a generator')
    expect(violation?.fault.where).toMatch(/^script\.ts:\d+$/)
    expect(violation?.fault.todo).toContain('for…of loop')
  })
})
