import { bytesOf } from '../bytes.ts'
import { FileData } from './file-data.ts'
import { encodeMultipart } from './multipart.ts'
import { RequestMistake } from './request-mistake.ts'

export interface RequestBody {
  readonly content: string | Uint8Array | null
  /** Set when the body itself says what it is. */
  readonly contentType: string | undefined
}

const NO_BODY: RequestBody = { content: null, contentType: undefined }
const FORM = 'application/x-www-form-urlencoded'

/**
 * A body as k6 takes it: text, bytes, or an object that is sent as an HTML form, in several parts if there is a file
 * in it.
 *
 * @param makeBoundary a text that stands in none of the parts
 * @throws {RequestMistake} for anything else
 */
export function readBody(body: unknown, makeBoundary: () => string): RequestBody {
  if (body === undefined || body === null) return NO_BODY
  if (typeof body === 'string') return { content: body, contentType: undefined }
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) {
    return { content: bytesOf(body, 'a request body'), contentType: undefined }
  }
  if (typeof body !== 'object') {
    throw new RequestMistake(
      `a request body must be a string, an object or an ArrayBuffer, not ${typeof body}`,
    )
  }
  const fields = fieldsOf(body)
  if (!fields.some(([, value]) => value instanceof FileData))
    return { content: encodeForm(fields), contentType: FORM }
  const boundary = makeBoundary()
  return {
    content: encodeMultipart(fields, boundary),
    contentType: `multipart/form-data; boundary=${boundary}`,
  }
}

type Field = readonly [name: string, value: unknown]

/** One for each value; a list has several of one name. */
function fieldsOf(body: object): Field[] {
  return Object.entries(body).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((item: unknown): Field => [name, item]),
  )
}

/** In the order of the names, as k6 sends them. */
function encodeForm(fields: readonly Field[]): string {
  const form = new URLSearchParams()
  for (const [name, value] of fields) form.append(name, String(value))
  form.sort()
  return form.toString()
}
