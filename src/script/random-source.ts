import { randomBytes } from 'node:crypto'
import { Rng } from '../core/rng.ts'

/** All randomness of one VU. */
export class RandomSource {
  #numbers: Rng
  /** In virtual time bytes are seeded, too, so that a run can be repeated exactly. */
  readonly #seededBytes: Rng | undefined

  constructor(rng: Rng, isVirtual: boolean) {
    this.#numbers = rng
    this.#seededBytes = isVirtual ? rng.fork('bytes') : undefined
  }

  /** `Math.random()`: uniform in [0, 1). */
  next(): number {
    return this.#numbers.next()
  }

  /** Starts the numbers anew: they depend on `seed` alone from here on, as after k6's `randomSeed`. */
  reseed(seed: number): void {
    this.#numbers = new Rng(seed)
  }

  /** Bytes for cryptographic use: the operating system's in real time, seeded ones in virtual time. */
  bytes(count: number): Uint8Array {
    const rng = this.#seededBytes
    return rng === undefined ? randomBytes(count) : Uint8Array.from({ length: count }, () => rng.int(256))
  }
}
