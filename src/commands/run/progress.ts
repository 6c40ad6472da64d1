import { renderLive, renderRow, renderRowHeader, type LiveState } from '../../report/live.ts'
import type { Io, OutputStream } from '../io.ts'

/** Rows in a log that is no terminal: often enough that no CI takes the job for dead, few enough to read. Updates come once a second. */
const ROW_EVERY_S = 10

const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
const ERASE_BELOW = '\u001b[J'

const MIN_WIDTH = 60
const MAX_WIDTH = 120

/** Width to lay text out for. */
export function widthOf(stream: OutputStream): number {
  return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, stream.columns ?? 100))
}

/** Shows how a run goes on: a block rewritten in place on a terminal, a row every 10 s elsewhere. Never in the engine's thread. */
export interface Progress {
  /** Draws the state, or does not even ask for it. */
  update(state: () => LiveState): void
  /** A line of its own, above the block. */
  log(text: string): void
  /** Leaves the terminal as it was; the last frame stays. */
  end(): void
}

export function createProgress(io: Io, quiet: boolean): Progress {
  if (quiet) return { update: () => {}, log: (text) => io.stderr.write(`${text}\n`), end: () => {} }
  return io.stderr.isTTY && io.env['TERM'] !== 'dumb' ? new LiveBlock(io) : new Rows(io.stderr)
}

class LiveBlock implements Progress {
  readonly #stream: OutputStream
  #frame = ''

  constructor(io: Io) {
    this.#stream = io.stderr
    this.#stream.write(HIDE_CURSOR)
  }

  update(state: () => LiveState): void {
    const erase = this.#erase()
    this.#frame = `${renderLive(state(), widthOf(this.#stream), this.#stream.style)}\n`
    this.#stream.write(erase + this.#frame)
  }

  log(text: string): void {
    const erase = this.#erase()
    this.#stream.write(`${erase}${text}\n${this.#frame}`)
  }

  end(): void {
    this.#frame = ''
    this.#stream.write(SHOW_CURSOR)
  }

  /** Back to the first line of the last frame, everything below erased. */
  #erase(): string {
    const lines = this.#frame.split('\n').length - 1
    return lines === 0 ? '' : `\u001b[${lines}A\r${ERASE_BELOW}`
  }
}

class Rows implements Progress {
  readonly #stream: OutputStream
  #seconds = 0
  #hasHeader = false
  #writtenUs = -1
  #last: (() => LiveState) | undefined

  constructor(stream: OutputStream) {
    this.#stream = stream
  }

  update(state: () => LiveState): void {
    this.#last = state
    this.#seconds++
    if (this.#seconds % ROW_EVERY_S === 0) this.#write(state())
  }

  log(text: string): void {
    this.#stream.write(`${text}\n`)
  }

  end(): void {
    if (this.#last !== undefined) this.#write(this.#last())
    this.#last = undefined
  }

  #write(state: LiveState): void {
    if (state.elapsedUs === this.#writtenUs) return
    this.#writtenUs = state.elapsedUs
    if (!this.#hasHeader) this.#stream.write(`${renderRowHeader()}\n`)
    this.#hasHeader = true
    this.#stream.write(`${renderRow(state)}\n`)
  }
}
