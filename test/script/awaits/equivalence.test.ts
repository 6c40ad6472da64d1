import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ALL, HTTP, runHere, runOnK6 } from './oracle.ts'

const SCRIPTS: Readonly<Record<string, string>> = {
  'a property of a call': `${HTTP} export default function () { return http.get('a').json().x; }`,
  'a call in an argument': `${HTTP} export default function () { return http.get(http.get('a').body).body; }`,
  'a namespace import': `import * as h from 'k6/http'; export default function () { return h.post('a').body; }`,
  'a named import under another name': `import { get as fetch } from 'k6/http'; export default function () { return fetch('a').body; }`,
  'a computed method': `${HTTP} export default function () { return ['get', 'put'].length + http['p' + 'ut']('a').body; }`,
  'a method by a literal': `${HTTP} export default function () { return http['get']('a').body; }`,
  'an optional chain': `${HTTP} export default function () { return http.get?.('a')?.json?.().x?.length; }`,
  'a template literal': `${HTTP} export default function () { return \`<\${http.get('a').body}|\${http.get('b').body}>\`; }`,
  'a tagged template': `${HTTP} function tag(parts, value) { return http.get(parts.join('-') + value).body; } export default function () { return tag\`a\${1}b\`.length; }`,
  spread: `${HTTP} export default function () { return Math.max(...http.get('a').json().list.map((x) => x.length)); }`,
  'new with an awaited argument': `${HTTP} export default function () { return new Array(http.get('a').status).length; }`,
  'an arrow that returns an object': `${HTTP} const rank = (x) => ({ id: http.get(x).body }); export default function () { return rank('a').id; }`,
  'a comma and a void': `${ALL} export default function () { return (sleep(1), void sleep(2), http.get('a').body); }`,
  'operators in order': `${HTTP} let n = 1; function add() { n += 10; return http.get('a').status; } export default function () { return n + add() * n; }`,
  'a conditional call': `${HTTP} export default function () { return false ? http.get('a') : http.get('b').body && null; }`,
  'loops and conditions': `${ALL} export default function () { for (let i = 0; http.get(i).status === 200 && i < 3; i++) { if (i % 2) continue; sleep(i); } do sleep(9); while (false); }`,
  'for … of over a reply': `${HTTP} export default function () { for (const x of http.get('a').json().list) http.get('of ' + x); }`,
  'try, catch and finally': `${ALL} function f() { try { http.get('a'); fail('no'); } catch (e) { sleep(1); return e.message; } finally { http.get('z'); } } export default function () { return f(); }`,
  'an exception through two functions': `${ALL} function f() { sleep(1); throw new Error('boom'); } function g() { return f(); } export default function () { g(); }`,
  recursion: `${ALL} function down(n) { sleep(n); return n === 0 ? 'end' : down(n - 1); } export default function () { return down(3); }`,
  'mutual recursion': `${ALL} function even(n) { sleep(n); return n === 0 || odd(n - 1); } function odd(n) { return n !== 0 && even(n - 1); } export default function () { return even(4); }`,
  'functions in functions': `${ALL} export default function () { const a = () => http.get('a').body; function b() { return a() + c(); } const c = function () { return sleep(1) && 'c'; }; return b().slice(0, 9); }`,
  'a function under two names': `${ALL} function rank() { return http.get('a').body; } const alias = rank; export default function () { return alias() + rank(); }`,
  'a k6 function under another name': `${HTTP} const get = http.get; export default function () { return get('a').body; }`,
  'a function called where it stands': `${ALL} export default function () { return (() => { sleep(1); return 'x'; })() + (function () { return http.get('b').body; })(); }`,
  'groups within groups': `${ALL} export default function () { return group('a', () => { sleep(1); return group('b', function () { return http.get('c').body; }); }); }`,
  'a group with a function by name': `${ALL} function steps() { http.get('a'); return 5; } export default function () { return group('g', steps); }`,
  'a check on an awaited reply': `${ALL} export default function () { return check(http.get('a'), { ok: (r) => r.status === 200 }); }`,
  'default parameters that call nothing that waits': `${ALL} function f(x = 1 + 1, { y = 2 } = {}) { sleep(x); return x + y; } export default function () { return f() + f(5, { y: 7 }); }`,
  'this and arguments': `${ALL} function f() { sleep(1); return arguments.length + typeof this; } export default function () { return f(1, 2); }`,
  'a local that hides an import': `${HTTP} function f(http) { return http.get('a'); } export default function () { return f({ get: (x) => x + '!' }) + http.get('b').body; }`,
  "a method that is not k6's": `${HTTP} const cache = { get: (x) => x }; export default function () { return cache.get('a') + http.get('b').body; }`,
  destructuring: `${HTTP} export default function () { const { body, json } = http.get('a'); const [first] = json().list; return body + first; }`,
  assignment: `${HTTP} export default function () { let s = ''; s += http.get('a').body; const o = {}; o[http.get('k').body] = http.get('v').body; return s + JSON.stringify(o); }`,
  'iteration, VU and environment': `${HTTP} export default function () { const seen = { __ITER, __VU }; return http.get(__ENV.TARGET).body + JSON.stringify(seen) + __ITER; }`,
  'a class that does not wait itself': `${HTTP} class Url { constructor(x) { this.x = x; } get text() { return 'u' + this.x; } static of(x) { return new Url(x); } } export default function () { return http.get(Url.of(1).text).body; }`,
  'labels and switches': `${ALL} export default function () { outer: for (const x of [1, 2, 3]) { switch (http.get(x).url) { case 2: break outer; default: sleep(x); } } }`,
  'typeof a waiting function': `${ALL} function pause() { sleep(1); } export default function () { return typeof pause; }`,
}

