import { bytesOf } from '../bytes.ts'
import { textOf } from '../text.ts'

/** What `http.file` gives: a file in a multipart body. The names are k6's. */
export class FileData {
  readonly data: unknown
  readonly filename: string
  readonly content_type: string

  constructor(data: unknown, filename: string, contentType: string) {
    this.data = data
    this.filename = filename
    this.content_type = contentType
  }
}

const DEFAULT_CONTENT_TYPE = 'application/octet-stream'
/** A line break would begin another header of the part. */
const LINE_BREAK = /[\r\n]/

/** @throws {TypeError} for what is neither text nor bytes, and for a content type that cannot stand in a header */
export function createFile(data: unknown, filename: string, contentType: unknown): FileData {
  bytesOf(data, 'the data of http.file()')
  const type = contentType === undefined || contentType === null ? DEFAULT_CONTENT_TYPE : textOf(contentType)
  if (LINE_BREAK.test(type)) throw new TypeError('the content type of a file cannot have a line break')
  return new FileData(data, filename, type)
}
