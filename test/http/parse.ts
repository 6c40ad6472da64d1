/** The parser as a function from pieces of bytes, written as latin1 text, to all that it says afterwards. */
import { DEFAULT_LIMITS, type ParserLimits, ResponseParser } from '../../src/http/parser.ts'

export interface Result {
  readonly state: 'done' | 'faulty' | 'incomplete'
  readonly fault: string
  readonly status: number
  readonly version: string
  readonly head: string
  readonly body: string
  readonly persistent: boolean
  readonly keepAlive: string | undefined
  /** Bytes behind the reply. */
  readonly leftover: string
}

export interface Given {
  readonly method?: string
  readonly limits?: ParserLimits
  /** The server closes the connection after the bytes. */
  readonly closes?: boolean
}

export function parse(pieces: readonly string[], given: Given = {}): Result {
  const parser = new ResponseParser(given.limits ?? DEFAULT_LIMITS)
  parser.start(given.method ?? 'GET')
  return parseWith(parser, pieces, given.closes ?? false)
}

/** Every piece comes in the same buffer, and not at its beginning, so that nothing may be read from it later. */
export function parseWith(parser: ResponseParser, pieces: readonly string[], closes: boolean): Result {
  const shared = Buffer.alloc(7 + Math.max(0, ...pieces.map((piece) => piece.length)))
  let leftover = ''
  for (const piece of pieces) {
    const end = 7 + shared.write(piece, 7, 'latin1')
    leftover += shared.toString('latin1', parser.read(shared, 7, end), end)
    shared.fill(0xff)
  }
  if (closes) parser.end()
  return resultOf(parser, leftover)
}

function resultOf(parser: ResponseParser, leftover: string): Result {
  if (!parser.done) {
    const state = parser.faulty ? 'faulty' : 'incomplete'
    const empty = {
      status: 0,
      version: '',
      head: '',
      body: '',
      persistent: false,
      keepAlive: undefined,
      leftover: '',
    }
    return { state, fault: parser.fault, ...empty }
  }
  return {
    state: 'done',
    fault: parser.fault,
    status: parser.status,
    version: parser.httpVersion,
    head: parser.headText,
    body: Buffer.from(parser.takeBody()).toString('latin1'),
    persistent: parser.persistent,
    keepAlive: parser.keepAlive,
    leftover,
  }
}
