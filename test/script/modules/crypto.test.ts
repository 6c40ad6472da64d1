import { getHashes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Rng } from '../../../src/core/rng.ts'
import { createCryptoModule } from '../../../src/script/modules/crypto.ts'
import type { CryptoModule } from '../../../src/script/modules/crypto.ts'
import { RandomSource } from '../../../src/script/random-source.ts'
import { ScriptError } from '../../../src/script/script-error.ts'

function cryptoOf(seed: number, isVirtual = true): CryptoModule {
  return createCryptoModule(new RandomSource(new Rng(seed), isVirtual))
}

const crypto = cryptoOf(1)

/** Published digests of "abc": RFC 1321, FIPS 180-4 and the RIPEMD-160 paper. */
const DIGESTS_OF_ABC = {
  md5: '900150983cd24fb0d6963f7d28e17f72',
  sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  sha384: 'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
  sha512:
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  sha512_224: '4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa',
  sha512_256: '53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23',
  ripemd160: '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc',
} as const

/** The bytes of what must be an ArrayBuffer. */
function hexOf(value: unknown): string {
  if (!(value instanceof ArrayBuffer)) throw new TypeError('not an ArrayBuffer')
  return Buffer.from(value).toString('hex')
}

const ALGORITHMS = Object.keys(DIGESTS_OF_ABC) as (keyof typeof DIGESTS_OF_ABC)[]

describe('hashes', () => {
  it.each(Object.entries(DIGESTS_OF_ABC))('%s', (name, digest) => {
    expect(crypto[name as keyof typeof DIGESTS_OF_ABC]('abc', 'hex')).toBe(digest)
    const hasher = crypto.createHash(name)
    hasher.update('a')
    hasher.update(new TextEncoder().encode('bc').buffer)
    expect(hasher.digest('hex')).toBe(digest)
  })

  it('may be updated after a digest, as on k6', () => {
    const hasher = crypto.createHash('sha1')
    hasher.update('ab')
    expect(hasher.digest('hex')).toBe(crypto.sha1('ab', 'hex'))
    hasher.update('c')
    expect(hasher.digest('hex')).toBe(DIGESTS_OF_ABC.sha1)
    expect(hasher.digest('hex')).toBe(DIGESTS_OF_ABC.sha1)
  })

  it('take what the buffer held at the time of the update', () => {
    const hasher = crypto.createHash('sha1')
    const bytes = new TextEncoder().encode('abc')
    hasher.update(bytes)
    bytes.fill(0)
    expect(hasher.digest('hex')).toBe(DIGESTS_OF_ABC.sha1)
  })

  it('come out the same in one piece and in several', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.constantFrom(...ALGORITHMS), (parts, algorithm) => {
        const hasher = crypto.createHash(algorithm)
        for (const part of parts) hasher.update(part)
        expect(hasher.digest('base64')).toBe(crypto[algorithm](parts.join(''), 'base64'))
      }),
    )
  })

  it.each(['sha3', 'SHA256', 'toString', undefined])('of the algorithm %s are an exception', (name) => {
    expect(() => crypto.createHash(name)).toThrow(`no such hash algorithm: ${name}; there are md4, md5, sha1`)
    expect(() => crypto.hmac(name, 'key', 'abc', 'hex')).toThrow(`no such hash algorithm: ${name}`)
  })

  it.each([undefined, null, 7, {}])('of %j are an exception', (input) => {
    expect(() => crypto.sha1(input, 'hex')).toThrow('the input of a hash must be a string or an ArrayBuffer')
  })

  it.skipIf(getHashes().includes('md4'))('with md4 end the run where OpenSSL has none', () => {
    expect(() => crypto.md4('abc', 'hex')).toThrow(ScriptError)
    expect(() => crypto.md4('abc', 'hex')).toThrow('the OpenSSL of this Node has no md4')
  })
})

describe('output encodings', () => {
  it.each([
    ['hex', '900150983cd24fb0d6963f7d28e17f72'],
    ['base64', 'kAFQmDzST7DWlj99KOF/cg=='],
    ['base64url', 'kAFQmDzST7DWlj99KOF_cg=='],
    ['base64rawurl', 'kAFQmDzST7DWlj99KOF_cg'],
  ])('%s', (encoding, text) => {
    expect(crypto.md5('abc', encoding)).toBe(text)
  })

  it('binary is an ArrayBuffer', () => {
    expect(hexOf(crypto.md5('abc', 'binary'))).toBe(DIGESTS_OF_ABC.md5)
  })

  it.each(['HEX', 'utf8', undefined])('%s is an exception', (encoding) => {
    expect(() => crypto.md5('', encoding)).toThrow(`no such output encoding: ${encoding}; there are hex`)
  })
})

describe('hmac', () => {
  /** RFC 2202 and RFC 4231, test case 2. */
  const KNOWN = [
    ['md5', '750c783e6ab0b503eaa86e310a5db738'],
    ['sha1', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
    ['sha256', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  ] as const

  it.each(KNOWN)('%s', (algorithm, digest) => {
    expect(crypto.hmac(algorithm, 'Jefe', 'what do ya want for nothing?', 'hex')).toBe(digest)
    const hasher = crypto.createHMAC(algorithm, new TextEncoder().encode('Jefe').buffer)
    hasher.update('what do ya want ')
    hasher.update('for nothing?')
    expect(hasher.digest('hex')).toBe(digest)
    expect(hasher.digest('hex')).toBe(digest)
  })

  it('needs a secret', () => {
    expect(() => crypto.createHMAC('sha256', undefined)).toThrow(
      'the secret must be a string or an ArrayBuffer',
    )
  })
})

describe('randomBytes', () => {
  it('gives so many bytes, seeded in virtual time', () => {
    const hex = (seed: number): string => hexOf(cryptoOf(seed).randomBytes(20))
    expect(hex(1)).toMatch(/^[0-9a-f]{40}$/)
    expect(hex(1)).toBe(hex(1))
    expect(hex(1)).not.toBe(hex(2))
  })

  it('is not seeded in real time', () => {
    const hex = (): string => hexOf(cryptoOf(1, false).randomBytes(20))
    expect(hex()).not.toBe(hex())
  })

  it('takes nothing away from Math.random', () => {
    const random = new RandomSource(new Rng(1), true)
    createCryptoModule(random).randomBytes(9)
    expect(random.next()).toBe(new RandomSource(new Rng(1), true).next())
  })

  it.each([0, -1, 1.5, Number.NaN, undefined, 'many'])('of %j is an exception', (size) => {
    expect(() => crypto.randomBytes(size)).toThrow('randomBytes() takes a whole number of at least 1')
  })
})
