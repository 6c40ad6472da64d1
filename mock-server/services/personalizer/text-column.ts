/** Room for one text: that of a GUID, and of what else ids are like. */
const CELL_BYTES = 40
/** In place of a length: the text stands elsewhere. */
const ELSEWHERE = 0xff

/**
 * Texts by position. Those of up to 40 Latin-1 characters are bytes and no strings: a hundred thousand strings that live for
 * minutes are copied twice by the garbage collector before it leaves them alone.
 */
export class TextColumn {
  readonly #bytes: Buffer
  readonly #lengths: Uint8Array
  /** The longer ones, and those of other characters. */
  readonly #elsewhere = new Map<number, string>()

  /** @param capacity positions are below it; each holds an empty text. */
  constructor(capacity: number) {
    this.#bytes = Buffer.alloc(capacity * CELL_BYTES)
    this.#lengths = new Uint8Array(capacity)
  }

  write(position: number, text: string): void {
    if (this.#lengths[position] === ELSEWHERE) this.#elsewhere.delete(position)
    const fits = text.length <= CELL_BYTES && this.#fill(position * CELL_BYTES, text)
    this.#lengths[position] = fits ? text.length : ELSEWHERE
    if (!fits) this.#elsewhere.set(position, text)
  }

  read(position: number): string {
    const length = this.#lengths[position]!
    if (length === ELSEWHERE) return this.#elsewhere.get(position)!
    const from = position * CELL_BYTES
    return this.#bytes.toString('latin1', from, from + length)
  }

  /** Whether it is that text. */
  is(position: number, text: string): boolean {
    const length = this.#lengths[position]!
    if (length === ELSEWHERE) return this.#elsewhere.get(position) === text
    if (length !== text.length) return false
    const from = position * CELL_BYTES
    for (let i = 0; i < length; i++) {
      if (this.#bytes[from + i] !== text.charCodeAt(i)) return false
    }
    return true
  }

  copy(position: number, from: TextColumn, fromPosition: number): void {
    this.write(position, from.read(fromPosition))
  }

  /** @returns `false`: not all of it is Latin-1. */
  #fill(at: number, text: string): boolean {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code > 0xff) return false
      this.#bytes[at + i] = code
    }
    return true
  }
}
