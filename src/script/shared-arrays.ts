/** The arrays that all VUs of a thread share, by name; see `k6/data`. */
export class SharedArrays {
  readonly #arrays = new Map<string, readonly unknown[]>()

  /**
   * The array of this name; `load` is called for the first VU that asks, and for no other.
   *
   * @throws what `load` throws
   */
  get(name: string, load: () => readonly unknown[]): readonly unknown[] {
    const known = this.#arrays.get(name)
    if (known !== undefined) return known
    const array = Object.freeze(load().map(frozenCopy))
    this.#arrays.set(name, array)
    return array
  }
}

/** Elements go through JSON, as on k6: what JSON does not have (functions, dates …) does not come out as it went in. */
function frozenCopy(element: unknown): unknown {
  const json = JSON.stringify(element)
  return json === undefined ? undefined : JSON.parse(json, (_, value: unknown) => Object.freeze(value))
}
