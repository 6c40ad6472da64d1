import { describe, expect, it } from 'vitest'
import { ALL, HTTP, runHere, runOnK6 } from './oracle.ts'

const CLASSES: Readonly<Record<string, string>> = {
  'a client with fields, private methods and static ones': `${ALL}
    class Client {
      #base; retries = 0
      constructor(base) { this.#base = base }
      static of(base) { return new Client(base) }
      static warm(base) { sleep(1); return Client.of(base) }
      #url(path) { return this.#base + path }
      #send(path) { this.retries++; return http.get(this.#url(path)) }
      rank(id) { return this.#send('/rank/' + id).body }
      both() { return [this.rank(1), this.rank(2)].join() }
    }
    export default function () { const c = Client.warm('b'); return c.both() + c.retries }`,
  'inheritance with super': `${ALL}
    class Base { get(u) { return http.get(u).body } name() { return 'base' } static ping() { sleep(3); return 'p' } }
    class Timed extends Base { get(u) { sleep(1); return super.get(u) + '!' + super.name() } static ping() { return super.ping() + 'q' } }
    class More extends Timed { get(u) { return super.get(u + 'x').length } }
    export default function () { return new More().get('a') + Timed.ping() }`,
  'arrows in fields that use this': `${ALL}
    class Flow { base = 'b'; step = (n) => http.get(this.base + n).body; run = () => this.step(1) + this.step(2) }
    export default function () { const { run } = new Flow(); return run() }`,
  'instances in parameters, fields and maps': `${ALL}
    class A { go() { return http.get('a').body } } class B { go() { return 'b' } }
    class User { constructor(api) { this.api = api } visit() { return this.api.go() } }
    const byName = new Map([['a', new A()], ['b', new B()]])
    function visit(api) { return api.go() }
    export default function () { return new User(new A()).visit() + new User(new B()).visit() + visit(byName.get('a')) + visit(byName.get('b')) }`,
  'methods of objects': `${ALL}
    const api = { base: 'b', rank(u) { return this.post('/rank' + u) }, post(path) { return http.post(this.base + path).body }, reward: function (id) { return this.post(id) }, quick: (x) => http.get(x).url }
    export default function () { return api.rank(1) + api.reward(2) + api.quick('q') + api['rank'](3) }`,
  'a method that a local class shares its name with': `${ALL}
    class Cache { get(k) { return k + '!' } } class Web { get(k) { return http.get(k).body } }
    export default function () { const m = new Map([['k', 5]]); return new Cache().get('a') + m.get('k') + new Web().get('c') }`,
  'accessors beside waits': `${ALL}
    class Token { #t = ''; refresh() { this.#t = http.get('token').body; return this } get value() { return this.#t } set value(v) { this.#t = v } }
    export default function () { const t = new Token().refresh(); const before = t.value; t.value = 'set'; return before + t.value }`,
  'methods with computed names and symbols': `${ALL}
    const KEY = Symbol('k'); const name = 'dyn'
    class A { [KEY]() { return http.get('s').body } ['m' + 1]() { return http.get('m').body } static [name]() { sleep(1); return 'd' } }
    export default function () { const a = new A(); return a[KEY]() + a.m1() + A.dyn() }`,
  'a class expression from a function (mixin)': `${ALL}
    const Retrying = (Base) => class extends Base { go(u) { return super.go(u) + super.go(u) } }
    class Plain { go(u) { return http.get(u).body } }
    export default function () { const R = Retrying(Plain); return new R().go('a') }`,
}

