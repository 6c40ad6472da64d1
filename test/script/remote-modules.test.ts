import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatFault } from '../../src/core/errors.ts'
import { bundleScript } from '../../src/script/bundle.ts'
import type { ScriptBundle } from '../../src/script/script-bundle.ts'
import { rejection, runIteration, writeFiles } from './script-fixture.ts'

const JSLIB = 'https://jslib.test/lib/1.0/index.js'
const SCRIPT = `import { twice } from '${JSLIB}'
export default () => twice('a')`
const LIBRARY = `import http from 'k6/http'
import { join } from './parts/join.ts'
export const twice = (u) => join(http.get(u).body, http.get(u).body)`
const PART = `export function join(a: string, b: string): string { return a + SEPARATOR + b }
import { SEPARATOR } from '/separator.js'`

type Pages = Readonly<Record<string, string | (() => Response)>>

/** A network of the given pages, and which of them were asked for. */
class FakeNetwork {
  readonly asked: string[] = []
  readonly folder: string
  readonly cacheDir: string
  pages: Pages

  constructor(script: string, pages: Pages) {
    this.folder = writeFiles({ 'script.ts': script, 'cache/readme': '' })
    this.cacheDir = join(this.folder, 'cache')
    this.pages = pages
  }

  readonly fetch = (url: string): Promise<Response> => {
    this.asked.push(url)
    const page = this.pages[url]
    if (page === undefined) return Promise.resolve(new Response('', { status: 404 }))
    return Promise.resolve(typeof page === 'string' ? new Response(page) : page())
  }

  bundle(): Promise<ScriptBundle> {
    return bundleScript('script.ts', this.folder, { cacheDir: this.cacheDir, fetch: this.fetch })
  }

  async faults(): Promise<string> {
    return (await rejection(this.bundle())).faults.map(formatFault).join('\n')
  }

  lockFile(): string {
    return join(this.folder, 'headroom.lock.json')
  }
}

const PAGES = {
  [JSLIB]: LIBRARY,
  'https://jslib.test/lib/1.0/parts/join.ts': PART,
  'https://jslib.test/separator.js': `export const SEPARATOR = '+'`,
}

function redirect(location: string): () => Response {
  return () => new Response(null, { status: 302, headers: { location } })
}

describe('modules from the network', () => {
  it('are bundled with what they import, and wait like the script itself', async () => {
    const network = new FakeNetwork(SCRIPT, PAGES)
    const bundle = await network.bundle()
    const { trace, result, violation } = await runIteration(bundle)
    expect(violation).toBeUndefined()
    expect(trace).toEqual(['get a', 'get a'])
    expect(result).toBe('body of a+body of a')
    expect(network.asked.toSorted()).toEqual(Object.keys(PAGES).toSorted())
    expect(new Set(bundle.maps.bundled.sources)).toEqual(new Set([...Object.keys(PAGES), 'script.ts']))
  })

  it('are locked by their hash, and come from the cache from then on', async () => {
    const network = new FakeNetwork(SCRIPT, PAGES)
    const first = await network.bundle()
    const lock = JSON.parse(readFileSync(network.lockFile(), 'utf8')) as Record<string, string>
    expect(Object.keys(lock)).toEqual(Object.keys(PAGES).toSorted())
    expect(lock[JSLIB]).toBe(createHash('sha256').update(LIBRARY).digest('hex'))
    network.pages = {}
    network.asked.length = 0
    expect(await network.bundle()).toEqual(first)
    expect(network.asked).toEqual([])
  })

  it('may not change behind the lock', async () => {
    const network = new FakeNetwork(SCRIPT, PAGES)
    await network.bundle()
    for (const name of readdirSync(network.cacheDir)) writeFileSync(join(network.cacheDir, name), 'damaged')
    network.pages = { ...PAGES, [JSLIB]: `${LIBRARY} // changed` }
    const faults = await network.faults()
    expect(faults).toContain(`script.ts:1: ${JSLIB}: the module has changed: its SHA-256 is `)
    expect(faults).toContain(`delete the line of ${JSLIB} in ${network.lockFile()}`)
    network.pages = PAGES
    expect((await runIteration(await network.bundle())).result).toBe('body of a+body of a')
  })

  it('are not locked when the script cannot be loaded', async () => {
    const network = new FakeNetwork(`${SCRIPT}\nimport 'k6/ws'`, PAGES)
    await network.faults()
    expect(() => readFileSync(network.lockFile())).toThrow('ENOENT')
  })

  it('need a lock that can be read', async () => {
    const network = new FakeNetwork(SCRIPT, PAGES)
    writeFileSync(network.lockFile(), '{ half')
    expect(await network.faults()).toContain('is not readable as JSON\n  restore it, or delete it')
  })

  it('may be redirected, and keep the name they were asked for', async () => {
    const network = new FakeNetwork(SCRIPT, {
      ...PAGES,
      [JSLIB]: redirect('/real.js'),
      'https://jslib.test/real.js': LIBRARY,
    })
    expect((await runIteration(await network.bundle())).result).toBe('body of a+body of a')
    expect(Object.keys(JSON.parse(readFileSync(network.lockFile(), 'utf8')) as object)).toContain(JSLIB)
  })

  it.each<[string, Pages, string]>([
    ['a missing page', {}, 'the server answered with status 404\n  check the address'],
    ['redirects without end', { [JSLIB]: redirect(JSLIB) }, 'more than 5 redirects'],
    [
      'a redirect to plain http',
      { [JSLIB]: redirect('http://jslib.test/') },
      'http://jslib.test is not https',
    ],
    ['a module without end', { [JSLIB]: 'x'.repeat(5 * 1024 * 1024 + 1) }, 'larger than 5242880 bytes'],
    [
      'no connection',
      {
        [JSLIB]: () => {
          throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })
        },
      },
      'could not be fetched: connect ECONNREFUSED\n  check the address',
    ],
    [
      'a package in a module',
      { [JSLIB]: `import 'lodash'; export let twice` },
      'package lodash was not found',
    ],
    [
      'an unsupported k6 module',
      { [JSLIB]: `import 'k6/ws'; export let twice` },
      `${JSLIB}:1: k6/ws is not supported`,
    ],
    ['a syntax error', { [JSLIB]: `let 1` }, `${JSLIB}:1:5: `],
  ])('refuse %s', async (_, pages, fault) => {
    expect(await new FakeNetwork(SCRIPT, pages).faults()).toContain(fault)
  })

  it('refuses plain http but from this machine', async () => {
    const network = new FakeNetwork(`import { x } from 'http://jslib.test/x.js'\nexport default () => x`, {})
    expect(await network.faults()).toContain(
      'http://jslib.test is not https\n  import the module from an https:// address',
    )
    expect(network.asked).toEqual([])
  })
})
