/** The head of a response: status line and header fields (RFC 9112 sections 4 and 5), and what they say about framing. */
import { CR, endOfText, FAULTY, FieldReader, INCOMPLETE, isBlank, SPACE, trimBlanks } from './fields.ts'

const ZERO = 0x30
const COMMA = 0x2c
const VERSION_LENGTH = 'HTTP/1.1 '.length
const STATUS_LENGTH = 3

/**
 * Reads one head. Only the framing headers are looked at while reading; the rest is checked and kept as text.
 * It remembers the line it stopped in, so the same bytes can be offered again with more behind them.
 */
export class HeadReader {
  status = 0
  /** 0 or 1: the y of HTTP/1.y. */
  minorVersion = 1
  /** -1: not given. */
  contentLength = -1
  /** Value of Transfer-Encoding in lower case, repeated ones joined by a comma; `undefined`: not given. */
  transferEncoding: string | undefined
  /** Value of Connection, likewise. */
  connection: string | undefined
  /** Value of Keep-Alive, likewise. */
  keepAlive: string | undefined
  readonly #fields = new FieldReader()
  #fault = ''
  /** Where the line to go on with starts, from the start of the section. */
  #lineStart = 0
  #section: 'statusLine' | 'fields' | 'trailers' = 'statusLine'

  get fault(): string {
    return this.#fault === '' ? this.#fields.fault : this.#fault
  }

  reset(): void {
    this.status = 0
    this.contentLength = -1
    this.transferEncoding = undefined
    this.connection = undefined
    this.keepAlive = undefined
    this.#fault = ''
    this.#fields.fault = ''
    this.#lineStart = 0
    this.#section = 'statusLine'
  }

  /** Reads the trailers next, which have the same form without a status line and say nothing about framing. */
  startTrailers(): void {
    this.#lineStart = 0
    this.#section = 'trailers'
  }

  /**
   * Reads the section that starts at `start`.
   *
   * @returns the index after the empty line that ends it, `INCOMPLETE` or `FAULTY`.
   */
  read(bytes: Buffer, start: number, end: number): number {
    if (this.#section === 'statusLine') {
      const next = this.#readStatusLine(bytes, start, end)
      if (next < 0) return next
      this.#lineStart = next - start
      this.#section = 'fields'
    }
    let at = start + this.#lineStart
    while (at < end && bytes[at] !== CR) {
      const next = this.#fields.read(bytes, at, end)
      if (next < 0) return next
      if (this.#section === 'fields' && !this.#note(bytes, at)) return FAULTY
      this.#lineStart = next - start
      at = next
    }
    return this.#fields.lineEnd(bytes, at, end)
  }

  #readStatusLine(bytes: Buffer, start: number, end: number): number {
    const versionEnd = Math.min(start + VERSION_LENGTH, end)
    const version = bytes.toString('latin1', start, versionEnd)
    if (!'HTTP/1.1 '.startsWith(version) && !'HTTP/1.0 '.startsWith(version)) {
      return this.#refuse('does not start with "HTTP/1.1" or "HTTP/1.0"')
    }
    const statusAt = start + VERSION_LENGTH
    let status = 0
    for (let at = statusAt; at < statusAt + STATUS_LENGTH; at++) {
      if (at >= end) return INCOMPLETE
      const digit = (bytes[at] as number) - ZERO
      if (digit < 0 || digit > 9 || (at === statusAt && digit === 0))
        return this.#refuse('has a malformed status')
      status = status * 10 + digit
    }
    this.status = status
    this.minorVersion = (bytes[statusAt - 2] as number) - ZERO
    return this.#readReason(bytes, statusAt + STATUS_LENGTH, end)
  }

  /** A space and the reason phrase; servers often leave out both, which is harmless. */
  #readReason(bytes: Buffer, at: number, end: number): number {
    if (at === end) return INCOMPLETE
    if (bytes[at] !== SPACE && bytes[at] !== CR) return this.#refuse('has a malformed status')
    return this.#fields.lineEnd(bytes, endOfText(bytes, at, end), end)
  }

  /** Keeps what the line just read says about framing; false when it makes no sense. */
  #note(bytes: Buffer, nameAt: number): boolean {
    const { nameEnd, valueEnd } = this.#fields
    const nameLength = nameEnd - nameAt
    if (nameLength !== 10 && nameLength !== 14 && nameLength !== 17) return true
    switch (bytes.toString('latin1', nameAt, nameEnd).toLowerCase()) {
      case 'connection':
        this.connection = append(this.connection, bytes, nameEnd + 1, valueEnd)
        return true
      case 'keep-alive':
        this.keepAlive = append(this.keepAlive, bytes, nameEnd + 1, valueEnd)
        return true
      case 'content-length':
        return this.#noteContentLength(bytes, nameEnd + 1, valueEnd)
      case 'transfer-encoding':
        this.transferEncoding = append(this.transferEncoding, bytes, nameEnd + 1, valueEnd)
        return true
      default:
        return true
    }
  }

  /** Digits; the same number several times over is accepted (RFC 9112 section 6.3, item 5). */
  #noteContentLength(bytes: Buffer, at: number, end: number): boolean {
    let from = at
    for (let to = at; to <= end; to++) {
      if (to < end && bytes[to] !== COMMA) continue
      const length = decimal(bytes, from, to)
      if (length < 0) return this.#refuseField('has a malformed Content-Length')
      const isAnother = this.contentLength >= 0 && this.contentLength !== length
      if (isAnother) return this.#refuseField('has two different Content-Lengths')
      this.contentLength = length
      from = to + 1
    }
    return true
  }

  #refuseField(fault: string): false {
    this.#fault = fault
    return false
  }

  #refuse(fault: string): number {
    this.#fault = fault
    return FAULTY
  }
}

function append(list: string | undefined, bytes: Buffer, at: number, end: number): string {
  const value = trimBlanks(bytes.toString('latin1', at, end)).toLowerCase()
  return list === undefined ? value : `${list},${value}`
}

/** The digits between blanks as a number, -1 when they are none or the number is not exact. */
function decimal(bytes: Buffer, at: number, end: number): number {
  let from = at
  let to = end
  while (from < to && isBlank(bytes[from])) from++
  while (to > from && isBlank(bytes[to - 1])) to--
  if (from === to) return -1
  let value = 0
  for (let index = from; index < to; index++) {
    const digit = (bytes[index] as number) - ZERO
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return Number.isSafeInteger(value) ? value : -1
}
