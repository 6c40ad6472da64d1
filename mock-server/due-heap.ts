/**
 * Binary min-heap of items by due time. Items of the same time come out in no particular order,
 * but always in the same one for the same sequence of calls.
 */
export class DueHeap<Item> {
  readonly #dueUs: number[] = []
  readonly #items: Item[] = []

  get size(): number {
    return this.#dueUs.length
  }

  /** Time of the earliest item; `Infinity` when there is none. */
  get nextUs(): number {
    return this.#dueUs[0] ?? Infinity
  }

  push(dueUs: number, item: Item): void {
    let at = this.#dueUs.length
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#dueUs[parent]! <= dueUs) break
      this.#place(at, this.#dueUs[parent]!, this.#items[parent]!)
      at = parent
    }
    this.#place(at, dueUs, item)
  }

  /** Takes out the earliest item. @throws RangeError when there is none. */
  pop(): Item {
    const dueUs = this.#dueUs.pop()
    if (dueUs === undefined) throw new RangeError('pop of an empty heap')
    const item = this.#items.pop()!
    if (this.#dueUs.length === 0) return item
    const earliest = this.#items[0]!
    this.#sink(dueUs, item)
    return earliest
  }

  /** Puts an item in place of the root and lets it sink to where it belongs. */
  #sink(dueUs: number, item: Item): void {
    const size = this.#dueUs.length
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= size) break
      if (child + 1 < size && this.#dueUs[child + 1]! < this.#dueUs[child]!) child++
      if (this.#dueUs[child]! >= dueUs) break
      this.#place(at, this.#dueUs[child]!, this.#items[child]!)
      at = child
    }
    this.#place(at, dueUs, item)
  }

  #place(at: number, dueUs: number, item: Item): void {
    this.#dueUs[at] = dueUs
    this.#items[at] = item
  }
}
