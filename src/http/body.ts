/** The bytes of one body, copied out of the read buffer once. */

/** Room taken at once for a body whose announced length is larger: an announcement costs the server nothing. */
const FIRST_ROOM_BYTES = 1 << 20
const EMPTY: Buffer = Buffer.alloc(0)

export class BodyBuffer {
  #bytes = EMPTY
  #length = 0
  #keeps = true

  get length(): number {
    return this.#length
  }

  /** Starts an empty one. @param keeps false: its bytes are counted and dropped. */
  start(keeps: boolean): void {
    this.clear()
    this.#keeps = keeps
  }

  /** Expects `lengthBytes` more bytes. */
  expect(lengthBytes: number): void {
    if (this.#keeps) this.#room(this.#length + Math.min(lengthBytes, FIRST_ROOM_BYTES))
  }

  append(bytes: Buffer, start: number, end: number): void {
    if (this.#keeps) {
      this.#room(this.#length + end - start)
      bytes.copy(this.#bytes, this.#length, start, end)
    }
    this.#length += end - start
  }

  /** Hands over what was kept of the body and starts an empty one. */
  take(): Uint8Array {
    const isWhole = this.#length >= this.#bytes.length
    const body = isWhole ? this.#bytes : this.#bytes.subarray(0, this.#length)
    this.clear()
    return body
  }

  clear(): void {
    this.#bytes = EMPTY
    this.#length = 0
  }

  #room(lengthBytes: number): void {
    if (lengthBytes <= this.#bytes.length) return
    const isFirst = this.#length === 0
    const grown = Buffer.allocUnsafe(isFirst ? lengthBytes : Math.max(lengthBytes, 2 * this.#bytes.length))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}
