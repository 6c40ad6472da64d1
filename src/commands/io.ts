import { stylerFor, type Styler } from '../report/style.ts'

/** The terminal as a command sees it: human output goes to stderr, machine output to stdout. */
export interface Io {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Calls `listener` at each Ctrl-C (or SIGTERM) until the returned function is called. */
  onInterrupt(listener: () => void): () => void
  /** Ends the process at once. */
  quit(exitCode: number): void
}

export interface OutputStream {
  write(text: string): void
  readonly isTTY: boolean
  /** Undefined when it is no terminal. */
  readonly columns: number | undefined
  /** Lines of the terminal; undefined when it is none, or does not say. */
  readonly rows?: number | undefined
  /** Colours, where this stream takes them. */
  readonly style: Styler
}

/** The process's own streams and signals. */
export function processIo(): Io {
  return {
    stdout: outputStream(process.stdout),
    stderr: outputStream(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    onInterrupt: (listener) => {
      process.on('SIGINT', listener).on('SIGTERM', listener)
      return () => process.off('SIGINT', listener).off('SIGTERM', listener)
    },
    quit: (exitCode) => process.exit(exitCode),
  }
}

function outputStream(stream: NodeJS.WriteStream): OutputStream {
  stream.on('error', ignoreGoneReader)
  return {
    write: (text) => void stream.write(text),
    style: stylerFor(stream),
    get isTTY() {
      return stream.isTTY
    },
    get columns() {
      return stream.isTTY ? stream.columns : undefined
    },
    get rows() {
      return stream.isTTY ? stream.rows : undefined
    },
  }
}

/** Whoever read the output, such as `head`, may stop: that is no reason for a run to end. */
function ignoreGoneReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
