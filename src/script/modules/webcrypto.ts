import { webcrypto } from 'node:crypto'
import type { EventLoop } from '../event-loop.ts'
import type { HostOperations } from '../host-operations.ts'
import type { RandomSource } from '../random-source.ts'
import { arrayBufferOf } from './bytes.ts'

const { subtle } = webcrypto

const SUBTLE_METHODS = [
  'decrypt',
  'deriveBits',
  'deriveKey',
  'digest',
  'encrypt',
  'exportKey',
  'generateKey',
  'importKey',
  'sign',
  'unwrapKey',
  'verify',
  'wrapKey',
] as const

type SubtleMethod = (typeof SUBTLE_METHODS)[number]
type IntegerArray = Exclude<NodeJS.TypedArray, Float32Array | Float64Array>
type AsyncMethod = (...args: readonly unknown[]) => Promise<unknown>

/** What the global `crypto` of one VU stands on. */
interface WebCryptoParts {
  readonly random: RandomSource
  readonly operations: HostOperations
  readonly loop: EventLoop
}

/**
 * The global `crypto`: Node's, with the VU's randomness and on the VU's time. Not seeded in virtual time, since OpenSSL
 * draws them itself: key pairs, and the signatures and encryptions that are random by nature (ECDSA, RSA-PSS, RSA-OAEP).
 */
export class WebCrypto {
  readonly subtle: VuSubtle
  readonly #random: RandomSource

  constructor(parts: WebCryptoParts) {
    this.subtle = new VuSubtle(parts)
    this.#random = parts.random
  }

  /** @throws what WebCrypto throws for what is no array of integers, and for more than 65,536 bytes */
  getRandomValues<T extends IntegerArray>(array: T): T {
    const { buffer, byteOffset, byteLength } = webcrypto.getRandomValues(array)
    new Uint8Array(buffer, byteOffset, byteLength).set(this.#random.bytes(byteLength))
    return array
  }

  randomUUID(): string {
    return uuid(this.#random.bytes(16))
  }
}

/** `crypto.subtle`: its methods stand on the prototype, because every VU has one of these. */
class VuSubtle {
  readonly #parts: WebCryptoParts

  static {
    for (const name of SUBTLE_METHODS) {
      const value = function (this: VuSubtle, ...args: unknown[]): Promise<unknown> {
        return this.#call(name, args)
      }
      Object.defineProperty(this.prototype, name, { value })
    }
  }

  constructor(parts: WebCryptoParts) {
    this.#parts = parts
  }

  #call(name: SubtleMethod, args: readonly unknown[]): Promise<unknown> {
    const { loop, operations, random } = this.#parts
    const method = subtle[name].bind(subtle) as unknown as AsyncMethod
    const start = name === 'generateKey' ? () => generateKey(random, args) : () => method(...args)
    return loop.track(operations.run(start))
  }
}

/** WebCrypto checks the arguments and makes a key; a secret key is then made again from the VU's own bytes. */
async function generateKey(random: RandomSource, args: readonly unknown[]): Promise<unknown> {
  const [algorithm, extractable, usages] = args as Parameters<typeof subtle.generateKey>
  const made = await subtle.generateKey(algorithm, extractable, usages)
  if (!('algorithm' in made)) return made
  const { length } = made.algorithm as webcrypto.AesKeyAlgorithm | webcrypto.HmacKeyAlgorithm
  const bytes = arrayBufferOf(random.bytes(length / 8))
  return subtle.importKey('raw', bytes, made.algorithm, extractable, usages)
}

/** Version 4, after RFC 9562 §5.4. */
function uuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  const variant = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant.toString(16)}${hex.slice(18, 20)}`,
    hex.slice(20),
  ]
  return parts.join('-')
}
