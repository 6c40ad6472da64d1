import { createHash, createHmac } from 'node:crypto'
import type { Hash, Hmac } from 'node:crypto'
import type { RandomSource } from '../random-source.ts'
import { ScriptError } from '../script-error.ts'
import { encodeBase64 } from './base64.ts'
import { arrayBufferOf, bytesOf } from './bytes.ts'

/** OpenSSL's names by k6's. */
const ALGORITHMS = {
  md4: 'md4',
  md5: 'md5',
  sha1: 'sha1',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
  sha512_224: 'sha512-224',
  sha512_256: 'sha512-256',
  ripemd160: 'ripemd160',
} as const

type Algorithm = keyof typeof ALGORITHMS
type Digest = (input: unknown, outputEncoding: unknown) => string | ArrayBuffer

/** The functions of `k6/crypto`. */
export type CryptoModule = Readonly<Record<Algorithm, Digest>> & {
  readonly createHash: (algorithm: unknown) => Hasher
  readonly createHMAC: (algorithm: unknown, secret: unknown) => Hasher
  readonly hmac: (
    algorithm: unknown,
    secret: unknown,
    input: unknown,
    encoding: unknown,
  ) => string | ArrayBuffer
  readonly randomBytes: (size: unknown) => ArrayBuffer
}

/** What `createHash` and `createHMAC` give. On k6 it may be updated after a digest, and digested again. */
class Hasher {
  readonly #start: () => Hash | Hmac
  readonly #inputs: Uint8Array[] = []

  constructor(start: () => Hash | Hmac) {
    this.#start = start
  }

  update(input: unknown): void {
    // A copy: the script may reuse its buffer before the digest.
    this.#inputs.push(bytesOf(input, 'the input of a hash').slice())
  }

  digest(outputEncoding: unknown): string | ArrayBuffer {
    const hash = this.#start()
    for (const input of this.#inputs) hash.update(input)
    return encode(hash.digest(), outputEncoding)
  }
}

export function createCryptoModule(random: RandomSource): CryptoModule {
  const createHMAC = (algorithm: unknown, secret: unknown): Hasher => {
    const name = algorithmOf(algorithm)
    const key = bytesOf(secret, 'the secret').slice()
    return new Hasher(() => started(name, () => createHmac(ALGORITHMS[name], key)))
  }
  const names = Object.keys(ALGORITHMS) as Algorithm[]
  const digests = names.map((name) => [name, digestWith(() => hasher(name))] as const)
  return {
    ...(Object.fromEntries(digests) as Record<Algorithm, Digest>),
    createHash: (algorithm) => hasher(algorithm),
    createHMAC,
    hmac: (algorithm, secret, input, encoding) =>
      digestWith(() => createHMAC(algorithm, secret))(input, encoding),
    randomBytes: (size) => arrayBufferOf(random.bytes(byteCount(size))),
  }
}

function hasher(algorithm: unknown): Hasher {
  const name = algorithmOf(algorithm)
  return new Hasher(() => started(name, () => createHash(ALGORITHMS[name])))
}

function digestWith(create: () => Hasher): Digest {
  return (input, outputEncoding) => {
    const hash = create()
    hash.update(input)
    return hash.digest(outputEncoding)
  }
}

function algorithmOf(value: unknown): Algorithm {
  if (typeof value === 'string' && Object.hasOwn(ALGORITHMS, value)) return value as Algorithm
  throw new TypeError(
    `no such hash algorithm: ${String(value)}; there are ${Object.keys(ALGORITHMS).join(', ')}`,
  )
}

/** MD4 is obsolete, and OpenSSL 3 offers it only where its legacy provider is loaded. */
function started<T>(name: Algorithm, start: () => T): T {
  try {
    return start()
  } catch (cause) {
    throw new ScriptError(
      {
        where: '',
        what: `the OpenSSL of this Node has no ${name}`,
        todo: 'set NODE_OPTIONS=--openssl-legacy-provider, or run this script with k6',
      },
      { cause },
    )
  }
}

function byteCount(size: unknown): number {
  const count = Number(size)
  if (Number.isInteger(count) && count >= 1) return count
  throw new RangeError(`randomBytes() takes a whole number of at least 1, not ${String(size)}`)
}

function encode(bytes: Uint8Array, encoding: unknown): string | ArrayBuffer {
  switch (encoding) {
    case 'hex':
      return Buffer.from(bytes).toString('hex')
    case 'base64':
      return encodeBase64(bytes, 'std')
    case 'base64url':
      return encodeBase64(bytes, 'url')
    case 'base64rawurl':
      return encodeBase64(bytes, 'rawurl')
    case 'binary':
      return arrayBufferOf(bytes)
    default:
      throw new TypeError(
        `no such output encoding: ${String(encoding)}; there are hex, base64, base64url, base64rawurl, binary`,
      )
  }
}
