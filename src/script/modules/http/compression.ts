import * as zlib from 'node:zlib'
import { unsupported } from '../unsupported.ts'
import { RequestMistake } from './request-mistake.ts'

type Transform = (bytes: Uint8Array) => Uint8Array

/** More than this is a mistake or an attack, and would take the whole worker with it. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024

const LIMIT = { maxOutputLength: MAX_OUTPUT_BYTES }

/** `deflate` is the zlib format (RFC 9110 §8.4.1.2), as in k6. */
const COMPRESSORS: Readonly<Record<string, Transform>> = {
  gzip: (bytes) => zlib.gzipSync(bytes),
  deflate: (bytes) => zlib.deflateSync(bytes),
  br: (bytes) => zlib.brotliCompressSync(bytes),
  ...zstd('zstdCompressSync', {}),
}

const DECOMPRESSORS: Readonly<Record<string, Transform>> = {
  gzip: (bytes) => zlib.gunzipSync(bytes, LIMIT),
  deflate: (bytes) => zlib.inflateSync(bytes, LIMIT),
  br: (bytes) => zlib.brotliDecompressSync(bytes, LIMIT),
  ...zstd('zstdDecompressSync', LIMIT),
}

/** Node has it from 22.15 on. */
function zstd(name: string, options: object): Readonly<Record<string, Transform>> {
  const found: unknown = Reflect.get(zlib, name)
  if (typeof found !== 'function') return {}
  return { zstd: (bytes) => Reflect.apply(found, zlib, [bytes, options]) as Uint8Array }
}

/**
 * The algorithms of a list such as `gzip, br`, in order.
 *
 * @throws {RequestMistake} for one that does not exist, ScriptError for zstd on a Node that does not have it
 */
export function readCompression(list: unknown): readonly string[] {
  const names = String(list)
    .split(',')
    .map((name) => name.trim())
  const unknown = names.find((name) => !Object.hasOwn(COMPRESSORS, name))
  if (unknown === undefined) return names
  if (unknown === 'zstd') throw unsupported('zstd compression on a Node before 22.15')
  throw new RequestMistake(
    `compression must be a list of gzip, deflate, br and zstd, not ${JSON.stringify(String(list))}`,
  )
}

/**
 * Compresses with one algorithm after the other. Done at once: bodies of load tests are small, and work on another
 * thread would come back in an order that virtual time could not repeat.
 */
export function compress(body: string | Uint8Array, algorithms: readonly string[]): Uint8Array {
  const bytes: Uint8Array = typeof body === 'string' ? Buffer.from(body) : body
  return algorithms.reduce((input, name) => COMPRESSORS[name]?.(input) ?? input, bytes)
}

/**
 * Undoes the codings of a `Content-Encoding`, the last one first. Codings that k6 does not know are left alone.
 *
 * @throws {Error} when the bytes are not what the header says, or too many
 */
export function decompress(body: Uint8Array, contentEncoding: string): Uint8Array {
  if (body.byteLength === 0) return body
  let bytes = body
  for (const name of contentEncoding.toLowerCase().split(',').toReversed()) {
    const decompressor = DECOMPRESSORS[name.trim()]
    if (decompressor === undefined) {
      if (name.trim() === 'zstd') throw new Error('this Node cannot read zstd: it takes Node 22.15')
      return bytes
    }
    bytes = decompressor(bytes)
  }
  return bytes
}