describe('a script with inserted waits', () => {
  it.each(Object.entries(SCRIPTS))('runs as on k6: %s', async (_, source) => {
    expect(await runHere(source)).toEqual(runOnK6(source))
  })
})

/** Random functions f0 … fn, each calling k6 and any function before it, in random surroundings. */
function programs(): fc.Arbitrary<string> {
  const { statement } = fc.letrec<{ statement: string; expression: string }>((tie) => ({
    expression: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'program' },
      fc.constantFrom('n', '1', `http.get('u' + n).status`, `http.post(n).body.length`),
      fc.nat(5).map((i) => `call${i}(n + 1)`),
      fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a} + ${b})`),
      fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a} % 2 ? ${b} : n)`),
      tie('expression').map((a) => `((x) => x + ${a})(n)`),
      tie('expression').map((a) => `\`\${${a}}\`.length`),
      tie('expression').map((a) => `[${a}, n].reduce((x, y) => x + y, 0)`),
      tie('expression').map((a) => `({ a: ${a} }).a`),
    ),
    statement: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'program' },
      tie('expression').map((a) => `console.log(${a});`),
      tie('expression').map((a) => `n = (n + ${a}) % 1000;`),
      fc.constant('sleep(n);'),
      tie('expression').map((a) => `if (${a} % 3 === 0) return ${a};`),
      tie('statement').map((s) => `for (let i = 0; i < 2; i++) { ${s} }`),
      tie('statement').map((s) => `try { ${s} } finally { console.log('f'); }`),
      tie('statement').map((s) => `n = group('g', () => { ${s} return n; }) % 1000;`),
      tie('statement').map((s) => `{ const inner = (n) => { ${s} return n; }; n = inner(n) % 1000; }`),
    ),
  }))
  const body = fc.array(statement, { minLength: 1, maxLength: 4 }).map((all) => all.join(' '))
  return fc.tuple(fc.array(fc.tuple(fc.boolean(), body), { minLength: 1, maxLength: 5 }), body).map(toScript)
}

function toScript([functions, main]: [[boolean, string][], string]): string {
  // A function calls only those before it, so that every program ends; numbers that are not there call the identity.
  const declared = functions.map(([isArrow, body], i) => {
    const bound = body.replaceAll(/call(\d)/g, (_, j: string) => (Number(j) < i ? `f${j}` : 'identity'))
    return isArrow
      ? `const f${i} = (n) => { ${bound} return n; };`
      : `function f${i}(n) { ${bound} return n; }`
  })
  const bound = main.replaceAll(/call(\d)/g, (_, j: string) =>
    Number(j) < functions.length ? `f${j}` : 'identity',
  )
  const lines = [
    ALL,
    'const identity = (n) => n;',
    ...declared,
    `export default function () { let n = 1; ${bound} return n; }`,
  ]
  return lines.join('\n')
}

describe('a random script', () => {
  it('calls k6 in the same order and with the same arguments', async () => {
    await fc.assert(
      fc.asyncProperty(programs(), async (source) => {
        expect(await runHere(source)).toEqual(runOnK6(source))
      }),
      { numRuns: 200, seed: 20_011 },
    )
  })
})
