import { describe, expect, it } from 'vitest'
import { bench, headerOf, requestsOf } from './bench.ts'

const URL = 'http://target/upload'

function boundaryOf(contentType: string | undefined): string {
  return /^multipart\/form-data; boundary=([\w-]+)$/.exec(contentType ?? '')?.[1] ?? 'none'
}

/** The parts of a body as a server reads them. */
async function partsOf(body: Uint8Array, contentType: string | undefined): Promise<FormData> {
  return new Response(Uint8Array.from(body), { headers: { 'Content-Type': contentType ?? '' } }).formData()
}

describe('an object with a file', () => {
  it('is sent in parts', async () => {
    const [spec] = await requestsOf(({ http }) =>
      http.post(URL, { title: 'a b', file: http.file('hello', 'x.txt', 'text/plain') }),
    )
    const boundary = boundaryOf(headerOf(spec, 'Content-Type'))
    expect(Buffer.from(spec?.body as Uint8Array).toString()).toBe(
      [
        `--${boundary}`,
        'Content-Disposition: form-data; name="title"',
        '',
        'a b',
        `--${boundary}`,
        'Content-Disposition: form-data; name="file"; filename="x.txt"',
        'Content-Type: text/plain',
        '',
        'hello',
        `--${boundary}--`,
        '',
      ].join('\r\n'),
    )
  })

  it('carries bytes, lists and several files as they are', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    const [spec] = await requestsOf(({ http }) =>
      http.post(URL, {
        tags: ['a', 'b'],
        files: [http.file(bytes.buffer, 'all.bin'), http.file(bytes.subarray(3, 5), 'some.bin')],
      }),
    )
    const form = await partsOf(spec?.body as Uint8Array, headerOf(spec, 'Content-Type'))
    expect(form.getAll('tags')).toEqual(['a', 'b'])
    const [all, some] = form.getAll('files') as File[]
    expect([all?.name, all?.type]).toEqual(['all.bin', 'application/octet-stream'])
    expect(new Uint8Array(await all!.arrayBuffer())).toEqual(bytes)
    expect(new Uint8Array(await some!.arrayBuffer())).toEqual(Uint8Array.of(3, 4))
  })

  it('keeps names from breaking the part', async () => {
    const [spec] = await requestsOf(({ http }) =>
      http.post(URL, { 'a"b\r\nc': http.file('x', 'q"\\\r\nX-Evil: 1') }),
    )
    expect(Buffer.from(spec?.body as Uint8Array).toString()).toContain(
      String.raw`name="a\"b%0D%0Ac"; filename="q\"\\%0D%0AX-Evil: 1"`,
    )
  })

  it('has the same boundary for the same seed, and never the same one twice', async () => {
    const boundaries = async () => {
      const specs = await requestsOf(async ({ http }) => {
        await http.post(URL, { f: http.file('x') })
        await http.post(URL, { f: http.file('x') })
      })
      return specs.map((spec) => boundaryOf(headerOf(spec, 'Content-Type')))
    }
    const first = await boundaries()
    expect(new Set(first).size).toBe(2)
    expect(await boundaries()).toEqual(first)
  })
})

describe('http.file', () => {
  it('tells what it was made of, with k6’s defaults', () => {
    const { http } = bench()
    expect(http.file('x', 'a.txt', 'text/plain')).toMatchObject({
      data: 'x',
      filename: 'a.txt',
      content_type: 'text/plain',
    })
    const [one, two] = [http.file('x'), http.file('x')]
    expect(one.content_type).toBe('application/octet-stream')
    expect(one.filename).not.toBe(two.filename)
  })

  it('takes no content type that would add a header', () => {
    expect(() => bench().http.file('x', 'a', 'text/plain\r\nX: 1')).toThrow('cannot have a line break')
  })
})

describe('a body that a script puts together itself', () => {
  /** In the style of the polyfills that scripts import. */
  class Form {
    readonly boundary = 'form-7MA4YWxk'
    readonly #parts: string[] = []

    append(name: string, value: string | { data: unknown; filename: string; content_type: string }): void {
      const head = `Content-Disposition: form-data; name="${name}"`
      this.#parts.push(
        typeof value === 'string'
          ? `${head}\r\n\r\n${value}`
          : `${head}; filename="${value.filename}"\r\nContent-Type: ${value.content_type}\r\n\r\n${String(value.data)}`,
      )
    }

    body(): ArrayBuffer {
      const parts = this.#parts.map((part) => `--${this.boundary}\r\n${part}\r\n`)
      return Uint8Array.from(Buffer.from(`${parts.join('')}--${this.boundary}--\r\n`)).buffer
    }
  }

  it('arrives as it is', async () => {
    const [spec] = await requestsOf(({ http }) => {
      const form = new Form()
      form.append('title', 'a b')
      form.append('file', http.file('hello', 'x.txt', 'text/plain'))
      const headers = { 'Content-Type': `multipart/form-data; boundary=${form.boundary}` }
      return http.post(URL, form.body(), { headers })
    })
    const form = await partsOf(spec?.body as Uint8Array, headerOf(spec, 'Content-Type'))
    expect(form.get('title')).toBe('a b')
    expect(await (form.get('file') as File).text()).toBe('hello')
  })
})
