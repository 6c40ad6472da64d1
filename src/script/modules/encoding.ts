import { decodeBase64, encodeBase64 } from './base64.ts'
import type { Base64Variant } from './base64.ts'
import { arrayBufferOf, bytesOf } from './bytes.ts'

/** The functions of `k6/encoding`. */
export interface EncodingModule {
  readonly b64encode: (input: unknown, variant?: unknown) => string
  readonly b64decode: (input: unknown, variant?: unknown, format?: unknown) => ArrayBuffer | string
}

export function createEncodingModule(): EncodingModule {
  return {
    b64encode: (input, variant) => encodeBase64(bytesOf(input, "b64encode()'s input"), variantOf(variant)),
    b64decode: (input, variant, format) => {
      const bytes = decodeBase64(String(input), variantOf(variant))
      return format === 's' ? Buffer.from(bytes).toString('utf8') : arrayBufferOf(bytes)
    },
  }
}

/** k6 takes what it does not know for `std`. */
function variantOf(name: unknown): Base64Variant {
  return name === 'rawstd' || name === 'url' || name === 'rawurl' ? name : 'std'
}
