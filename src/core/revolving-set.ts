/**
 * A set for members that come and go all the time. It remembers whoever was in it once, so the members must be few, or
 * needed anyway.
 *
 * A `Set` that loses its last member is made anew by V8, in the old generation once it has grown old itself: with one
 * iteration after the other that filled the old generation, whose collection then held up requests that were due.
 */
export class RevolvingSet<T> {
  readonly #members: T[] = []
  /** Where each one is in `#members`, or was last. */
  readonly #places = new Map<T, number>()

  get size(): number {
    return this.#members.length
  }

  /** @param member that is not in the set */
  add(member: T): void {
    this.#places.set(member, this.#members.push(member) - 1)
  }

  /** @param member that is in the set; the last one takes its place */
  delete(member: T): void {
    const place = this.#places.get(member)
    const last = this.#members.pop()
    if (place === undefined || last === undefined || last === member) return
    this.#members[place] = last
    this.#places.set(last, place)
  }

  /** As of now, in no particular order. */
  members(): T[] {
    return [...this.#members]
  }
}
