import { US_PER_S } from '../src/core/units.ts'

/** Where the queue stands, for the admin API. */
export interface IngestState {
  readonly bytesPerS: number
  readonly acceptedBytes: number
  readonly backlogBytes: number
  readonly backlogPeakBytes: number
  /** How long what comes now waits until it is taken out. */
  readonly lagUs: number
}

/**
 * A queue that takes in any number of bytes and is emptied at a constant rate: it refuses nothing, it only falls behind.
 * Bytes are whole numbers; what is taken out is exact to the microsecond, whenever it is looked at.
 */
export class IngestQueue {
  readonly #bytesPerS: number
  #seenUs = 0
  #acceptedBytes = 0
  #backlogBytes = 0
  #backlogPeakBytes = 0
  /** Millionths of a byte that have been taken out beyond the whole ones. */
  #carry = 0

  /** @param bytesPerS whole number from 1 to 10^9. */
  constructor(bytesPerS: number) {
    this.#bytesPerS = bytesPerS
  }

  add(bytes: number, nowUs: number): void {
    this.#drain(nowUs)
    this.#acceptedBytes += bytes
    this.#backlogBytes += bytes
    this.#backlogPeakBytes = Math.max(this.#backlogPeakBytes, this.#backlogBytes)
  }

  state(nowUs: number): IngestState {
    this.#drain(nowUs)
    return {
      bytesPerS: this.#bytesPerS,
      acceptedBytes: this.#acceptedBytes,
      backlogBytes: this.#backlogBytes,
      backlogPeakBytes: this.#backlogPeakBytes,
      lagUs: this.#lagUs(),
    }
  }

  /** In whole seconds and the rest, because bytes times microseconds of a long time are no safe integer. */
  #drain(nowUs: number): void {
    const elapsedUs = Math.max(0, nowUs - this.#seenUs)
    this.#seenUs += elapsedUs
    const seconds = Math.floor(elapsedUs / US_PER_S)
    const millionths = (elapsedUs % US_PER_S) * this.#bytesPerS + this.#carry
    const drainedBytes = seconds * this.#bytesPerS + Math.floor(millionths / US_PER_S)
    const isEmpty = drainedBytes >= this.#backlogBytes
    this.#backlogBytes = isEmpty ? 0 : this.#backlogBytes - drainedBytes
    this.#carry = isEmpty ? 0 : millionths % US_PER_S
  }

  #lagUs(): number {
    const seconds = Math.floor(this.#backlogBytes / this.#bytesPerS)
    const restBytes = this.#backlogBytes % this.#bytesPerS
    return seconds * US_PER_S + Math.ceil((restBytes * US_PER_S - this.#carry) / this.#bytesPerS)
  }
}
