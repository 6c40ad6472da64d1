import { webcrypto } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Rng } from '../../../src/core/rng.ts'
import { EventLoop } from '../../../src/script/event-loop.ts'
import { HostOperations } from '../../../src/script/host-operations.ts'
import { WebCrypto } from '../../../src/script/modules/webcrypto.ts'
import { RandomSource } from '../../../src/script/random-source.ts'
import { FakeHost } from './fake-host.ts'

interface SetUp {
  readonly host: FakeHost
  readonly loop: EventLoop
  readonly random: RandomSource
  /** As scripts see it. */
  readonly crypto: webcrypto.Crypto
}

function setUp(seed = 1, isVirtual = true): SetUp {
  const host = new FakeHost()
  const loop = new EventLoop(host.clock, host, host)
  const random = new RandomSource(new Rng(seed), isVirtual)
  const operations = new HostOperations(host.clock, isVirtual)
  return {
    host,
    loop,
    random,
    crypto: new WebCrypto({ random, operations, loop }) as unknown as webcrypto.Crypto,
  }
}

const hex = (bytes: ArrayBuffer | Uint8Array): string => Buffer.from(bytes as Uint8Array).toString('hex')

describe('getRandomValues', () => {
  it('fills the array that it gives back, seeded in virtual time', () => {
    const array = new Uint16Array(8)
    expect(setUp(1).crypto.getRandomValues(array)).toBe(array)
    expect(array).toEqual(setUp(1).crypto.getRandomValues(new Uint16Array(8)))
    expect(array).not.toEqual(setUp(2).crypto.getRandomValues(new Uint16Array(8)))
    expect(array.some((value) => value > 255)).toBe(true)
  })

  it('leaves the rest of the buffer alone', () => {
    const bytes = new Uint8Array(8)
    setUp().crypto.getRandomValues(bytes.subarray(2, 6))
    expect([...bytes.slice(0, 2), ...bytes.slice(6)]).toEqual([0, 0, 0, 0])
    expect(bytes.some((value) => value > 0)).toBe(true)
  })

  it('is not seeded in real time', () => {
    const values = (): Uint8Array => setUp(1, false).crypto.getRandomValues(new Uint8Array(16))
    expect(values()).not.toEqual(values())
  })

  it.each([new Float64Array(1), new Uint8Array(65_537), [1, 2], undefined])('refuses %#', (array) => {
    expect(() => setUp().crypto.getRandomValues(array as Uint8Array)).toThrow(Error)
  })
})

describe('randomUUID', () => {
  it('is of version 4, seeded in virtual time', () => {
    const uuids = (seed: number): string[] => {
      const { crypto } = setUp(seed)
      return Array.from({ length: 50 }, () => crypto.randomUUID())
    }
    for (const uuid of uuids(1)) {
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }
    expect(uuids(1)).toEqual(uuids(1))
    expect(new Set([...uuids(1), ...uuids(2)]).size).toBe(100)
  })
})

describe('subtle', () => {
  it('has all methods of WebCrypto', () => {
    const { subtle } = setUp().crypto
    const names = Object.getOwnPropertyNames(Object.getPrototypeOf(webcrypto.subtle)).filter(
      (name) => name !== 'constructor',
    )
    const own = Object.getOwnPropertyNames(Object.getPrototypeOf(subtle))
    expect(own).toEqual(expect.arrayContaining(names))
  })

  it('digests', async () => {
    const digest = await setUp().crypto.subtle.digest('SHA-256', new TextEncoder().encode('abc'))
    expect(hex(digest)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('encrypts and decrypts, signs and verifies', async () => {
    const { subtle } = setUp().crypto
    const text = new TextEncoder().encode('a message')
    const key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt'])
    const algorithm = { name: 'AES-GCM', iv: new Uint8Array(12) }
    const sealed = await subtle.encrypt(algorithm, key, text)
    expect(hex(await subtle.decrypt(algorithm, key, sealed))).toBe(hex(text))
    const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
    const signing = { name: 'ECDSA', hash: 'SHA-256' }
    const signature = await subtle.sign(signing, pair.privateKey, text)
    expect(await subtle.verify(signing, pair.publicKey, signature, text)).toBe(true)
    expect(await subtle.verify(signing, pair.publicKey, signature, new Uint8Array(3))).toBe(false)
  })

  it.each([
    [{ name: 'AES-CBC', length: 192 }, ['encrypt'], 24],
    [{ name: 'HMAC', hash: 'SHA-256' }, ['sign'], 64],
    [{ name: 'HMAC', hash: 'SHA-512', length: 96 }, ['sign'], 12],
  ] as const)(
    'makes secret keys that are seeded in virtual time: %j',
    async (algorithm, usages, byteCount) => {
      const made = async (seed: number): Promise<string> => {
        const { subtle } = setUp(seed).crypto
        const key = (await subtle.generateKey(
          algorithm,
          true,
          usages as unknown as webcrypto.KeyUsage[],
        )) as webcrypto.CryptoKey
        expect(key.usages).toEqual(usages)
        return hex(await subtle.exportKey('raw', key))
      }
      expect(await made(1)).toHaveLength(2 * byteCount)
      expect(await made(1)).toBe(await made(1))
      expect(await made(1)).not.toBe(await made(2))
    },
  )

  it('makes a key that cannot be exported when the script wants none', async () => {
    const { subtle } = setUp().crypto
    const key = await subtle.generateKey({ name: 'AES-CBC', length: 128 }, false, ['encrypt'])
    expect(key.extractable).toBe(false)
    await expect(subtle.exportKey('raw', key)).rejects.toThrow(/extractable/)
  })

  it('rejects what WebCrypto rejects', async () => {
    const { crypto, loop } = setUp()
    await expect(crypto.subtle.digest('SHA-3', new Uint8Array())).rejects.toThrow(/SHA-3|algorithm/i)
    expect(loop.idle()).toBeUndefined()
  })

  it('keeps the iteration from ending, and virtual time from going on', async () => {
    const { crypto, host, loop } = setUp()
    let digestUs: number | undefined
    void crypto.subtle.digest('SHA-256', new Uint8Array()).then(() => (digestUs = host.clock.nowUs()))
    loop.setTimer(() => host.warnOnce('timer'), 1_000, false)
    await loop.idle()
    expect(digestUs).toBe(0)
    expect(host.warnings).toEqual(['timer'])
  })
})
