interface Wildcard<T> {
  readonly pattern: string
  /** What a name has to end with. */
  readonly ending: string
  readonly value: T
}

interface NameMatch<T> {
  readonly pattern: string
  readonly value: T
}

/**
 * Values for host names. A pattern is a name, or `*` and the end of names: `*.example.com` means every name under
 * example.com, however deep, but not example.com itself. Case does not matter.
 */
export class NameTable<T> {
  readonly #exact = new Map<string, T>()
  /** The longest ending first. */
  readonly #wildcards: readonly Wildcard<T>[]

  constructor(entries: readonly (readonly [pattern: string, value: T])[]) {
    const wildcards: Wildcard<T>[] = []
    for (const [pattern, value] of entries) {
      const lower = pattern.toLowerCase()
      if (lower.startsWith('*')) wildcards.push({ pattern, ending: lower.slice(1), value })
      else this.#exact.set(lower, value)
    }
    this.#wildcards = wildcards.sort((a, b) => b.ending.length - a.ending.length)
  }

  /** What stands for the name: the name itself before a wildcard, a longer wildcard before a shorter one. */
  find(name: string): NameMatch<T> | undefined {
    const lower = name.toLowerCase()
    const value = this.#exact.get(lower)
    if (value !== undefined) return { pattern: lower, value }
    return this.#wildcards.find(({ ending }) => lower.length > ending.length && lower.endsWith(ending))
  }
}
