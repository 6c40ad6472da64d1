/** The chunked transfer coding up to its trailers (RFC 9112 section 7.1). Chunk extensions are checked and dropped. */
import type { BodyBuffer } from './body.ts'
import { CR, endOfText, isBlank, LF } from './fields.ts'

const SEMICOLON = 0x3b
/** Eight hexadecimal digits are 4 GiB, far more than any body accepted. */
const SIZE_DIGIT_LIMIT = 8
/** Of one chunk's line, digits not counted. */
const EXTENSION_LIMIT_BYTES = 4096

type State = 'size' | 'blank' | 'extension' | 'sizeEnd' | 'data' | 'dataCr' | 'dataLf' | 'done'

export class ChunkReader {
  /** How the chunks break the grammar; `''` while they do not. */
  fault = ''
  readonly #body: BodyBuffer
  #bodyLimitBytes = 0
  #state: State = 'size'
  #sizeBytes = 0
  #digitCount = 0
  #extensionBytes = 0

  /** @param body receives the data. */
  constructor(body: BodyBuffer) {
    this.#body = body
  }

  /** True once the chunk of size 0 has been read; the trailers follow. */
  get done(): boolean {
    return this.#state === 'done'
  }

  reset(bodyLimitBytes: number): void {
    this.fault = ''
    this.#bodyLimitBytes = bodyLimitBytes
    this.#startChunk()
  }

  /** @returns the index after the last byte used; the rest is left when done or faulty. */
  read(bytes: Buffer, start: number, end: number): number {
    let at = start
    while (at < end && this.#state !== 'done' && this.fault === '') at = this.#step(bytes, at, end)
    return at
  }

  #startChunk(): void {
    this.#state = 'size'
    this.#sizeBytes = 0
    this.#digitCount = 0
    this.#extensionBytes = 0
  }

  #step(bytes: Buffer, at: number, end: number): number {
    switch (this.#state) {
      case 'size':
        return this.#readSize(bytes[at] as number, at)
      case 'blank':
        return this.#readBlank(bytes[at], at)
      case 'extension':
        return this.#readExtension(bytes, at, end)
      case 'sizeEnd':
        return this.#endSize(bytes[at], at)
      case 'data':
        return this.#readData(bytes, at, end)
      case 'dataCr':
        return this.#expect(bytes[at], CR, 'dataLf', at)
      default:
        if (bytes[at] === LF) this.#startChunk()
        else this.#refuse()
        return at + 1
    }
  }

  #readSize(byte: number, at: number): number {
    const digit = hexDigit(byte)
    if (digit < 0) {
      if (this.#digitCount === 0) this.#refuse()
      this.#state = 'blank'
      return at
    }
    this.#digitCount++
    if (this.#digitCount > SIZE_DIGIT_LIMIT) this.#refuse()
    this.#sizeBytes = this.#sizeBytes * 16 + digit
    return at + 1
  }

  /** Blanks after the size are no part of the grammar, but some servers pad it with them. */
  #readBlank(byte: number | undefined, at: number): number {
    if (isBlank(byte)) this.#countExtension(1)
    else if (byte === SEMICOLON) this.#state = 'extension'
    else return this.#expect(byte, CR, 'sizeEnd', at)
    return at + 1
  }

  #readExtension(bytes: Buffer, at: number, end: number): number {
    const stop = endOfText(bytes, at, end)
    this.#countExtension(stop - at)
    return stop === end ? end : this.#expect(bytes[stop], CR, 'sizeEnd', stop)
  }

  #countExtension(countBytes: number): void {
    this.#extensionBytes += countBytes
    if (this.#extensionBytes > EXTENSION_LIMIT_BYTES) this.fault = 'has a chunk extension that is too long'
  }

  #endSize(byte: number | undefined, at: number): number {
    if (byte !== LF) this.#refuse()
    else if (this.#body.length + this.#sizeBytes > this.#bodyLimitBytes) {
      this.fault = `has a body of more than ${this.#bodyLimitBytes} bytes`
    } else this.#state = this.#sizeBytes === 0 ? 'done' : 'data'
    return at + 1
  }

  #readData(bytes: Buffer, at: number, end: number): number {
    const stop = Math.min(end, at + this.#sizeBytes)
    this.#body.append(bytes, at, stop)
    this.#sizeBytes -= stop - at
    if (this.#sizeBytes === 0) this.#state = 'dataCr'
    return stop
  }

  #expect(byte: number | undefined, wanted: number, next: State, at: number): number {
    if (byte === wanted) this.#state = next
    else this.#refuse()
    return at + 1
  }

  #refuse(): void {
    this.fault = 'has a malformed chunk'
  }
}

/** The value of a hexadecimal digit, -1 for any other byte. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
