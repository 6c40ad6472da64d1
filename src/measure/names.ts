/** Row of everything together. */
export const ALL_NAMES = '_all'
/** Row of the requests whose name came when the table was full. */
const OTHER_NAMES = '_other'

/** Every name costs histograms and a row a second: beyond this many the rest goes to `_other`. */
const MOST_NAMES = 200

/** Numbers request names in order of first use. */
export class NameTable {
  readonly #ids = new Map<string, number>()
  readonly #names: string[] = []
  readonly #show: (name: string) => string
  #isOverflowed = false

  /** @param show gives a name as it may be written; asked once for each name that is new. */
  constructor(show: (name: string) => string = (name) => name) {
    this.#show = show
  }

  /** Set once a name found no room. */
  get isOverflowed(): boolean {
    return this.#isOverflowed
  }

  /** By number. */
  get names(): readonly string[] {
    return this.#names
  }

  /** The number of `name`; that of `_other` when the table is full, or for a request that calls itself `_all`. */
  id(name: string): number {
    return this.#ids.get(name) ?? this.#admitAs(this.#show(name), name)
  }

  /** Names that are shown alike are one. */
  #admitAs(shown: string, name: string): number {
    if (shown === name) return this.#admit(name)
    const id = this.#ids.get(shown) ?? this.#admit(shown)
    // What shares `_other` is not remembered: there may be any number of it.
    if (this.#names[id] === shown) this.#ids.set(name, id)
    return id
  }

  #admit(name: string): number {
    if (name === ALL_NAMES) return this.id(OTHER_NAMES)
    const isFull = this.#names.length - (this.#ids.has(OTHER_NAMES) ? 1 : 0) >= MOST_NAMES
    if (isFull && name !== OTHER_NAMES) {
      this.#isOverflowed = true
      return this.id(OTHER_NAMES)
    }
    const id = this.#names.length
    this.#ids.set(name, id)
    this.#names.push(name)
    return id
  }
}
