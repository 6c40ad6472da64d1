/** Reading header and trailer field lines, byte by byte, as RFC 9112 section 5 has them. */

const TAB = 0x09
export const LF = 0x0a
export const CR = 0x0d
export const SPACE = 0x20
const COLON = 0x3a

/** More bytes are needed. */
export const INCOMPLETE = -1
/** The bytes break the grammar; the reader says how in its `fault`. */
export const FAULTY = -2

/** 1 for the bytes of a token (RFC 9110 section 5.6.2), of which header names consist. */
const TOKEN: Uint8Array = byteSet((byte) => /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(byte)))

/** 1 for the bytes of a field value or a reason phrase: visible ones, blanks and obs-text, no controls. */
const TEXT: Uint8Array = byteSet((byte) => byte === TAB || (byte >= SPACE && byte !== 0x7f))

function byteSet(has: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (has(byte) ? 1 : 0))
}

export function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB
}

/** Without the blanks around it. Not String.trim, which takes U+00A0 (a byte of obs-text) for a blank too. */
export function trimBlanks(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

/** The index of the first byte from `at` on that is not text; `end` when all are. */
export function endOfText(bytes: Uint8Array, at: number, end: number): number {
  let index = at
  while (index < end && TEXT[bytes[index] as number] === 1) index++
  return index
}

/** Reads one line `name: value CRLF` at a time; after a success says where name and value ended. */
export class FieldReader {
  nameEnd = 0
  valueEnd = 0
  fault = ''

  /** @returns the index after the line, `INCOMPLETE` or `FAULTY`. */
  read(bytes: Uint8Array, at: number, end: number): number {
    let colon = at
    while (colon < end && TOKEN[bytes[colon] as number] === 1) colon++
    if (colon === end) return INCOMPLETE
    if (colon === at || bytes[colon] !== COLON) return this.#refuseName(bytes, at, colon)
    this.nameEnd = colon
    this.valueEnd = endOfText(bytes, colon + 1, end)
    return this.lineEnd(bytes, this.valueEnd, end)
  }

  /** Expects CRLF. @returns the index after it, `INCOMPLETE` or `FAULTY`. */
  lineEnd(bytes: Uint8Array, at: number, end: number): number {
    if (at === end) return INCOMPLETE
    if (bytes[at] !== CR) return this.#refuseText(bytes[at])
    if (at + 1 === end) return INCOMPLETE
    if (bytes[at + 1] === LF) return at + 2
    this.fault = 'has a carriage return without a line feed'
    return FAULTY
  }

  #refuseName(bytes: Uint8Array, at: number, stop: number): number {
    const isFolded = stop === at && isBlank(bytes[at])
    this.fault = isFolded ? 'has a header folded over two lines' : 'has a malformed header name'
    return FAULTY
  }

  #refuseText(byte: number | undefined): number {
    this.fault =
      byte === LF ? 'has a line that ends without a carriage return' : 'has a control character in its head'
    return FAULTY
  }
}
