import type { Rng } from '../src/core/rng.ts'
import { drawGuid } from './guid.ts'

/** The keys of an Azure resource. All are valid at once, so that one can be replaced while clients use the other. */
export class KeyRing {
  readonly #keys: string[]
  readonly #rng: Rng
  #rotatedCount = 0

  /** @param keys at least one; where there is only one, it is the first and the second. */
  constructor(keys: readonly string[], rng: Rng) {
    const [first = '', second = first, ...rest] = keys
    this.#keys = [first, second, ...rest]
    this.#rng = rng
  }

  /** What is valid now. Always the same array: who holds it sees every rotation. */
  get valid(): readonly string[] {
    return this.#keys
  }

  get first(): string {
    return this.#keys[0]!
  }

  get second(): string {
    return this.#keys[1]!
  }

  /** How often one of them has been replaced. */
  get rotatedCount(): number {
    return this.#rotatedCount
  }

  /** Replaces a key by a new one: 32 hexadecimal digits, as Azure's are. The old value is worth nothing from now on. */
  regenerate(which: 'first' | 'second'): void {
    this.#rotatedCount++
    this.#keys[which === 'first' ? 0 : 1] = drawGuid(this.#rng).replaceAll('-', '')
  }
}
