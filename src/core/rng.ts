import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'

const TWO_POW_26 = 67_108_864
const TWO_POW_53 = 9_007_199_254_740_992

/**
 * Turns a label into 32 bits, so that streams with different names are unrelated: FNV-1a over UTF-16 units, then
 * MurmurHash3's finaliser. Without it, labels that differ in their last character give seeds so near that the
 * first numbers of their streams are, too.
 */
function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/**
 * A seeded stream of random numbers (xoroshiro128+). The same seed gives the same numbers on every
 * machine; `fork` gives independent streams by name, so that drawing more in one place moves nothing in another.
 */
export class Rng {
  readonly #seed: number
  readonly #generator: RandomGenerator

  constructor(seed: number | string) {
    this.#seed = typeof seed === 'string' ? hash32(seed) : hash32(String(seed))
    this.#generator = xoroshiro128plus(this.#seed)
  }

  /** An independent stream named `label`; does not advance this one. */
  fork(label: string): Rng {
    return new Rng(`${this.#seed}/${label}`)
  }

  /** Uniform in [0, 1) with 53 random bits. */
  next(): number {
    const high = this.#generator.next() >>> 6
    const low = this.#generator.next() >>> 5
    return (high * (TWO_POW_53 / TWO_POW_26) + low) / TWO_POW_53
  }

  /** Uniform integer in [0, bound); `bound` at most 2^32. */
  int(bound: number): number {
    return Math.floor(this.next() * bound)
  }

  /** Exponential with mean 1 (inverse transform). */
  exponential(): number {
    return -Math.log1p(-this.next())
  }

  /** Standard normal (Box–Muller, cosine branch). */
  normal(): number {
    const radius = Math.sqrt(2 * this.exponential())
    return radius * Math.cos(2 * Math.PI * this.next())
  }
}
