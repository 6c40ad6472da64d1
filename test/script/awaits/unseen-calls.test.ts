import { describe, expect, it } from 'vitest'
import { ALL, HTTP, runHere, runOnK6 } from './oracle.ts'

const METHODS: Readonly<Record<string, string>> = {
  'a form after a page': `${HTTP} export default function () { const page = http.get('a'); return page.submitForm('b').clickLink('c').body }`,
  'in a helper and a callback': `${ALL}
    const login = (page) => page.submitForm('login').body
    export default function () { return [1, 2].map((n) => login(http.get('p' + n))).join() + group('g', () => http.get('q').clickLink('r').body) }`,
  'through an optional chain': `${HTTP} export default function () { const page = http.get('a')?.submitForm?.('b'); return page.status }`,
  'by a literal': `${HTTP} export default function () { return http.get('a')['clickLink']('b').body }`,
  'on what a function returns': `${HTTP} const page = () => http.get('a'); export default function () { return page().submitForm('b').url }`,
  'of the script’s own': `${ALL}
    class Page { constructor(name) { this.name = name } submitForm(x) { return this.name + x } clickLink(x) { sleep(1); return http.get(x).body } }
    export default function () { const p = new Page('p'); return p.submitForm(1) + p.clickLink(2) + { submitForm: (x) => x }.submitForm(3) }`,
  'with an argument that waits': `${HTTP} export default function () { return http.get('a').submitForm(http.get('b').body).body }`,
}

const MODULES: Readonly<Record<string, string>> = {
  'given to a class': `${ALL}
    class Api { constructor(http, base) { this.http = http; this.base = base } rank(id) { return this.http.get(this.base + id).body } }
    export default function () { const api = new Api(http, 'b'); return api.rank(1) + api.rank(2) }`,
  'given to a function': `${HTTP} function ask(client, path) { const r = client.post(path); return r.json().x } export default function () { return ask(http, 'a') + ask({ post: (x) => ({ json: () => ({ x }) }) }, 'b') }`,
  'under another name': `${HTTP} const client = http; export default function () { return client.get('a').body + client['put']('b').body }`,
  'taken apart': `${HTTP} const { get, post: send } = http; export default function () { return get('a').body + send('b').body }`,
  'in an object': `${ALL} import * as k6 from 'k6'; const tools = { http, k6 }; export default function () { tools.k6.sleep(1); return tools.http.get('a').body }`,
  spread: `${HTTP} const client = { ...http, get: (x) => 'own ' + x }; export default function () { return client.get('a') + client.put('b').body }`,
  'chosen at run time': `${HTTP} const pick = (x) => (x ? http : { get: (u) => ({ body: u }) }); export default function () { return pick(true).get('a').body + pick(false).get('b').body }`,
  'beside other things of the same names': `${HTTP}
    const cache = new Map([['a', 1]]); const use = (client) => client.get('a').body
    export default function () { return use(http) + cache.get('a') + cache.size }`,
  'in a loop over its functions': `${HTTP} export default function () { return ['get', 'put'].map((name) => [http, name]).map(([client, name]) => client[name](name).body).join() }`,
}

describe('methods of responses that wait', () => {
  it.each(Object.entries(METHODS))('run as on k6: %s', async (_, source) => {
    expect(await runHere(source)).toEqual(runOnK6(source))
  })

  it('are a violation where nothing can wait', async () => {
    const { violation } = await runHere(
      `${HTTP} class Page { get form() { return http_page.submitForm('b') } } let http_page
      export default function () { http_page = http.get('a'); return new Page().form.status }`,
    )
    expect(violation?.message).toContain('submitForm')
    expect(violation?.message).toContain('used before it was there')
  })
})

describe('a module handed on as an object', () => {
  it.each(Object.entries(MODULES))('runs as on k6: %s', async (_, source) => {
    expect(await runHere(source)).toEqual(runOnK6(source))
  })

  it('is watched where nothing can wait', async () => {
    const { violation } = await runHere(
      `${HTTP} const use = (client) => [2, 1].sort((a, b) => client.get(a).status - client.get(b).status)
      export default function () { return use(http).join() }`,
    )
    expect(violation).toBeDefined()
  })
})
