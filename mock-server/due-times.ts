import TinyQueue from 'tinyqueue'

/** Times in µs, the earliest first. */
export class DueTimes {
  readonly #heap = new TinyQueue<number>([], (firstUs, secondUs) => firstUs - secondUs)

  get size(): number {
    return this.#heap.length
  }

  /** The earliest; `Infinity` when there is none. */
  get nextUs(): number {
    return this.#heap.peek() ?? Infinity
  }

  push(dueUs: number): void {
    this.#heap.push(dueUs)
  }

  /** Takes out the earliest. @throws RangeError when there is none. */
  pop(): number {
    const dueUs = this.#heap.pop()
    if (dueUs === undefined) throw new RangeError('there is no time left')
    return dueUs
  }

  /** Takes out all that are due at `nowUs`. */
  dropUntil(nowUs: number): void {
    while (this.nextUs <= nowUs) this.#heap.pop()
  }
}
