import { resolve } from 'node:path'
import { EXIT, UserError } from '../../core/errors.ts'
import { plainStyler, type Styler } from '../../report/style.ts'
import { writeAtomically } from '../../run-files/atomic-file.ts'
import type { Io } from '../io.ts'
import { widthOf } from '../run/progress.ts'
import type { OutputRequest } from './nights/request.ts'

/** What came out, in every format. */
export interface Documents {
  readonly text: (look: { readonly color: Styler; readonly width: number }) => string
  readonly markdown: () => string
  readonly csv: () => string
  readonly json: () => string
  readonly html: () => string
}

/** Of text in a file, which has no terminal. */
const FILE_WIDTH = 100

/**
 * Writes the document that was asked for: to the file, or else text to stderr and anything else to stdout.
 *
 * @throws UserError (usage) when the file cannot be written
 */
export async function deliver(
  documents: Documents,
  { format, out }: Pick<OutputRequest, 'format' | 'out'>,
  io: Io,
): Promise<void> {
  const { stderr, stdout, cwd } = io
  if (out !== undefined) {
    const look = { color: plainStyler, width: FILE_WIDTH }
    return write(resolve(cwd, out), format === 'text' ? documents.text(look) : documents[format]())
  }
  if (format === 'text') stderr.write(documents.text({ color: stderr.style, width: widthOf(stderr) }))
  else stdout.write(documents[format]())
}

async function write(path: string, document: string): Promise<void> {
  try {
    await writeAtomically(path, document)
  } catch (cause) {
    const what = `cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`
    const todo = 'Choose another place with --out FILE.'
    throw new UserError(EXIT.usage, [{ where: path, what, todo }], { cause })
  }
}
