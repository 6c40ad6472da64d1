import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
} from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { compress, decompress, readCompression } from '../../../../src/script/modules/http/compression.ts'
import { bench, headerOf, requestsOf } from './bench.ts'

const URL = 'http://target/'
const TEXT = 'grüße '.repeat(50)
const BYTES = Buffer.from(TEXT)
const hasZstd = process.versions.node.split('.').map(Number)[0]! >= 23

describe('compressed replies', () => {
  it.each([
    ['gzip', gzipSync(TEXT)],
    ['GZIP', gzipSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    ['deflate, gzip', gzipSync(deflateSync(TEXT))],
    ['identity', BYTES],
    ['compress', BYTES],
  ])('%s: the script reads what was compressed', async (coding, body) => {
    const { http } = bench(() => ({ body, headers: [['Content-Encoding', coding]] }))
    expect((await http.get(URL)).body).toBe(TEXT)
    const { body: binary } = await http.get(URL, { responseType: 'binary' })
    expect(Buffer.from(binary as ArrayBuffer).equals(BYTES)).toBe(true)
  })

  it('that nobody wants are left alone', async () => {
    const { http } = bench(() => ({ body: 'no gzip', headers: [['Content-Encoding', 'gzip']] }))
    expect(await http.get(URL, { responseType: 'none' })).toMatchObject({
      status: 200,
      body: null,
      error: '',
    })
  })

  it('that are not what they say fail as in k6', async () => {
    const { http } = bench(() => ({ body: 'no gzip', headers: [['Content-Encoding', 'gzip']] }))
    const response = await http.get(URL)
    expect(response).toMatchObject({ status: 0, error_code: 1701, body: null })
    expect(response.error).toContain('the body cannot be decompressed (gzip)')
  })

  it('without a body are empty', () => {
    expect(decompress(new Uint8Array(), 'gzip')).toHaveLength(0)
  })

  it.runIf(!hasZstd)('in zstd say what they would need', () => {
    expect(() => decompress(BYTES, 'zstd')).toThrow('it takes Node 22.15')
  })
})

describe('params.compression', () => {
  it.each([
    ['gzip', (body: Uint8Array) => gunzipSync(body)],
    ['deflate', (body: Uint8Array) => inflateSync(body)],
    ['br', (body: Uint8Array) => brotliDecompressSync(body)],
    ['gzip, br', (body: Uint8Array) => gunzipSync(brotliDecompressSync(body))],
    ['gzip,gzip', (body: Uint8Array) => gunzipSync(gunzipSync(body))],
  ])('%s compresses the body and says so', async (compression, undo) => {
    const [spec] = await requestsOf(({ http }) => http.post(URL, TEXT, { compression }))
    expect(headerOf(spec, 'Content-Encoding')).toBe(readCompression(compression).join(', '))
    expect(undo(spec?.body as Uint8Array).toString()).toBe(TEXT)
  })

  it('leaves the body as the script gave it in Response.request', async () => {
    const { request } = await bench().http.post(URL, TEXT, { compression: 'gzip' })
    expect(request.body).toBe(TEXT)
  })

  it('gives the same bytes every time', () => {
    expect(compress(TEXT, ['gzip', 'br'])).toEqual(compress(TEXT, ['gzip', 'br']))
  })

  it('does nothing without a body', async () => {
    const [spec] = await requestsOf(({ http }) => http.post(URL, null, { compression: 'gzip' }))
    expect(spec?.body).toBeNull()
    expect(headerOf(spec, 'Content-Encoding')).toBeUndefined()
  })

  it('warns about a header that says something else', async () => {
    const { host, http } = bench()
    await http.post(URL, TEXT, { compression: 'gzip', headers: { 'content-encoding': 'br' } })
    expect(host.warnings).toEqual([expect.stringContaining('is not what compresses it: gzip')])
    expect(headerOf(host.requests[0], 'Content-Encoding')).toBe('br')
  })
})
