/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv */
const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193
/** 2^32 divided by the golden ratio (Fibonacci hashing): the product's upper bits depend on all of the hash. */
const GOLDEN = 0x9e3779b1

/** Of UTF-16 units. @returns a signed integer of 32 bits. */
export function hashOf(id: string): number {
  let hash = FNV_OFFSET
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), FNV_PRIME)
  return hash | 0
}

/** Texts by position. */
interface Texts {
  is(position: number, text: string): boolean
}

/**
 * Where in a list the event of an id is: open addressing with linear probing. A `Map` of a hundred thousand strings takes twice
 * the time, since it reads each key that a search passes, where this compares hashes.
 */
export class IdIndex {
  /** 1 + position; 0: free. At most half of it is in use. */
  readonly #buckets: Int32Array
  readonly #mask: number
  readonly #shift: number
  /** By position. */
  readonly #hashes: Int32Array

  /** @param positionCount a power of two; positions are below it. */
  constructor(positionCount: number) {
    const bucketCount = 2 * positionCount
    this.#buckets = new Int32Array(bucketCount)
    this.#mask = bucketCount - 1
    this.#shift = Math.clz32(bucketCount) + 1
    this.#hashes = new Int32Array(positionCount)
  }

  /** @param ids by position. @returns -1: it is not there. */
  find(id: string, hash: number, ids: Texts): number {
    for (let bucket = this.#homeOf(hash); ; bucket = (bucket + 1) & this.#mask) {
      const position = this.#buckets[bucket]! - 1
      if (position === -1 || (this.#hashes[position] === hash && ids.is(position, id))) return position
    }
  }

  /** Neither the position nor its id may be there already. */
  add(position: number, hash: number): void {
    let bucket = this.#homeOf(hash)
    while (this.#buckets[bucket] !== 0) bucket = (bucket + 1) & this.#mask
    this.#buckets[bucket] = position + 1
    this.#hashes[position] = hash
  }

  /** The position has to be there. Those behind it move up, so that no search ends before it gets to them. */
  delete(position: number): void {
    let free = this.#homeOf(this.#hashes[position]!)
    while (this.#buckets[free] !== position + 1) free = (free + 1) & this.#mask
    for (let bucket = (free + 1) & this.#mask; ; bucket = (bucket + 1) & this.#mask) {
      const moved = this.#buckets[bucket]!
      if (moved === 0) break
      const distance = (bucket - this.#homeOf(this.#hashes[moved - 1]!)) & this.#mask
      if (distance < ((bucket - free) & this.#mask)) continue
      this.#buckets[free] = moved
      free = bucket
    }
    this.#buckets[free] = 0
  }

  /** The hash of what is there. */
  hashAt(position: number): number {
    return this.#hashes[position]!
  }

  #homeOf(hash: number): number {
    return Math.imul(hash, GOLDEN) >>> this.#shift
  }
}
