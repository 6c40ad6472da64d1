/** An incremental, strict reader of HTTP/1 responses (RFC 9112). However the bytes are split, the result is the same. */
import { BodyBuffer } from './body.ts'
import { ChunkReader } from './chunks.ts'
import { FAULTY, INCOMPLETE } from './fields.ts'
import { HeadReader } from './head.ts'

export interface ParserLimits {
  /** Of a head, its status line included, and of the trailers. */
  readonly headBytes: number
  /** Of a body that is kept. */
  readonly bodyBytes: number
}

/** 64 KiB of head is four times what node:http accepts; a body has to fit into memory. */
export const DEFAULT_LIMITS: ParserLimits = { headBytes: 65_536, bodyBytes: 268_435_456 }

/** Replies before the final one (100 Continue, 103 Early Hints): a server could go on with them for ever. */
const INTERIM_LIMIT = 32

type State = 'head' | 'fixed' | 'chunks' | 'trailers' | 'untilClose' | 'done' | 'faulty'

/**
 * Reads one response at a time: `start`, then `read` until `done` or `faulty`, and `end` when the connection
 * closes before that. What it read can be asked for until the next `start`.
 */
export class ResponseParser {
  readonly #limits: ParserLimits
  readonly #head = new HeadReader()
  readonly #body = new BodyBuffer()
  readonly #chunks = new ChunkReader(this.#body)
  #state: State = 'done'
  #fault = ''
  #isHeadRequest = false
  #isCloseDelimited = false
  #interimCount = 0
  #bodyLimitBytes = 0
  #remainingBytes = 0
  /** The beginning of a head or of trailers that came in several pieces. */
  #carry: Buffer | undefined
  #headText = ''

  constructor(limits: ParserLimits) {
    this.#limits = limits
  }

  get done(): boolean {
    return this.#state === 'done'
  }

  get faulty(): boolean {
    return this.#state === 'faulty'
  }

  /** What is wrong, said of the reply: `has a malformed status`. */
  get fault(): string {
    return this.#fault
  }

  get status(): number {
    return this.#head.status
  }

  get httpVersion(): string {
    return `1.${this.#head.minorVersion}`
  }

  /** Status line, header fields and the empty line after them, one character a byte. */
  get headText(): string {
    return this.#headText
  }

  /** True when the server keeps the connection open for another request (RFC 9112 section 9.3). */
  get persistent(): boolean {
    const { connection, minorVersion, transferEncoding } = this.#head
    if (this.#isCloseDelimited || hasToken(connection, 'close')) return false
    return minorVersion === 1 || (transferEncoding === undefined && hasToken(connection, 'keep-alive'))
  }

  /** Value of the Keep-Alive header in lower case. */
  get keepAlive(): string | undefined {
    return this.#head.keepAlive
  }

  /** The body, which is the caller's from then on. */
  takeBody(): Uint8Array {
    return this.#body.take()
  }

  /**
   * Gets ready for the reply to a request with this method.
   *
   * @param keepsBody false: the body is read, of whatever size, and dropped.
   */
  start(method: string, keepsBody = true): void {
    this.#state = 'head'
    this.#fault = ''
    this.#isHeadRequest = method === 'HEAD'
    this.#isCloseDelimited = false
    this.#interimCount = 0
    this.#remainingBytes = 0
    this.#carry = undefined
    this.#bodyLimitBytes = keepsBody ? this.#limits.bodyBytes : Infinity
    this.#head.reset()
    this.#body.start(keepsBody)
  }

  /** @returns the index after the last byte used: what is left when `done` belongs to no reply. */
  read(bytes: Buffer, start: number, end: number): number {
    let at = start
    while (at < end && this.#state !== 'done' && this.#state !== 'faulty') at = this.#step(bytes, at, end)
    return at
  }

  /** The connection was closed. Afterwards the reply is done when that was how its body ends. */
  end(): void {
    if (this.#state === 'untilClose') this.#state = 'done'
  }

  #step(bytes: Buffer, at: number, end: number): number {
    switch (this.#state) {
      case 'fixed':
        return this.#readFixed(bytes, at, end)
      case 'chunks':
        return this.#readChunks(bytes, at, end)
      case 'untilClose':
        return this.#readUntilClose(bytes, at, end)
      default:
        return this.#readSection(bytes, at, end)
    }
  }

  /** Head or trailers. They are read where they are when they came in one piece, and from a copy when not. */
  #readSection(bytes: Buffer, start: number, end: number): number {
    const carriedBytes = this.#carry?.length ?? 0
    const source =
      this.#carry === undefined ? bytes : Buffer.concat([this.#carry, bytes.subarray(start, end)])
    const from = this.#carry === undefined ? start : 0
    const available = carriedBytes + end - start
    const next = this.#head.read(source, from, from + Math.min(available, this.#limits.headBytes))
    if (next === FAULTY) return this.#refuse(this.#head.fault, end)
    if (next !== INCOMPLETE) {
      this.#carry = undefined
      this.#endSection(source, from, next)
      return start + next - from - carriedBytes
    }
    if (available >= this.#limits.headBytes) {
      return this.#refuse(`has a head of more than ${this.#limits.headBytes} bytes`, end)
    }
    this.#carry = this.#carry === undefined ? Buffer.from(bytes.subarray(start, end)) : source
    return end
  }

  #endSection(source: Buffer, from: number, next: number): void {
    if (this.#state === 'trailers') {
      this.#state = 'done'
    } else if (this.#head.status >= 200) {
      this.#headText = source.toString('latin1', from, next)
      this.#startBody()
    } else if (this.#head.status === 101) {
      this.#refuse('switches protocols, which was not asked for', next)
    } else if (++this.#interimCount > INTERIM_LIMIT) {
      this.#refuse(`has more than ${INTERIM_LIMIT} interim replies`, next)
    } else {
      this.#head.reset()
    }
  }

