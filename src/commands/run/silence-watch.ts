/** Notices when another thread has said nothing for so long. */
export class SilenceWatch {
  readonly #timer: NodeJS.Timeout
  readonly #onSilence: () => void
  #lastLook: NodeJS.Immediate | undefined

  constructor(limitMs: number, onSilence: () => void) {
    this.#onSilence = onSilence
    this.#timer = setTimeout(() => this.#lookOnce(), limitMs)
  }

  heard(): void {
    clearImmediate(this.#lastLook)
    this.#timer.refresh()
  }

  end(): void {
    clearImmediate(this.#lastLook)
    clearTimeout(this.#timer)
  }

  /** This thread may have been held up itself: messages that have come meanwhile are read after the timers. */
  #lookOnce(): void {
    this.#lastLook = setImmediate(this.#onSilence)
  }
}
