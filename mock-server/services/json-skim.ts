/** Thrown where the text is not of the plain kind that a skimmer reads. Made once: nobody looks at its stack. */
const NOT_PLAIN = new Error('not plain JSON')

export const OPEN_BRACE = 0x7b
export const CLOSE_BRACE = 0x7d
export const OPEN_BRACKET = 0x5b
export const CLOSE_BRACKET = 0x5d
const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const MINUS = 0x2d
const PLUS = 0x2b
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
/** No character. */
const END = -1

/**
 * Longest slice that V8 copies. A longer one keeps the whole text alive, however little of it is kept; up to there slices of
 * one text cost less than a text each.
 */
const COPIED_CHARS = 12

/** Deeper than any body that is meant to be read. */
const MAX_DEPTH = 32

/**
 * Walks through JSON without building it, which takes a fraction of the time of `JSON.parse` where little of a body is
 * wanted: no objects, and no look into the table of all strings for each key and short value.
 *
 * It reads plain JSON only, ASCII without escapes in strings; at anything else, and at what is no JSON, it gives up, and the
 * caller turns to `JSON.parse`. What it does read it reads as `JSON.parse` does.
 */
export class JsonSkimmer {
  readonly #bytes: Uint8Array
  /** All of it, once a short part has been asked for. */
  #text: string | undefined
  #at = 0

  constructor(body: Uint8Array) {
    this.#bytes = body
  }

  /** Whether an object or array begins here and holds something; an empty one is passed. */
  enters(open: typeof OPEN_BRACE | typeof OPEN_BRACKET): boolean {
    this.#take(open)
    // Either mark is closed by the one two places on.
    return !this.#takes(open + 2)
  }

  /** Whether something follows in it; its end is passed. */
  goesOn(close: typeof CLOSE_BRACE | typeof CLOSE_BRACKET): boolean {
    if (this.#takes(COMMA)) return true
    this.#take(close)
    return false
  }

  /** Passes the key of a member and its colon. @returns which of the names it is, -1 for none of them. */
  key(names: readonly string[]): number {
    const from = this.#skipString()
    const to = this.#at - 1
    this.#take(COLON)
    for (let index = 0; index < names.length; index++) {
      if (this.#says(names[index]!, from, to)) return index
    }
    return -1
  }

  string(): string {
    const from = this.#skipString()
    const to = this.#at - 1
    if (to - from > COPIED_CHARS) return latin1(this.#bytes.subarray(from, to))
    this.#text ??= latin1(this.#bytes)
    return this.#text.slice(from, to)
  }

  boolean(): boolean {
    this.#peek()
    if (this.#takesWord('true')) return true
    if (this.#takesWord('false')) return false
    throw NOT_PLAIN
  }

  /** Passes an array of objects, whatever they hold. */
  skipObjects(): void {
    if (!this.enters(OPEN_BRACKET)) return
    do this.#skipObject(1)
    while (this.goesOn(CLOSE_BRACKET))
  }

  /** Passes any value. */
  skip(depth = 0): void {
    if (depth > MAX_DEPTH) throw NOT_PLAIN
    const code = this.#peek()
    if (code === QUOTE) this.#skipString()
    else if (code === OPEN_BRACE) this.#skipObject(depth)
    else if (code === OPEN_BRACKET) this.#skipArray(depth)
    else if (code === MINUS || isDigit(code)) this.#skipNumber()
    else if (!this.#takesWord('true') && !this.#takesWord('false') && !this.#takesWord('null'))
      throw NOT_PLAIN
  }

  /** Makes sure that nothing follows. */
  end(): void {
    if (this.#peek() !== END) throw NOT_PLAIN
  }

  #skipObject(depth: number): void {
    if (!this.enters(OPEN_BRACE)) return
    do {
      this.#skipString()
      this.#take(COLON)
      this.skip(depth + 1)
    } while (this.goesOn(CLOSE_BRACE))
  }

  #skipArray(depth: number): void {
    if (!this.enters(OPEN_BRACKET)) return
    do this.skip(depth + 1)
    while (this.goesOn(CLOSE_BRACKET))
  }

  /** @returns where its characters begin; they end before the quotation mark that was passed last. */
  #skipString(): number {
    this.#take(QUOTE)
    const bytes = this.#bytes
    const from = this.#at
    for (let at = from; at < bytes.length; at++) {
      const code = bytes[at]!
      if (code === QUOTE) {
        this.#at = at + 1
        return from
      }
      if (code < 0x20 || code > 0x7f || code === BACKSLASH) break
    }
    throw NOT_PLAIN
  }

  #skipNumber(): void {
    const bytes = this.#bytes
    if (bytes[this.#at] === MINUS) this.#at++
    if (bytes[this.#at] === ZERO) this.#at++
    else this.#skipDigits()
    if (bytes[this.#at] === POINT) {
      this.#at++
      this.#skipDigits()
    }
    const isExponent = bytes[this.#at] === 0x65 || bytes[this.#at] === 0x45
    if (!isExponent) return
    this.#at++
    if (bytes[this.#at] === PLUS || bytes[this.#at] === MINUS) this.#at++
    this.#skipDigits()
  }

  /** At least one. */
  #skipDigits(): void {
    const from = this.#at
    while (isDigit(this.#bytes[this.#at])) this.#at++
    if (this.#at === from) throw NOT_PLAIN
  }

  #take(code: number): void {
    if (!this.#takes(code)) throw NOT_PLAIN
  }

  #takes(code: number): boolean {
    const isThere = this.#peek() === code
    if (isThere) this.#at++
    return isThere
  }

  #takesWord(word: string): boolean {
    const to = this.#at + word.length
    if (!this.#says(word, this.#at, to)) return false
    this.#at = to
    return true
  }

  #says(word: string, from: number, to: number): boolean {
    if (to - from !== word.length) return false
    for (let index = 0; index < word.length; index++) {
      if (this.#bytes[from + index] !== word.charCodeAt(index)) return false
    }
    return true
  }

  /** The next character that is no white space; `END` at the end. */
  #peek(): number {
    const bytes = this.#bytes
    for (let at = this.#at; at < bytes.length; at++) {
      const code = bytes[at]!
      if (code > 0x20 || !isSpace(code)) {
        this.#at = at
        return code
      }
    }
    this.#at = bytes.length
    return END
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= ZERO && code <= NINE
}

/** @returns `undefined` where the skimmer gives up. */
export function skim<T>(body: Uint8Array, read: (skimmer: JsonSkimmer) => T): T | undefined {
  try {
    return read(new JsonSkimmer(body))
  } catch (error) {
    if (error === NOT_PLAIN) return undefined
    throw error
  }
}

/** For a reader that meets something it leaves to `JSON.parse`. */
export function giveUp(): never {
  throw NOT_PLAIN
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
