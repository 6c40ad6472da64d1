import { request as nodeRequest, type IncomingMessage } from 'node:http'
import { Duplex } from 'node:stream'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CUTS, DAMAGE, damaged, FUZZ_RUNS, FUZZ_TIMEOUT_MS, generatedReply, pieces } from './conversations.ts'
import { parse } from './parse.ts'

/** node:http is much slower than the parser. */
const NUM_RUNS = Math.ceil(FUZZ_RUNS / 10)

interface Reading {
  readonly status: number | undefined
  readonly reason: string | undefined
  readonly rawHeaders: readonly string[]
  readonly body: string
}

/** A connection on which these pieces come once a request was sent. */
function connectionWith(replyPieces: readonly string[]): Duplex {
  let isAsked = false
  return new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      if (!isAsked) {
        isAsked = true
        for (const piece of replyPieces) if (piece !== '') this.push(Buffer.from(piece, 'latin1'))
        this.push(null)
      }
      done()
    },
  })
}

/** What node:http reads; `undefined` when it refuses the bytes or misses some. */
async function readByNode(method: string, replyPieces: readonly string[]): Promise<Reading | undefined> {
  try {
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const connection = connectionWith(replyPieces)
      nodeRequest({ method, createConnection: () => connection }, resolve)
        .on('error', reject)
        .end()
    })
    const body: Buffer[] = []
    for await (const piece of message) body.push(piece as Buffer)
    const { statusCode, statusMessage, rawHeaders } = message
    return {
      status: statusCode,
      reason: statusMessage,
      rawHeaders,
      body: Buffer.concat(body).toString('latin1'),
    }
  } catch {
    return undefined
  }
}

describe('the reader of replies and that of node:http', () => {
  it(
    'read the same in a valid reply',
    async () => {
      const property = fc.asyncProperty(generatedReply(true), CUTS, async (reply, cuts) => {
        const { method, wire, status, reason, rawHeaders, body } = reply
        const split = pieces(wire, cuts)
        expect(await readByNode(method, split)).toEqual({ status, reason, rawHeaders, body })
        expect(parse(split, { method, closes: true })).toMatchObject({ state: 'done', status, body })
      })
      await fc.assert(property, { numRuns: NUM_RUNS })
    },
    FUZZ_TIMEOUT_MS,
  )

  it(
    'read the same in a damaged reply, unless one of them refuses it',
    async () => {
      const damages = fc.array(DAMAGE, { minLength: 1, maxLength: 2 })
      let bothCount = 0
      const property = fc.asyncProperty(generatedReply(true), damages, async ({ method, wire }, damage) => {
        const bytes = damaged(wire, damage)
        const ours = parse([bytes], { method, closes: true })
        const theirs = await readByNode(method, [bytes])
        if (ours.state !== 'done' || theirs === undefined) return
        bothCount++
        expect({ status: ours.status, body: ours.body }).toEqual({ status: theirs.status, body: theirs.body })
      })
      await fc.assert(property, { numRuns: NUM_RUNS })
      expect(bothCount).toBeGreaterThan(NUM_RUNS / 20)
    },
    FUZZ_TIMEOUT_MS,
  )
})