const FUNCTIONS: Readonly<Record<string, string>> = {
  'a retry helper': `${ALL}
    function withRetry(fn, times = 3) { let last; for (let i = 0; i < times; i++) { try { return fn(i) } catch (e) { last = e; sleep(i) } } throw last }
    export default function () { return withRetry((i) => { const r = http.get('a' + i); if (i < 2) throw new Error('again'); return r.body }) }`,
  'a retry helper that gives up': `${ALL}
    const withRetry = (fn) => { try { return fn() } catch (e) { sleep(1); return fn() } }
    export default function () { return withRetry(() => { http.get('a'); throw new RangeError('no') }) }`,
  'a timing helper with and without waits': `${ALL}
    const timed = (name, fn) => { console.log('begin', name); const r = fn(); console.log('end', name); return r }
    export default function () { return timed('a', () => http.get('a').body) + timed('b', () => 'plain') + timed('c', function () { return timed('d', () => { sleep(1); return 1 }) }) }`,
  'a table of functions': `${ALL}
    const steps = { rank: (u) => http.get(u).body, pause() { sleep(2); return 'p' }, plain: () => 'x' }
    export default function () { let s = ''; for (const name of Object.keys(steps)) s += steps[name](name); return s + steps['ra' + 'nk']('z') }`,
  'a table filled later': `${ALL}
    const handlers = {}; handlers.a = () => http.get('a').body; handlers['b' + 1] = function (x) { sleep(x); return x }
    function register(name, fn) { handlers[name] = fn } register('c', (x) => http.post('c' + x).body)
    export default function () { return handlers.a() + handlers.b1(3) + handlers['c'](4) + handlers.c(5) }`,
  'functions in an array': `${ALL}
    const flow = [() => http.get('a').body, () => 'plain', function last() { sleep(1); return 'l' }]
    export default function () { let s = ''; for (const step of flow) s += step(); s += flow[0](); flow.forEach((f) => { s += f() }); return s + flow.map((f) => f()).join() }`,
  'functions in a Map': `${ALL}
    const steps = new Map(); steps.set('a', () => http.get('a').body); steps.set('b', () => 'b')
    export default function () { let s = ''; for (const [k, f] of steps) s += k + f(); s += steps.get('a')(); steps.forEach((f, k) => { s += k + f() }); return s }`,
  'weighted choice of entries': `${ALL}
    const mix = [{ weight: 3, run: () => http.get('a').body }, { weight: 1, run: () => { sleep(1); return 's' } }]
    function pick(n) { let left = n; for (const entry of mix) { left -= entry.weight; if (left < 0) return entry } return mix[0] }
    export default function () { return pick(0).run() + pick(3).run() + pick(9).run() }`,
  'a factory of functions': `${ALL}
    const getter = (base) => (path) => http.get(base + path).body
    const twice = (f) => (x) => f(x) + f(x)
    export default function () { const get = getter('b'); return get('1') + getter('c')('2') + twice(get)('3') }`,
  'partial application and composition': `${ALL}
    const compose = (...fns) => (x) => fns.reduce((value, fn) => fn(value), x)
    const load = (u) => http.get(u).body; const shout = (s) => s + '!'
    export default function () { return compose(load, shout, (s) => s.length)('a') }`,
  'call, apply and bind': `${ALL}
    function get(u) { return http.get(this.base + u).body } const self = { base: 'b' }
    export default function () { const bound = get.bind(self, 'c'); return get.call(self, 'a') + get.apply(self, ['b']) + bound() + Reflect.apply(get, self, ['d']) }`,
  'a variable that changes': `${ALL} let step = () => 'none'; step = () => http.get('a').body; export default function () { const before = step(); step = () => 'plain'; return before + step() }`,
  'a function of k6 as a value': `${ALL}
    const send = (method, u) => method(u).body; const methods = { get: http.get, post: http.post }; const pause = sleep
    export default function () { pause(1); return send(http.get, 'a') + methods.post('b').body + methods['get']('c').body + (__VU > 3 ? http.put : http.get)('d').body }`,
  'optional calls': `${ALL}
    const hooks = { before: () => http.get('b').body }; const none = {}
    const run = (h) => [h.before?.(), h.after?.(), h?.before?.()].join()
    export default function () { return run(hooks) + run(none) + (none.x?.y.z() ?? 'nothing') }`,
  'default parameters that wait': `${ALL}
    function rank(user = http.get('user').body, { n = http.get('n').status } = {}, m = user + n) { return user + n + m }
    const short = (a, b = http.get(a).body) => b + a
    export default function () { return rank() + rank('u', {}) + rank('u', { n: 1 }, 2) + short('s') + short('s', 't') + rank.length + short.length }`,
  'arguments, this and rest': `${ALL}
    function all(first, ...rest) { sleep(1); return first + rest.length + arguments.length + this.x } const o = { x: 'X', all }
    export default function () { return o.all(1, 2, 3) + all.call({ x: 'Y' }, ...[1, 2]) }`,
  'a parameter declared once more': `${ALL} function f(a, b) { var a; var b = b || 'c'; sleep(1); return a + b } export default function () { return f('a') + f('x', 'y') }`,
  'returned promises stay promises': `${ALL}
    function start(u) { sleep(1); return Promise.resolve(u) } const begin = (u) => start(u)
    export default async function () { const a = start('a'); const b = begin('b'); console.log(a instanceof Promise, b instanceof Promise); const all = await Promise.all([a, b]); return all.join() }`,
  'promises that the script makes itself': `${ALL}
    const table = { later: (x) => Promise.resolve(x), now: (x) => http.get(x).body }
    export default async function () { const pending = ['a', 'b'].map((x) => table.later(x)); console.log(pending.every((p) => p instanceof Promise)); return (await Promise.all(pending)).join() + table.now('c') }`,
  'async functions of the script': `${ALL}
    async function step(u) { const r = http.get(u); return r.body } const flow = { step }
    export default async function () { const a = await step('a'); const b = await flow.step('b'); return a + b + (await Promise.resolve(1)) }`,
  'try, catch and finally in callbacks': `${ALL}
    const guarded = (fn) => { try { return fn() } catch (e) { console.log('caught', e.message); return sleep(1) } finally { http.get('finally') } }
    export default function () { return guarded(() => http.get('a').body) + guarded(() => { http.get('b'); fail('bad') }) + guarded(() => { throw new Error('at once') }) }`,
  'finally that overrides': `${ALL}
    const f = (n) => { for (;;) { try { if (n > 1) return http.get(n).body; return 'r' } finally { if (n === 1) break } } }
    function g() { try { throw new Error('x') } finally { return sleep(1) } }
    export default function () { return String(f(0)) + f(1) + f(2) + g() }`,
  'labelled loops and switch in callbacks': `${ALL}
    const visit = (f) => { outer: for (const a of [1, 2, 3]) { for (const b of [1, 2]) { switch (f(a, b)) { case 2: continue outer; case 6: break outer; default: sleep(a) } } } }
    export default function () { visit((a, b) => http.get(a * b).url) }`,
  'a comma, a void and an assignment in a return': `${ALL} const f = (x) => { return console.log(x), http.get(x).body }; const g = () => void f('v'); let kept; const h = () => kept = f('k'); export default function () { return f('a') + g() + h() + kept }`,
  'recursion through a table': `${ALL}
    const visit = { leaf: (n) => http.get(n.u).body, node: (n) => n.kids.map((k) => visit[k.type](k)).join() }
    export default function () { return visit.node({ kids: [{ type: 'leaf', u: 1 }, { type: 'node', kids: [{ type: 'leaf', u: 2 }] }] }) }`,
  'a fluent builder': `${ALL}
    const request = (u) => ({ u, header(h) { this.h = h; return this }, send() { return http.get(this.u + this.h).body } })
    export default function () { return request('a').header('h').send() + request('b')\n.header('i')\n.send().length }`,
  'an event emitter': `${ALL}
    class Emitter { #on = {}; on(e, f) { (this.#on[e] ??= []).push(f); return this } emit(e, x) { (this.#on[e] || []).forEach((f) => f(x)) } }
    export default function () { const e = new Emitter(); let s = ''; e.on('a', (x) => { s += http.get(x).body }).on('a', (x) => { s += x }); e.emit('a', 1); e.emit('b', 2); return s }`,
  'groups out of tables and helpers': `${ALL}
    const pages = { home: () => { http.get('home'); return 1 }, cart() { sleep(1); return 2 } }
    const timed = (n, f) => group(n, () => f())
    export default function () { return Object.entries(pages).map(([n, f]) => group(n, f)).join() + timed('t', pages.home) }`,
  'a check that calls what does not wait': `${ALL} const ok = (r) => r.status === 200; const waits = { ok: (r) => http.get(r) }; export default function () { return check(http.get('a'), { ok, same: (r) => ok(r) }) && waits.ok('b').body }`,
  'CommonJS from esbuild': `${ALL}
    var __commonJS = (cb, mod) => function __require() { return mod || (0, cb[Object.getOwnPropertyNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports };
    var require_h = __commonJS({ 'h.cjs'(exports, module) { exports.f = (u) => http.get(u).body; module.exports.g = function (u) { return exports.f(u) + sleep(1) } } });
    var require_k = __commonJS({ 'k.cjs'(exports, module) { module.exports = { k: (u) => require_h().f(u), K: class { go() { return http.get('K').body } } } } });
    export default function () { const { f } = require_h(); const { K } = require_k(); return f('a') + require_h().g('b') + require_k().k('c') + new K().go() }`,
  'a namespace object from esbuild': `${ALL}
    var __export = (target, all) => { for (var name in all) Object.defineProperty(target, name, { get: all[name], enumerable: true }) };
    var lib = {}; __export(lib, { rank: () => rank, other: () => other }); function rank(u) { return http.get(u).body } var other = () => sleep(1);
    export default function () { return lib.rank('a') + lib['other']() + Object.keys(lib).map((k) => lib[k](k)).join() }`,
  'a thenable of the script': `${ALL} const t = { then: 'no function', go: () => http.get('a').body }; const give = (f) => { f(); return t }; export default function () { return give(t.go).then }`,
  'waits in a spread, a key, a template and a chain': `${ALL}
    const api = { list: () => http.get('l').json().list, key: () => http.get('k').url, none: () => { sleep(1); return null } }
    export default function () { return [...api.list(), \`\${api.key()}\`, JSON.stringify({ [api.key()]: { ...api.list() } }), api.none()?.x.y, Math.max(...api.list().map((x) => x.length))].join() }`,
}

