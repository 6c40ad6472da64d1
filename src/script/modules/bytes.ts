/**
 * The bytes of a text (as UTF-8), an ArrayBuffer or a view of one; not copied.
 *
 * @throws {TypeError} for anything else
 */
export function bytesOf(value: unknown, what: string): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value, 'utf8')
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  throw new TypeError(`${what} must be a string or an ArrayBuffer, not ${describe(value)}`)
}

/** An ArrayBuffer of exactly these bytes: what k6 gives where it gives binary data. */
export function arrayBufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : typeof value
}
