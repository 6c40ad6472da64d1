import { resolve } from 'node:path'
import { plainStyler, type Styler } from '../../report/style.ts'
import type { Io } from '../io.ts'
import { widthOf } from '../run/progress.ts'
import { writeDocument } from '../write-document.ts'
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
    const document = format === 'text' ? documents.text(look) : documents[format]()
    return writeDocument(resolve(cwd, out), document, 'Choose another place with --out FILE.')
  }
  if (format === 'text') stderr.write(documents.text({ color: stderr.style, width: widthOf(stderr) }))
  else stdout.write(documents[format]())
}
