import { stripVTControlCharacters } from 'node:util'
import { US_PER_MS } from '../../core/units.ts'
import { length } from '../../report/layout.ts'
import { renderRow, renderRowHeader } from '../../report/live-row.ts'
import { renderLive, type LiveState } from '../../report/live.ts'
import type { Io, OutputStream } from '../io.ts'

/** Rows in a log that is no terminal: often enough that no CI takes the job for dead, few enough to read. */
const ROW_EVERY_MS = 10_000
/** Updates come once a second, but not to the millisecond: the tenth must not be missed. */
const ROW_EARLY_MS = 500
/** Between two updates the clock of a block goes on. */
const TICK_EVERY_MS = 250
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
  /** How many seconds the rates that it shows should be means of. */
  readonly rateSeconds: number
  /** Draws the state, or does not even ask for it. */
  update(state: () => LiveState): void
  /** A line of its own, above the block. */
  log(text: string): void
  /** Leaves the terminal as it was; the last frame stays. */
  end(): void
}

export interface ProgressOptions {
  readonly isQuiet: boolean
  /** Virtual time does not go on between two updates. */
  readonly isVirtual: boolean
}

/** @param nowMs of a monotonic clock. */
export function createProgress(
  { stderr, env }: Pick<Io, 'stderr' | 'env'>,
  { isQuiet, isVirtual }: ProgressOptions,
  nowMs: () => number = () => performance.now(),
): Progress {
  if (isQuiet) return new LinesAlone(stderr)
  // A block on a narrower terminal would say next to nothing.
  const canRewrite = stderr.isTTY && env['TERM'] !== 'dumb' && (stderr.columns ?? 0) >= MIN_WIDTH
  if (!canRewrite) return new Rows(stderr, nowMs)
  return new LiveBlock(stderr, { nowMs, isUnicode: takesUnicode(env), ticks: !isVirtual })
}

/** The locale's encoding, found as POSIX has it; without one that is ASCII. */
function takesUnicode(env: Io['env']): boolean {
  return /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '')
}

class LinesAlone implements Progress {
  readonly rateSeconds = 1
  readonly #stream: OutputStream

  constructor(stream: OutputStream) {
    this.#stream = stream
  }

  update(): void {}

  log(text: string): void {
    this.#stream.write(`${text}\n`)
  }

  end(): void {}
}

interface BlockOptions {
  readonly nowMs: () => number
  readonly isUnicode: boolean
  readonly ticks: boolean
}

class LiveBlock implements Progress {
  readonly rateSeconds = 1
  readonly #stream: OutputStream
  readonly #options: BlockOptions
  readonly #ticker: NodeJS.Timeout | undefined
  /** On the screen. */
  #frame = ''
  #drawnMs = -Infinity
  /** Drawn last, and when it was true. */
  #state: LiveState | undefined
  #stateMs = 0
  /** Not drawn yet. */
  #pending: (() => LiveState) | undefined
  #hasEnded = false

  constructor(stream: OutputStream, options: BlockOptions) {
    this.#stream = stream
    this.#options = options
    this.#ticker = options.ticks ? setInterval(() => this.#tick(), TICK_EVERY_MS).unref() : undefined
    this.#stream.write(HIDE_CURSOR)
  }

  update(state: () => LiveState): void {
    this.#pending = state
    if (this.#options.nowMs() - this.#drawnMs >= FRAME_EVERY_MS) this.#drawPending()
  }

  log(text: string): void {
    this.#stream.write(`${this.#erase()}${text}\n${this.#frame}`)
  }

  end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    clearInterval(this.#ticker)
    this.#drawPending()
    this.#frame = ''
    this.#stream.write(SHOW_CURSOR)
  }

  #tick(): void {
    if (this.#pending !== undefined) return this.#drawPending()
    if (this.#state === undefined) return
    const sinceUs = Math.round((this.#options.nowMs() - this.#stateMs) * US_PER_MS)
    this.#draw({ ...this.#state, elapsedUs: this.#state.elapsedUs + sinceUs })
  }

  #drawPending(): void {
    if (this.#pending === undefined) return
    this.#state = this.#pending()
    this.#stateMs = this.#options.nowMs()
    this.#pending = undefined
    this.#draw(this.#state)
  }

  #draw(state: LiveState): void {
    this.#drawnMs = this.#options.nowMs()
    const erase = this.#erase()
    const { isUnicode } = this.#options
    const { style } = this.#stream
    const width = Math.min(MAX_WIDTH, this.#stream.columns ?? MAX_WIDTH)
    // The cursor stands below the block.
    const maxLines = Math.max(1, (this.#stream.rows ?? Infinity) - 1)
    this.#frame = `${renderLive(state, { width, maxLines, style, isUnicode })}\n`
    this.#stream.write(erase + this.#frame)
  }

  /** Back to the first line of the last frame, everything below erased. A terminal made narrower has broken its lines. */
  #erase(): string {
    const columns = this.#stream.columns ?? MAX_WIDTH
    const lines = stripVTControlCharacters(this.#frame).split('\n').slice(0, -1)
    const rowCount = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(length(line) / columns)), 0)
    return rowCount === 0 ? '' : `\u001b[${rowCount}A\r${ERASE_BELOW}`
  }
}

class Rows implements Progress {
  readonly rateSeconds = 10
  readonly #stream: OutputStream
  readonly #nowMs: () => number
  #nextMs: number
  #lookedMs = -Infinity
  #hasHeader = false
  /** Looked at last; and written last. */
  #state: LiveState | undefined
  #written: LiveState | undefined
  /** Not looked at yet. */
  #pending: (() => LiveState) | undefined

  constructor(stream: OutputStream, nowMs: () => number) {
    this.#stream = stream
    this.#nowMs = nowMs
    this.#nextMs = nowMs() + ROW_EVERY_MS
  }

  update(state: () => LiveState): void {
    this.#pending = state
    const nowMs = this.#nowMs()
    if (nowMs - this.#lookedMs < FRAME_EVERY_MS) return
    this.#lookedMs = nowMs
    this.#look()
    if (nowMs < this.#nextMs - ROW_EARLY_MS) return
    this.#nextMs = Math.max(this.#nextMs + ROW_EVERY_MS, nowMs)
    this.#write(this.#state)
  }

  log(text: string): void {
    this.#stream.write(`${text}\n`)
  }

  end(): void {
    this.#look()
    this.#write(this.#state)
  }

  /** A phase that ends has a row, however short it was. */
  #look(): void {
    if (this.#pending === undefined) return
    const state = this.#pending()
    this.#pending = undefined
    const last = this.#state
    if (last !== undefined && last.phase !== state.phase && last.phase !== this.#written?.phase) {
      this.#write(last)
    }
    this.#state = state
  }

  #write(state: LiveState | undefined): void {
    // Before the load begins there is nothing to put into a row.
    if (state === undefined || state.phase === 'setup' || state === this.#written) return
    this.#written = state
    if (!this.#hasHeader) this.#stream.write(`${renderRowHeader()}\n`)
    this.#hasHeader = true
    this.#stream.write(`${renderRow(state)}\n`)
  }
}