const LOOPS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    `[1, 2, 3].map((x, i, all) => http.get(x + i).url + all.length).join()`,
    `[1, , 3].map((x) => http.get(x).url)`,
    `[1, , 3].forEach((x, i) => { console.log(i, http.get(x).url) })`,
    `[1, 2, 3, 4].filter((x) => http.get(x).url % 2).join()`,
    `[[1], 2, [3, [4]]].flatMap((x) => [x, http.get('f').status]).length`,
    `[1, 2, 3].flatMap((x) => http.get(x).url).join()`,
    `[1, 2, 3].some((x) => http.get(x).url === 2)`,
    `[1, , 3].every((x) => http.get(x).url < 3)`,
    `[1, , 3].find((x) => http.get(x).url === undefined)`,
    `[1, 2, 3].findIndex((x) => http.get(x).url === 2)`,
    `[1, 2, 3].findIndex((x) => http.get(x).url === 9)`,
    `[1, 2, 3].findLast((x) => http.get(x).url < 3)`,
    `[1, 2, 3].findLastIndex((x) => http.get(x).url < 3)`,
    `[1, 2, 3].reduce((sum, x, i, all) => sum + http.get(x).url + i + all.length)`,
    `[1, 2, 3].reduce((sum, x) => sum + http.get(x).url, 's')`,
    `[, 2, , 3].reduceRight((sum, x, i) => sum + i + http.get(x).url)`,
    `[].reduce((sum, x) => http.get(x))`,
    `[, ,].reduceRight((sum, x) => http.get(x))`,
    `[].reduce((sum, x) => http.get(x), undefined)`,
    `[1].map(function (x) { return this.k + http.get(x).url }, { k: 'K' }).join()`,
    `[1, 2].map(http.get).map((r) => r.url).join()`,
    `((a) => { a.forEach((x) => { http.get(x); if (x < 3) a.push(x + 5) }); return a.length })([1, 2])`,
    `((a) => a.map((x) => { http.get(x); a.length = 1; return x }))([1, 2, 3])`,
    `[1, 2].map((x) => { if (http.get(x).url === 2) throw new Error('at ' + x) })`,
    `Array.from({ length: 3 }, (_, i) => http.get(i).url).join()`,
    `Array.from('ab', (x, i) => http.get(x + i).url).join()`,
    `Array.from(new Set([1, 1, 2]), function (x) { return this.k + http.get(x).url }, { k: 'k' }).join()`,
    `Object.entries({ a: 1, b: 2 }).map(([k, v]) => k + http.get(v).url).join()`,
    `((m) => { let s = ''; m.forEach((v, k, all) => { s += k + http.get(v).url + all.size; all.delete('b') }); return s })(new Map([['a', 1], ['b', 2]]))`,
    `((s) => { const seen = []; s.forEach((v) => { seen.push(http.get(v).url); if (v < 4) s.add(v + 1) }); return seen.join() })(new Set([1]))`,
    `[3, 1, 2].map((x) => http.get(x).url).sort((a, b) => a - b).join()`,
    `[[1, 2], [3]].map((row) => row.map((x) => http.get(x).url).join('-')).join()`,
    `(class Pages extends Array {}).from([1, 2]).map((x) => x + 1).length + http.get('a').body`,
    `({ map: (f) => f(7) }).map((x) => http.get(x).url)`,
    `(__VU ? [1, 2] : []).map((x) => http.get(x).url).join()`,
    `undefined?.map((x) => http.get(x))`,
    `(() => { try { return null.map((x) => http.get(x)) } catch (e) { return e.constructor.name } })()`,
    `(() => { try { return [1].map(5) } catch (e) { return http.get('a').body + e.message } })()`,
  ].map((expression) => [expression, `${ALL} export default function () { return ${expression} }`]),
)

