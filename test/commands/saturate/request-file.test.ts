import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRequestFile } from '../../../src/commands/saturate/request-file.ts'
import { UserError } from '../../../src/core/errors.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const BASE = new URL('http://127.0.0.1:8080/api/')

async function read(content: unknown, base: URL | undefined): Promise<object> {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  await writeFile(join(folder, 'request.json'), text)
  const { url, ...call } = await readRequestFile('request.json', folder, base)
  return { url: url.href, ...call }
}

async function faultsOf(content: unknown): Promise<readonly string[]> {
  const error: unknown = await read(content, BASE).catch((reason: unknown) => reason)
  if (!(error instanceof UserError)) throw new Error('it was taken', { cause: error })
  expect(error.exitCode).toBe(2)
  return error.faults.map(({ where, what }) => `${where}: ${what}`)
}

describe('a request file', () => {
  it.each<[content: object, call: object]>([
    [{}, { url: 'http://127.0.0.1:8080/api/', method: 'GET', headers: [], body: undefined }],
    [
      { url: 'rank?a=1', method: 'post' },
      { url: 'http://127.0.0.1:8080/api/rank?a=1', method: 'POST' },
    ],
    [{ url: 'https://h.test/' }, { url: 'https://h.test/' }],
    [
      { body: 'a text', headers: { 'X-A': '1' } },
      { body: 'a text', headers: [['X-A', '1']] },
    ],
    [{ body: [1] }, { body: '[1]', headers: [['Content-Type', 'application/json']] }],
    [
      { body: { a: 1 }, headers: { 'content-type': 'text/json' } },
      { body: '{"a":1}', headers: [['content-type', 'text/json']] },
    ],
  ])('%j', async (content, call) => {
    expect(await read(content, BASE)).toMatchObject(call)
  })

  it('tells all of its faults at once, and repeats no value', async () => {
    const content = {
      url: 'ftp://h.test',
      method: 'PURGE',
      headers: { 'two words': 'a', 'X-Key': 'hush\nhush', 'X-Number': 4711 },
      body: 4711,
      verb: 'hush',
    }
    const faults = await faultsOf(content)
    const places = faults.map((fault) => fault.split(': ')[0])
    expect(places).toEqual([
      'request.json.url',
      'request.json.method',
      'request.json.headers["two words"]',
      'request.json.headers.X-Key',
      'request.json.headers.X-Number',
      'request.json.body',
      'request.json.verb',
    ])
    expect(faults.join()).not.toMatch(/hush|4711/)
  })

  it('that is no JSON is not quoted', async () => {
    expect(await faultsOf('{"headers": {"Key": hush}}')).toEqual(['request.json: is no JSON'])
  })

  it('needs a whole URL where the command line has none', async () => {
    await expect(read({ url: '/rank' }, undefined)).rejects.toThrow('request.json.url: must be a URL')
    await expect(read({}, undefined)).rejects.toThrow('request.json.url')
    await expect(read({ url: 'http://h.test/a' }, undefined)).resolves.toMatchObject({
      url: 'http://h.test/a',
    })
  })

  it('that is not there is named', async () => {
    await expect(readRequestFile('none.json', folder, BASE)).rejects.toThrow(
      'none.json: cannot be read (ENOENT)',
    )
  })
})
