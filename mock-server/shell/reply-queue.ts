import TinyQueue from 'tinyqueue'

/** Timers fire up to 1.1 ms late, so the last stretch before a reply is polled. */
const POLL_US = 1_200
/** Longest that a timer can wait, a little less than 2^31 ms. */
const MAX_SLEEP_MS = 2_147_483_000

interface Pending {
  readonly dueUs: number
  /** Of two that are due together the one that was added first goes first. */
  readonly sequence: number
  readonly run: () => void
}

/**
 * Runs things when they are due: never early, and normally less than 0.2 ms late. Sleeps while nothing is near.
 * Times are the mock's; `timeScale` of its seconds pass in a real one.
 */
export class ReplyQueue {
  readonly #nowUs: () => number
  readonly #timeScale: number
  readonly #pending = new TinyQueue<Pending>([], earlier)
  #sequence = 0
  #timer: NodeJS.Timeout | undefined
  #timerDueUs = Infinity
  #immediate: NodeJS.Immediate | undefined

  constructor(nowUs: () => number, timeScale: number) {
    this.#nowUs = nowUs
    this.#timeScale = timeScale
  }

  /** Runs at once what is due already. */
  add(dueUs: number, run: () => void): void {
    if (dueUs <= this.#nowUs()) return run()
    this.#pending.push({ dueUs, sequence: this.#sequence++, run })
    this.#arm(dueUs)
  }

  clear(): void {
    while (this.#pending.length > 0) this.#pending.pop()
    this.#disarm()
  }

  /** Sees to it that what is due then is waited for, by a timer while it is far and by polling when it is near. */
  #arm(dueUs: number): void {
    if (this.#immediate !== undefined || dueUs >= this.#timerDueUs) return
    this.#disarm()
    const sleepMs = Math.floor(((dueUs - this.#nowUs()) / this.#timeScale - POLL_US) / 1_000)
    if (sleepMs < 1) {
      this.#immediate = setImmediate(this.#wake)
    } else {
      this.#timer = setTimeout(this.#wake, Math.min(sleepMs, MAX_SLEEP_MS))
      this.#timerDueUs = dueUs
    }
  }

  #disarm(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#immediate)
    this.#timer = undefined
    this.#timerDueUs = Infinity
    this.#immediate = undefined
  }

  readonly #wake = (): void => {
    this.#disarm()
    let next = this.#pending.peek()
    for (; next !== undefined && next.dueUs <= this.#nowUs(); next = this.#pending.peek()) {
      this.#pending.pop()
      next.run()
    }
    if (next !== undefined) this.#arm(next.dueUs)
  }
}

function earlier(first: Pending, second: Pending): number {
  return first.dueUs - second.dueUs || first.sequence - second.sequence
}
