export interface RequestBody {
  readonly content: string | Uint8Array | null
  /** Set when the body itself says what it is. */
  readonly contentType: string | undefined
}

const NO_BODY: RequestBody = { content: null, contentType: undefined }
const FORM = 'application/x-www-form-urlencoded'

/** A body as k6 takes it: text, bytes, or an object that is sent as an HTML form. */
export function readBody(body: unknown): RequestBody {
  if (body === undefined || body === null) return NO_BODY
  if (typeof body === 'string') return { content: body, contentType: undefined }
  if (body instanceof ArrayBuffer) return { content: new Uint8Array(body), contentType: undefined }
  if (ArrayBuffer.isView(body)) {
    return { content: new Uint8Array(body.buffer, body.byteOffset, body.byteLength), contentType: undefined }
  }
  if (typeof body === 'object') return { content: encodeForm(body), contentType: FORM }
  throw new TypeError(`a request body must be a string, an object or an ArrayBuffer, not ${typeof body}`)
}

function encodeForm(fields: object): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) {
    for (const item of Array.isArray(value) ? value : [value]) form.append(name, String(item))
  }
  return form.toString()
}
