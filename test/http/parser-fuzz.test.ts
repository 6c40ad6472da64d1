import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS, ResponseParser } from '../../src/http/parser.ts'
import {
  CONVERSATION,
  CUTS,
  DAMAGE,
  damaged,
  FUZZ_RUNS,
  FUZZ_TIMEOUT_MS,
  type GeneratedReply,
  pieces,
} from './conversations.ts'
import { parseWith, type Result } from './parse.ts'

/** The replies read from a connection, one after another, until one is not complete. */
function readAll(stream: readonly string[], methods: readonly string[], closes: boolean): Result[] {
  const parser = new ResponseParser(DEFAULT_LIMITS)
  const results: Result[] = []
  let rest = stream
  for (const method of methods) {
    parser.start(method)
    const result = parseWith(parser, rest, closes)
    results.push(result)
    if (result.state !== 'done') break
    rest = [result.leftover]
  }
  return results
}

function wireOf(replies: readonly GeneratedReply[]): string {
  return replies.map(({ wire }) => wire).join('')
}

describe('ResponseParser', () => {
  it(
    'reads every reply of a conversation as it was meant, whatever the pieces',
    () => {
      const property = fc.property(CONVERSATION, CUTS, (replies, cuts) => {
        const methods = replies.map(({ method }) => method)
        const closes = replies.at(-1)?.untilClose ?? false
        const results = readAll(pieces(wireOf(replies), cuts), methods, closes)
        expect(results.map(({ state, fault, status, body }) => ({ state, fault, status, body }))).toEqual(
          replies.map(({ status, body }) => ({ state: 'done', fault: '', status, body })),
        )
        expect(results.at(-1)?.leftover).toBe('')
      })
      fc.assert(property, { numRuns: FUZZ_RUNS })
    },
    FUZZ_TIMEOUT_MS,
  )

  it(
    'comes to the same end with damaged bytes, whatever the pieces',
    () => {
      const damages = fc.array(DAMAGE, { minLength: 1, maxLength: 3 })
      const property = fc.property(CONVERSATION, damages, CUTS, (replies, damage, cuts) => {
        const wire = damaged(wireOf(replies), damage)
        const methods = replies.map(({ method }) => method)
        const whole = readAll([wire], methods, true)
        expect(readAll(pieces(wire, cuts), methods, true)).toEqual(whole)
        for (const { state, fault, body } of whole) {
          expect(fault === '').toBe(state !== 'faulty')
          expect(body.length).toBeLessThanOrEqual(wire.length)
        }
      })
      fc.assert(property, { numRuns: FUZZ_RUNS })
    },
    FUZZ_TIMEOUT_MS,
  )
})
