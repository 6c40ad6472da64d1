/** Generated conversations: valid replies one after another on one connection, and what is to be read from them. */
import * as fc from 'fast-check'

export interface GeneratedReply {
  /** Of the request that it answers. */
  readonly method: 'GET' | 'HEAD'
  /** Interim replies and the final one, as latin1 text. */
  readonly wire: string
  readonly status: number
  readonly reason: string
  /** Names and values in turn, values without blanks around them. */
  readonly rawHeaders: readonly string[]
  readonly body: string
  /** The connection has to be closed after it. */
  readonly untilClose: boolean
}

/** How often properties are tried: 10,000 times, or as the variable FUZZ_RUNS says (a million in nightly runs). */
export const FUZZ_RUNS: number = Number(process.env['FUZZ_RUNS'] ?? 10_000)

/** Long enough for all runs on a busy machine. */
export const FUZZ_TIMEOUT_MS: number = 60_000 + 5 * FUZZ_RUNS

const BODY: fc.Arbitrary<string> = fc.string({
  unit: fc.constantFrom('a', '1', '0', ' ', '\r', '\n', ':', '\0', 'H', '\xfc'),
  maxLength: 30,
})
const NAME = fc.string({ unit: fc.constantFrom('a', 'Z', '9', '-', '_', '!'), minLength: 1, maxLength: 14 })
const VALUE = fc.string({ unit: fc.constantFrom('v', ' ', '\t', '"', ',', '\xe9'), maxLength: 12 })
const INTERIM = fc.constantFrom(
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 3\r\n\r\n',
)

const PARTS = fc.record({
  method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD'),
  status: fc.oneof(fc.integer({ min: 200, max: 599 }), fc.constantFrom(204, 304, 429)),
  reason: fc.constantFrom('OK', 'Some reason', ''),
  interim: fc.array(INTERIM, { maxLength: 2 }),
  fields: fc.array(fc.tuple(NAME, VALUE), { maxLength: 4 }),
  chunks: fc.array(BODY, { maxLength: 4 }),
  framing: fc.constantFrom('length', 'length', 'chunks', 'chunks', 'close'),
  extension: fc.constantFrom('', ';x', ';a="b c"'),
  trailer: fc.constantFrom('', 'T: u\r\n', 'T:\r\nU: \xe9\r\n'),
})
type Parts = typeof PARTS extends fc.Arbitrary<infer T> ? T : never

/** A reply. @param mayClose one whose body ends with the connection is possible. */
export function generatedReply(mayClose: boolean): fc.Arbitrary<GeneratedReply> {
  return PARTS.map((parts) =>
    replyOf(parts.framing === 'close' && !mayClose ? { ...parts, framing: 'length' } : parts),
  )
}

/** Up to four replies, of which the last one may end with the connection. */
export const CONVERSATION: fc.Arbitrary<readonly GeneratedReply[]> = fc
  .tuple(fc.array(generatedReply(false), { maxLength: 3 }), generatedReply(true))
  .map(([replies, last]) => [...replies, last])

/** Where to cut: any numbers. */
export const CUTS: fc.Arbitrary<number[]> = fc.array(fc.nat({ max: 2_000 }), { maxLength: 8 })

/** `wire` cut at the given places. */
export function pieces(wire: string, cuts: readonly number[]): string[] {
  const places = [0, ...cuts.map((cut) => cut % (wire.length + 1)), wire.length].sort((a, b) => a - b)
  return places.slice(1).map((place, index) => wire.slice(places[index], place))
}

const BYTE = fc.oneof(
  fc.constantFrom('\r', '\n', '\r\n', '\0', ' ', '\t', ':', ';', ',', '0', 'f', 'x', '\xff', '-'),
  fc.constantFrom(
    '\r\n\r\n',
    'Content-Length: 1\r\n',
    'Transfer-Encoding: chunked\r\n',
    'HTTP/1.1 200 OK\r\n',
  ),
)

/** One thing that goes wrong with bytes at some place: some are lost, others come in. */
export interface Damage {
  readonly at: number
  readonly lost: number
  readonly added: string
}

export const DAMAGE: fc.Arbitrary<Damage> = fc.record({
  at: fc.nat({ max: 2_000 }),
  lost: fc.nat({ max: 3 }),
  added: fc.oneof(BYTE, fc.constant('')),
})

export function damaged(wire: string, damages: readonly Damage[]): string {
  return damages.reduce((text, { at, lost, added }) => {
    const place = at % (text.length + 1)
    return text.slice(0, place) + added + text.slice(place + lost)
  }, wire)
}

function replyOf({ method, status, reason, interim, fields, ...rest }: Parts): GeneratedReply {
  const hasNoBody = method === 'HEAD' || status === 204 || status === 304
  const untilClose = rest.framing === 'close' && !hasNoBody
  const framing = framingOf(rest)
  const headers = [...fields.map(([name, value]) => [`X${name}`, value] as const), ...framing.headers]
  const lines = headers.map(([name, value]) => `${name}:${value}\r\n`)
  const head = `HTTP/1.1 ${status}${reason === '' ? '' : ` ${reason}`}\r\n${lines.join('')}\r\n`
  return {
    method,
    wire: `${interim.join('')}${head}${hasNoBody ? '' : framing.coded}`,
    status,
    reason,
    rawHeaders: headers.flatMap(([name, value]) => [name, value.replace(/^[ \t]+|[ \t]+$/g, '')]),
    body: hasNoBody ? '' : rest.chunks.join(''),
    untilClose,
  }
}

interface Framing {
  readonly headers: readonly (readonly [string, string])[]
  /** The body as it goes over the wire. */
  readonly coded: string
}

function framingOf(parts: Pick<Parts, 'framing' | 'chunks' | 'extension' | 'trailer'>): Framing {
  const { framing, chunks, extension, trailer } = parts
  const body = chunks.join('')
  if (framing === 'close') return { headers: [['Connection', 'close']], coded: body }
  if (framing === 'length') return { headers: [['Content-Length', ` ${body.length}`]], coded: body }
  const coded = chunks
    .filter((chunk) => chunk !== '')
    .map((chunk) => `${chunk.length.toString(16)}${extension}\r\n${chunk}\r\n`)
  return {
    headers: [['Transfer-Encoding', ' chunked']],
    coded: `${coded.join('')}0${extension}\r\n${trailer}\r\n`,
  }
}
