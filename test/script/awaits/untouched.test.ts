import { expect, it } from 'vitest'
import { Syntax } from '../../../src/script/awaits/syntax.ts'
import { insertAwaits } from '../../../src/script/awaits/transform.ts'

const codeOf = (module: string): string => insertAwaits(new Syntax(module), () => 'script.ts').code

const COMPUTATION = `class Rng { constructor(seed) { this.seed = seed } next() { return (this.seed = (this.seed * 48271) % 2147483647) } }
function shuffle(items, rng) { items.forEach((_, i) => { const j = rng.next() % (i + 1); [items[i], items[j]] = [items[j], items[i]] }); return items }
const pick = (table, name) => table[name](table.values.map((x) => x * 2).filter((x) => x > 1))
function* numbers(n) { for (let i = 0; i < n; i++) yield i }
const sums = [...numbers(9)].reduce((sum, n) => sum + n, 0)
async function later(f) { return await f(sums) }
`

it('leaves a module alone that never waits', () => {
  expect(codeOf(COMPUTATION)).toContain(COMPUTATION.trim())
})

it('leaves functions alone that cannot reach a wait, beside others that do', () => {
  const plain = COMPUTATION.split('\n').filter((line) => /^(?:class|function)/.test(line))
  const code = codeOf(
    `import http from 'k6/http'
${plain.join('\n')}
const withRetry = (fn) => fn()
class Api { rank(u) { return withRetry(() => http.get(u)) } }
function main() { shuffle([...numbers(3)], new Rng(1)); return new Api().rank('a') }
export { main as default };`,
  )
  for (const line of plain) expect(code).toContain(line)
  expect(code.match(/runWaiting/g)).toHaveLength(4)
})
