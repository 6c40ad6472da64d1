import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS, type ParserLimits, ResponseParser } from '../../src/http/parser.ts'
import { type Given, parse, parseWith } from './parse.ts'
import { CHUNKED, OK } from './replies.ts'

describe('ResponseParser limits', () => {
  const limits: ParserLimits = { headBytes: 60, bodyBytes: 10 }
  const TOO_LONG = 'has a head of more than 60 bytes'
  const TOO_LARGE = 'has a body of more than 10 bytes'
  const head = (length: number): string => {
    const rest = `${OK}Content-Length: 0\r\nX: \r\n\r\n`
    return rest.replace('X: ', `X: ${'x'.repeat(length - rest.length)}`)
  }
  const chunks = (...sizes: number[]): string =>
    sizes.map((size) => `${size.toString(16)}\r\n${'b'.repeat(size)}\r\n`).join('')
  const SHORT_CHUNKED = 'HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n'

  const cases: readonly (Given & { name: string; wire: string; fault: string })[] = [
    { name: 'head of 60 bytes', wire: head(60), fault: '' },
    { name: 'head of 61 bytes', wire: head(61), fault: TOO_LONG },
    { name: 'head without end', wire: `${OK}X: ${'x'.repeat(100)}`, fault: TOO_LONG },
    { name: 'two heads of 60 bytes', wire: head(60).replace('200', '103') + head(60), fault: '' },
    { name: 'a fault behind the limit is not seen', wire: `${OK}X: ${'x'.repeat(100)}\0`, fault: TOO_LONG },
    {
      name: 'trailers of more than 60 bytes',
      wire: `${SHORT_CHUNKED}0\r\nX: ${'x'.repeat(60)}\r\n\r\n`,
      fault: TOO_LONG,
    },
    { name: 'body of 10 bytes', wire: `${OK}Content-Length: 10\r\n\r\n${'b'.repeat(10)}`, fault: '' },
    { name: 'body of 11 bytes', wire: `${OK}Content-Length: 11\r\n\r\n`, fault: TOO_LARGE },
    { name: 'chunks of 10 bytes', wire: `${SHORT_CHUNKED}${chunks(4, 6)}0\r\n\r\n`, fault: '' },
    { name: 'chunks of 11 bytes', wire: `${SHORT_CHUNKED}${chunks(4, 7)}0\r\n\r\n`, fault: TOO_LARGE },
    {
      name: 'a fault behind too large a chunk is not seen',
      wire: `${SHORT_CHUNKED}b\r\nxxxxxxxxxxx?`,
      fault: TOO_LARGE,
    },
    { name: '10 bytes until the end', wire: `${OK}\r\n${'b'.repeat(10)}`, closes: true, fault: '' },
    { name: '11 bytes until the end', wire: `${OK}\r\n${'b'.repeat(11)}`, closes: true, fault: TOO_LARGE },
  ]

  it.each(cases)('$name', ({ wire, fault, ...given }) => {
    const whole = parse([wire], { ...given, limits })
    expect(whole).toMatchObject({ state: fault === '' ? 'done' : 'faulty', fault })
    expect(parse(wire.split(''), { ...given, limits })).toEqual(whole)
  })

  it('limits what stands behind a chunk size', () => {
    const chunk = (extension: string): string => `${CHUNKED}1${extension}\r\nx\r\n0\r\n\r\n`
    expect(parse([chunk(`;${'e'.repeat(4096)}`)]).state).toBe('done')
    expect(parse([chunk(`;${'e'.repeat(4098)}`)]).fault).toBe('has a chunk extension that is too long')
    expect(parse([chunk(' '.repeat(4097))]).fault).toBe('has a chunk extension that is too long')
  })

  it('does not take an announced length at its word', () => {
    const announced = `${OK}Content-Length: ${DEFAULT_LIMITS.bodyBytes}\r\n\r\nfirst bytes`
    const before = process.memoryUsage().arrayBuffers
    const parser = new ResponseParser(DEFAULT_LIMITS)
    parser.start('GET')
    parser.read(Buffer.from(announced), 0, announced.length)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16_000_000)
  })

  it.each([
    ['a length', `${OK}Content-Length: 11\r\n\r\n${'b'.repeat(11)}`],
    ['chunks', `${SHORT_CHUNKED}${chunks(4, 7)}0\r\n\r\n`],
    ['the end', `${OK}\r\n${'b'.repeat(11)}`],
  ])('does not limit a body that is dropped: by %s', (_name, wire) => {
    const parser = new ResponseParser(limits)
    parser.start('GET', false)
    expect(parseWith(parser, wire.split(''), true)).toMatchObject({ state: 'done', body: '', leftover: '' })
    // The next one is kept again.
    parser.start('GET')
    const next = `${OK}Content-Length: 2\r\n\r\nhi`
    expect(parseWith(parser, [next], false)).toMatchObject({ state: 'done', body: 'hi' })
  })

  it('collects a long body', () => {
    const body = Array.from({ length: 40 }, (_, index) => String(index % 10).repeat(60_000))
    const wire = [`${OK}Content-Length: 2400000\r\n\r\n`, ...body]
    expect(parse(wire).body === body.join('')).toBe(true)
  })
})
