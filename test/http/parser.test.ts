import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS, ResponseParser } from '../../src/http/parser.ts'
import { FRAMED, MISFRAMED } from './framing.ts'
import { type Given, parse, parseWith } from './parse.ts'
import { ACCEPTED, INCOMPLETE, REFUSED } from './replies.ts'

const VALID = [...ACCEPTED, ...FRAMED]
const INVALID = [...REFUSED, ...MISFRAMED]

describe('ResponseParser', () => {
  it.each(VALID)(
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

  it.each(INVALID)('refuses: $name', ({ wire, fault, ...given }) => {
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

  it.each([...VALID, ...INVALID, ...INCOMPLETE])(
    'reads the same whatever the split: $name',
    ({ wire, ...given }) => {
      const whole = parse([wire], given)
      for (let at = 1; at < wire.length; at++) {
        expect(parse([wire.slice(0, at), wire.slice(at)], given)).toEqual(whole)
      }
      expect(parse(wire.split(''), given)).toEqual(whole)
    },
  )

  it('keeps nothing of one reply for the next', () => {
    const parser = new ResponseParser(DEFAULT_LIMITS)
    const cases: readonly (Given & { name: string; wire: string })[] = [...VALID, ...INVALID, ...INCOMPLETE]
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
