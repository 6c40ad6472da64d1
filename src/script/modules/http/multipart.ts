import { bytesOf } from '../bytes.ts'
import { FileData } from './file-data.ts'

/** The parts of a form, one for each field, as `multipart/form-data` (RFC 7578). */
export function encodeMultipart(
  fields: readonly (readonly [name: string, value: unknown])[],
  boundary: string,
): Uint8Array {
  const parts = fields.flatMap(([name, value]) => [
    Buffer.from(`--${boundary}\r\n${headOf(name, value)}\r\n\r\n`),
    contentOf(value),
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)])
}

function headOf(name: string, value: unknown): string {
  const field = `Content-Disposition: form-data; name="${escapeQuoted(name)}"`
  if (!(value instanceof FileData)) return field
  return `${field}; filename="${escapeQuoted(value.filename)}"\r\nContent-Type: ${value.content_type}`
}

function contentOf(value: unknown): Uint8Array {
  if (value instanceof FileData) return bytesOf(value.data, 'the data of a file')
  return Buffer.from(String(value))
}

/** What cannot stand in a quoted value, escaped as k6 does. */
function escapeQuoted(text: string): string {
  return text.replaceAll(/["\\]/g, '\\$&').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