const GENERATORS: Readonly<Record<string, string>> = {
  'for … of': `${HTTP} function* pages(n) { for (let i = 0; i < n; i++) { const r = http.get(i); yield r.url } return 'end' } export default function () { let s = ''; for (const p of pages(3)) s += p; return s }`,
  'leaving early': `${ALL} function* pages() { try { for (let i = 0; ; i++) yield http.get(i).url } finally { sleep(9); http.get('closed') } } export default function () { for (const p of pages()) if (p === 2) break; const [a, b] = pages(); const [] = pages(); return a + b }`,
  'spread and destructuring': `${ALL} function* g() { yield http.get('a').url; sleep(1); yield http.get('b').url } export default function () { const [first, ...rest] = g(); let x; [x] = g(); return [...g(), first, rest, x, Math.max(...[...g()].map((s) => s.length)), Array.from(g(), (v) => v + '!')].join() }`,
  delegation: `${ALL} function* inner() { const got = yield http.get('i').url; console.log(got); return http.get('r').url } function* outer() { yield 0; const r = yield* inner(); yield r + http.get('o').url } export default function () { return [...outer()].join() }`,
  'a method, and one that takes parameters': `${ALL} class Api { base = 'b'; *pages(n) { for (let i = 0; i < n; i++) yield this.get(i) } get(i) { return http.get(this.base + i).url } } export default function () { let s = ''; const api = new Api(); for (const [c] of api.pages(2)) s += c; for (const p of new Api().pages(2)) { s += p + http.get(p).url } return s }`,
  'an exception inside': `${ALL} function* g() { try { yield http.get('a').url; throw new Error('inside ' + http.get('b').url) } finally { sleep(1) } } export default function () { try { for (const x of g()) http.get(x) } catch (e) { return e.message } }`,
  'an exception in the loop': `${ALL} function* g() { try { yield 1; yield 2 } finally { sleep(1) } } export default function () { try { for (const x of g()) { http.get(x); fail('out') } } catch (e) { return e.message } }`,
  'elements that are promises': `${ALL} function* g() { sleep(1); yield Promise.resolve(1) } export default function () { for (const p of g()) return p instanceof Promise }`,
  'a loop that may run through a generator or an array': `${ALL} function* g() { yield http.get('a').url } const each = (items, f) => { for (const item of items) f(item) }; export default function () { let s = ''; each(g(), (x) => { s += x }); each([1, 2], (x) => { s += x }); each('xy', (x) => { s += http.get(x).url }); return s }`,
}

describe.each(Object.entries({ CLASSES, FUNCTIONS, LOOPS, GENERATORS }))('%s that wait', (_, scripts) => {
  it.each(Object.entries(scripts))('run as on k6: %s', async (_name, source) => {
    const here = await runHere(source)
    const onK6 = runOnK6(source)
    const result: unknown = await onK6.result
    expect(here).toEqual({ ...onK6, result })
  })
})