  /** How long the body is (RFC 9112 section 6.3). */
  #startBody(): void {
    const { status, transferEncoding, contentLength } = this.#head
    const fault = this.#framingFault()
    if (fault !== '') this.#refuse(fault, 0)
    else if (this.#isHeadRequest || status === 204 || status === 304) this.#state = 'done'
    else if (transferEncoding !== undefined) this.#startChunks()
    else if (contentLength > this.#bodyLimitBytes) this.#refuse(this.#tooLarge(), 0)
    else if (contentLength >= 0) this.#startFixed(contentLength)
    else {
      this.#isCloseDelimited = true
      this.#state = 'untilClose'
    }
  }

  #framingFault(): string {
    const { transferEncoding, contentLength } = this.#head
    if (transferEncoding === undefined) return ''
    if (contentLength >= 0) return 'has both Content-Length and Transfer-Encoding'
    return transferEncoding === 'chunked' ? '' : 'has a Transfer-Encoding other than chunked'
  }

  #startChunks(): void {
    this.#chunks.reset(this.#bodyLimitBytes)
    this.#state = 'chunks'
  }

  #startFixed(lengthBytes: number): void {
    this.#remainingBytes = lengthBytes
    this.#body.expect(lengthBytes)
    this.#state = lengthBytes === 0 ? 'done' : 'fixed'
  }

  #readFixed(bytes: Buffer, at: number, end: number): number {
    const stop = Math.min(end, at + this.#remainingBytes)
    this.#body.append(bytes, at, stop)
    this.#remainingBytes -= stop - at
    if (this.#remainingBytes === 0) this.#state = 'done'
    return stop
  }

  #readChunks(bytes: Buffer, at: number, end: number): number {
    const stop = this.#chunks.read(bytes, at, end)
    if (this.#chunks.fault !== '') return this.#refuse(this.#chunks.fault, end)
    if (this.#chunks.done) {
      this.#head.startTrailers()
      this.#state = 'trailers'
    }
    return stop
  }

  #readUntilClose(bytes: Buffer, at: number, end: number): number {
    if (this.#body.length + end - at > this.#bodyLimitBytes) return this.#refuse(this.#tooLarge(), end)
    this.#body.append(bytes, at, end)
    return end
  }

  #tooLarge(): string {
    return `has a body of more than ${this.#bodyLimitBytes} bytes`
  }

  #refuse(fault: string, end: number): number {
    this.#fault = fault
    this.#state = 'faulty'
    this.#body.clear()
    return end
  }
}

function hasToken(list: string | undefined, token: string): boolean {
  if (list === undefined || !list.includes(token)) return false
  return list.split(',').some((item) => item.trim() === token)
}
