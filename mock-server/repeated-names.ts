import type { Fault } from '../src/core/errors.ts'

/** Names that are there more than once. @param where what to call the list in faults. */
export function repeatedNames(named: readonly { readonly name: string }[], where: string): Fault[] {
  const names = named.map(({ name }) => name)
  const repeated = names.filter((name, index) => names.indexOf(name) !== index)
  return [...new Set(repeated)].map((name) => ({ where, what: `the name "${name}" is there more than once` }))
}
