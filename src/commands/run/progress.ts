import { renderLive, renderRow, renderRowHeader, type LiveState } from '../../report/live.ts'
import type { Io, OutputStream } from '../io.ts'

/** Rows in a log that is no terminal: often enough that no CI takes the job for dead, few enough to read. */
const ROW_EVERY_MS = 10_000
/** Updates come once a second, but not to the millisecond: the tenth must not be missed. */
const ROW_EARLY_MS = 500
/** Virtual time has many seconds in one of ours; nobody reads more frames than this. */
const FRAME_EVERY_MS = 100

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

/** @param nowMs of a monotonic clock. */
export function createProgress(
  { stderr, env }: Pick<Io, 'stderr' | 'env'>,
  quiet: boolean,
  nowMs: () => number = () => performance.now(),
): Progress {
  if (quiet) return { update: () => {}, log: (text) => stderr.write(`${text}\n`), end: () => {} }
  // On a narrower terminal the lines of a block would wrap, and rewriting it would leave pieces behind.
  const canRewrite = stderr.isTTY && env['TERM'] !== 'dumb' && (stderr.columns ?? 0) >= MIN_WIDTH
  return canRewrite ? new LiveBlock(stderr, nowMs) : new Rows(stderr, nowMs)
}

class LiveBlock implements Progress {
  readonly #stream: OutputStream
  readonly #nowMs: () => number
  #frame = ''
  #drawnMs = -Infinity
  /** Not drawn yet. */
  #pending: (() => LiveState) | undefined
  #hasEnded = false

  constructor(stream: OutputStream, nowMs: () => number) {
    this.#stream = stream
    this.#nowMs = nowMs
    this.#stream.write(HIDE_CURSOR)
  }

  update(state: () => LiveState): void {
    this.#pending = state
    if (this.#nowMs() - this.#drawnMs >= FRAME_EVERY_MS) this.#draw(state)
  }

  log(text: string): void {
    const erase = this.#erase()
    this.#stream.write(`${erase}${text}\n${this.#frame}`)
  }

  end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    if (this.#pending !== undefined) this.#draw(this.#pending)
    this.#frame = ''
    this.#stream.write(SHOW_CURSOR)
  }

  #draw(state: () => LiveState): void {
    this.#pending = undefined
    this.#drawnMs = this.#nowMs()
    const erase = this.#erase()
    this.#frame = `${renderLive(state(), widthOf(this.#stream), this.#stream.style)}\n`
    this.#stream.write(erase + this.#frame)
  }

  /** Back to the first line of the last frame, everything below erased. */
  #erase(): string {
    const lines = this.#frame.split('\n').length - 1
    return lines === 0 ? '' : `\u001b[${lines}A\r${ERASE_BELOW}`
  }
}

class Rows implements Progress {
  readonly #stream: OutputStream
  readonly #nowMs: () => number
  #nextMs: number
  #hasHeader = false
  #writtenUs = -1
  #last: (() => LiveState) | undefined

  constructor(stream: OutputStream, nowMs: () => number) {
    this.#stream = stream
    this.#nowMs = nowMs
    this.#nextMs = nowMs() + ROW_EVERY_MS
  }

  update(state: () => LiveState): void {
    this.#last = state
    if (this.#nowMs() < this.#nextMs - ROW_EARLY_MS) return
    this.#nextMs = Math.max(this.#nextMs + ROW_EVERY_MS, this.#nowMs())
    this.#write(state())
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
