import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS, ResponseParser } from '../../src/http/parser.ts'
import { type Given, parse, parseWith, type Result } from './parse.ts'
import { ACCEPTED, INCOMPLETE, REFUSED } from './replies.ts'

describe('ResponseParser', () => {
  it.each(ACCEPTED)(
    'accepts: $name',
    ({ wire, status = 200, body = '', persistent = true, leftover = '', ...given }) => {
      expect(parse([wire], given)).toMatchObject({
        state: 'done',
        fault: '',
        status,
        body,
        persistent,
        leftover,
      })
    },
  )

  it.each(REFUSED)('refuses: $name', ({ wire, fault, ...given }) => {
    expect(parse([wire], given)).toMatchObject({ state: 'faulty', fault })
  })

  it.each(INCOMPLETE)('waits for more after: $name; a close does not complete it', ({ wire }) => {
    expect(parse([wire]).state).toBe('incomplete')
    expect(parse([wire], { closes: true }).state).toBe('incomplete')
  })

  it('gives head, version and Keep-Alive of the final reply', () => {
    const head = 'HTTP/1.0 200 Fine thing\r\nKeep-Alive: Timeout=5, max=9\r\nContent-Length: 0\r\n\r\n'
    const result = parse([`HTTP/1.1 100 Continue\r\nKeep-Alive: timeout=1\r\n\r\n${head}`])
    expect(result).toMatchObject({ head, version: '1.0', keepAlive: 'timeout=5, max=9' })
  })

  it.each([...ACCEPTED, ...REFUSED, ...INCOMPLETE])(
    'reads the same whatever the split: $name',
    ({ wire, ...given }) => {
      const whole = parse([wire], given)
      for (let at = 1; at < wire.length; at++) {
        expect(parse([wire.slice(0, at), wire.slice(at)], given)).toEqual(whole)
      }
      expect(parse(wire.split(''), given)).toEqual(whole)
    },
  )

  it('reads any generated reply the same in any pieces', () => {
    fc.assert(
      fc.property(reply(), fc.array(fc.nat({ max: 400 }), { maxLength: 8 }), ({ wire, expected }, cuts) => {
        expect(parse(pieces(wire, cuts))).toMatchObject(expected)
      }),
      { numRuns: 500 },
    )
  })

  it('ends the same way for arbitrarily damaged bytes in any pieces', () => {
    const damage = fc.record({
      at: fc.nat(),
      byte: fc.constantFrom('\r', '\n', '\0', ' ', ':', ';', '0', 'f', 'x', '\xff'),
    })
    fc.assert(
      fc.property(
        reply(),
        damage,
        fc.array(fc.nat({ max: 400 }), { maxLength: 8 }),
        ({ wire }, { at, byte }, cuts) => {
          const place = at % wire.length
          const damaged = wire.slice(0, place) + byte + wire.slice(place + 1)
          expect(parse(pieces(damaged, cuts))).toEqual(parse([damaged]))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('keeps nothing of one reply for the next', () => {
    const parser = new ResponseParser(DEFAULT_LIMITS)
    const cases: readonly (Given & { name: string; wire: string })[] = [
      ...ACCEPTED,
      ...REFUSED,
      ...INCOMPLETE,
    ]
    for (const { name, wire, method = 'GET', closes = false } of cases) {
      for (const before of INCOMPLETE) {
        parser.start('GET')
        parseWith(parser, [before.wire], false)
        parser.start(method)
        expect(parseWith(parser, [wire], closes), `${name} after ${before.name}`).toEqual(
          parse([wire], { method, closes }),
        )
      }
    }
  })
})

/** A valid reply and what it says, framed by length or in chunks, after up to two interim ones. */
function reply(): fc.Arbitrary<{ wire: string; expected: Partial<Result> }> {
  const text = fc.string({
    unit: fc.constantFrom('a', '1', ' ', '\r', '\n', ':', '\0', '\xfc'),
    maxLength: 20,
  })
  const word = fc.string({ unit: fc.constantFrom('a', 'Z', '9', '-'), minLength: 1, maxLength: 14 })
  const value = fc.string({ unit: fc.constantFrom('v', ' ', '\t', '"', '\xe9'), maxLength: 12 })
  const parts = fc.record({
    status: fc.integer({ min: 200, max: 999 }).filter((status) => status !== 204 && status !== 304),
    interimCount: fc.nat({ max: 2 }),
    fields: fc.array(fc.tuple(word, value), { maxLength: 4 }),
    chunks: fc.array(text, { maxLength: 4 }),
    isChunked: fc.boolean(),
    leftover: text,
  })
  return parts.map(({ status, interimCount, fields, chunks, isChunked, leftover }) => {
    const body = chunks.join('')
    const framing = isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`
    const lines = [...fields.map(([name, content]) => `X${name}:${content}`), framing]
    const head = `HTTP/1.1 ${status} Some reason\r\n${lines.join('\r\n')}\r\n\r\n`
    const coded = chunks
      .filter((chunk) => chunk !== '')
      .map((chunk) => `${chunk.length.toString(16)};x\r\n${chunk}\r\n`)
    const interim = 'HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n'.repeat(interimCount)
    const wire = interim + head + (isChunked ? `${coded.join('')}0\r\nT: u\r\n\r\n` : body) + leftover
    return { wire, expected: { state: 'done', status, head, body, leftover, persistent: true } }
  })
}

/** `wire` cut at the given places (any numbers). */
function pieces(wire: string, cuts: readonly number[]): string[] {
  const places = [0, ...cuts.map((cut) => cut % (wire.length + 1)), wire.length].sort((a, b) => a - b)
  return places.slice(1).map((place, index) => wire.slice(places[index], place))
}
