/** A row of a table, read by the names of its columns. */
export class Fields {
  readonly #header: ReadonlyMap<string, number>
  readonly #values: readonly string[]

  constructor(header: ReadonlyMap<string, number>, values: readonly string[]) {
    this.#header = header
    this.#values = values
  }

  /** `''` where there is none. */
  text(column: string): string {
    const index = this.#header.get(column)
    return index === undefined ? '' : (this.#values[index] ?? '')
  }
}

/** Where each column stands. */
export function headerOf(values: readonly string[]): ReadonlyMap<string, number> {
  return new Map(values.map((name, index) => [name.trim(), index]))
}
