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

  /** The n-th, counted from 0, of which there have to be so many. */
  nthUs(n: number): number {
    if (n === 0) return this.nextUs
    const dueUs = this.takeNth(n)
    this.push(dueUs)
    return dueUs
  }

  /** Takes out the n-th, counted from 0. @throws RangeError when there are not so many. */
  takeNth(n: number): number {
    const earlierUs: number[] = []
    while (earlierUs.length < n) earlierUs.push(this.pop())
    const dueUs = this.pop()
    for (const one of earlierUs) this.push(one)
    return dueUs
  }

  /** Takes out all that are due at `nowUs`. */
  dropUntil(nowUs: number): void {
    while (this.nextUs <= nowUs) this.#heap.pop()
  }
}
