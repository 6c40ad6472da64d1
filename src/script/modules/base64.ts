/** k6's names: `url` has the alphabet of file names and URLs, `raw…` goes without the padding at the end. */
export type Base64Variant = 'std' | 'rawstd' | 'url' | 'rawurl'

export function encodeBase64(bytes: Uint8Array, variant: Base64Variant): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // Node pads its `base64` and leaves `base64url` without.
  if (variant === 'std') return buffer.toString('base64')
  if (variant === 'rawurl') return buffer.toString('base64url')
  return variant === 'rawstd'
    ? buffer.toString('base64').replace(/=+$/, '')
    : padded(buffer.toString('base64url'))
}

/**
 * Line breaks are skipped, as in k6; anything else that is not of the variant, padding too much or too little
 * included, is an error.
 *
 * @throws {Error} with the position of the first wrong character, from 0
 */
export function decodeBase64(text: string, variant: Base64Variant): Uint8Array {
  const isRaw = variant.startsWith('raw')
  const joined = text.replaceAll(/[\r\n]/g, '')
  const digits = isRaw ? joined : joined.replace(/={1,2}$/, '')
  const wrongAt = digits.search(variant.endsWith('url') ? /[^\w-]/ : /[^A-Za-z0-9+/]/)
  const isWhole = digits.length % 4 !== 1 && (isRaw || padded(digits) === joined)
  if (wrongAt === -1 && isWhole) return Buffer.from(digits, 'base64')
  const position = wrongAt === -1 ? digits.length : wrongAt
  throw new Error(`not base64 of the variant "${variant}": wrong at character ${position}`)
}

function padded(digits: string): string {
  return digits.padEnd(Math.ceil(digits.length / 4) * 4, '=')
}
