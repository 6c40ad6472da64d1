import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'
import { EXIT, UserError, type Fault } from '../../core/errors.ts'
import { Fields, headerOf } from '../../run-files/imports/fields.ts'
import { adviceFor, delimiterOf, formatOf, type ImportFormat } from '../../run-files/imports/import-format.ts'

/** A file of another tool. */
export interface SourceFile {
  /** As given. */
  readonly path: string
  readonly absolutePath: string
  readonly format: ImportFormat
  readonly isCompressed: boolean
  readonly delimiter: string
  readonly sizeBytes: number
  readonly sha256: string
}

/** First bytes of gzip (RFC 1952). */
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b])

/** A header of any of the tools is shorter by far. */
const HEAD_CHARACTERS = 65_536

/** Finds out what the files are. @throws UserError (usage) with the faults of all */
export async function openSources(paths: readonly string[], cwd: string): Promise<SourceFile[]> {
  const looks = await Promise.all(paths.map((path) => lookAt(path, resolve(cwd, path))))
  const sources = looks.filter((look) => 'format' in look)
  const faults = [...looks.filter((look) => 'what' in look), ...repetitions(sources)]
  if (faults.length > 0) throw new UserError(EXIT.usage, faults)
  return sources
}

/** A file that counts twice spoils every figure. */
function repetitions(sources: readonly SourceFile[]): Fault[] {
  return sources.flatMap(({ path, sha256 }, i) => {
    const first = sources.slice(0, i).find((other) => other.sha256 === sha256)
    if (first === undefined) return []
    return [{ where: path, what: `has the same content as ${first.path}`, todo: 'Give each file once.' }]
  })
}

async function lookAt(path: string, absolutePath: string): Promise<SourceFile | Fault> {
  try {
    const isCompressed = await startsWithMagic(absolutePath)
    const firstLine = await firstLineOf(absolutePath, isCompressed)
    const format = formatOf(firstLine)
    if (format === undefined) {
      const what = 'its first line is that of no tool whose results can be imported'
      return { where: path, what, todo: adviceFor(firstLine) }
    }
    const delimiter = delimiterOf(firstLine)
    return { path, absolutePath, format, isCompressed, delimiter, ...(await digestOf(absolutePath)) }
  } catch (error) {
    return unreadable(path, error)
  }
}

function unreadable(path: string, cause: unknown): Fault {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return { where: path, what: `cannot be read: ${reason}`, todo: 'Give the whole file of a finished run.' }
}

async function startsWithMagic(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(GZIP_MAGIC.length), 0, GZIP_MAGIC.length, 0)
    return buffer.subarray(0, bytesRead).equals(GZIP_MAGIC)
  } finally {
    await file.close()
  }
}

async function firstLineOf(path: string, isCompressed: boolean): Promise<string> {
  let head = ''
  for await (const chunk of textOf(path, isCompressed)) {
    head += String(chunk)
    if (head.length >= HEAD_CHARACTERS || head.includes('\n')) break
  }
  return (/^\uFEFF?([^\r\n]*)/.exec(head)?.[1] ?? '').slice(0, HEAD_CHARACTERS)
}

async function digestOf(path: string): Promise<Pick<SourceFile, 'sizeBytes' | 'sha256'>> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    sizeBytes += chunk.length
  }
  return { sizeBytes, sha256: hash.digest('hex') }
}

/** A stream of text. Ends in whatever goes wrong with the file. */
function textOf(path: string, isCompressed: boolean): Readable {
  const file = createReadStream(path)
  // The stream that is read tells of errors of the one before it.
  const plain = isCompressed ? pipeline(file, createGunzip(), () => {}) : file
  return plain.setEncoding('utf8')
}

/** The rows of a table behind its header. @throws UserError (usage) */
export async function* fieldsOf({
  path,
  absolutePath,
  isCompressed,
  delimiter,
}: SourceFile): AsyncGenerator<Fields> {
  // A row that lacks columns is the matter of whoever reads it.
  const parser = parse({ bom: true, delimiter, relax_column_count: true, skip_empty_lines: true })
  const rows: AsyncIterable<string[]> = pipeline(textOf(absolutePath, isCompressed), parser, () => {})
  let header: ReadonlyMap<string, number> | undefined
  try {
    for await (const values of rows) {
      if (header === undefined) header = headerOf(values)
      else yield new Fields(header, values)
    }
  } catch (error) {
    throw new UserError(EXIT.usage, [unreadable(path, error)], { cause: error })
  }
}

/** The lines of a file, without empty ones. @throws UserError (usage) */
export async function* linesOf({ path, absolutePath, isCompressed }: SourceFile): AsyncGenerator<string> {
  let rest = ''
  try {
    // The readline module would end as if nothing were wrong when the file is cut off.
    for await (const chunk of textOf(absolutePath, isCompressed)) {
      const lines = (rest + String(chunk)).split(/\r?\n/)
      rest = lines.pop() ?? ''
      for (const line of lines) if (line !== '') yield line
    }
  } catch (error) {
    throw new UserError(EXIT.usage, [unreadable(path, error)], { cause: error })
  }
  if (rest !== '') yield rest
}
