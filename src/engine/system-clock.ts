import { performance } from 'node:perf_hooks'
import { US_PER_MS } from '../core/units.ts'
import type { Clock, Precision, Timer } from './clock.ts'
import { ClockWatcher } from './clock-watcher.ts'
import { nap } from './pause.ts'
import { TimerQueue } from './timer-queue.ts'

/**
 * `setTimeout` counts whole milliseconds of the loop's own truncated time: asked for n ms it fires n-1 to n+1 ms later, and
 * where the core has to be woken first, one to three more. What is left until an exact timer is due is napped or polled away.
 */
const EARLY_MS = 3

/** Below this distance to an exact timer the clock polls (one turn of the event loop a poll, so sockets are served meanwhile). */
const POLL_WITHIN_US = 2_000

/** Below this distance it naps, a turn of the event loop between two naps, while nothing is expected from outside. */
const NAP_WITHIN_US = (EARLY_MS + 2) * US_PER_MS

/** What comes during a nap has to wait, such as a message of the main thread. */
const LONGEST_NAP_US = 800

/**
 * No more naps: 99 of 100 end less than half a millisecond late, the others up to one. With 500 here and 300 below the 99th
 * percentile of rare arrivals was three times that of a bare loop, with 1,100 and 500 it was the same; each 0.1 ms costs half a
 * percent of a core at 50/s.
 */
const AWAKE_WITHIN_US = 800

/**
 * What an iteration takes from its arrival to its first write where the one before was long ago: 200 µs for 30, since code and
 * data have left the core's caches. Such an arrival is fired so much ahead, and what it sends is held back until it is due.
 */
const LEAD_US = 400

/**
 * Nearer to the one before: this, and two thirds of the time between them at most. Code and data are in the caches, unless the
 * main thread or the machine has had the core; then the same takes 60 to 130 instead of 15 µs. Without it the 99th percentile at
 * 1,000/s was half as long again.
 */
const NEAR_LEAD_US = 150

/**
 * While nothing is expected from outside the loop need not turn until so shortly before an exact timer is fired. It does then, or an
 * idle connection that the server has just closed would be taken for open.
 */
const APPROACH_US = 40

/** A turn no longer before the firing than this will do: every turn leaves a third of a kilobyte of garbage. */
const FRESH_US = 100

/** What a reading of the thread's vitals takes, a hundred times a second: so near an exact timer a coarse one comes behind it. */
const COARSE_ROOM_US = 60

/** What a snapshot takes: a spare timer fires when no exact one is due for so long. */
const SPARE_ROOM_US = 600
/**
 * At thousands of arrivals a second there never is that room. When it has waited so long a spare timer fires behind an exact
 * one, which leaves it all the time there is until the next; at any moment between them it made twice as many late.
 */
const SPARE_PATIENCE_US = 5_000

/**
 * So long timers that are due may be fired before the loop turns and replies are read. Were all fired at once, a generator that
 * is behind, as one that is still being compiled, would need a VU and a connection for every one of them: at 5,000/s a thousand
 * in the first half second, with response times of 250 ms that were its own.
 */
const UNREAD_US = 100

/** The real, monotonic clock. */
export class SystemClock implements Clock {
  readonly #isExpecting: () => boolean
  readonly #createdMs = performance.now()
  #originUs = 0
  readonly #queues: Readonly<Record<Precision, TimerQueue>> = {
    exact: new TimerQueue(),
    coarse: new TimerQueue(),
    spare: new TimerQueue(),
  }
  readonly #watcher = new ClockWatcher(() => this.#realUs())
  #timeout: NodeJS.Timeout | undefined
  #timeoutAtUs = Infinity
  #immediate: NodeJS.Immediate | undefined
  #firing = false
  /** What the last exact timer was set to. It may have been fired ahead: what it runs takes that time for now. */
  #firedAtUs = -Infinity
  #hostOperations = 0
  #polledUs = 0
  #nappedUs = 0

  /**
   * @param isExpecting whether anything may come in from outside, such as a reply: the event loop must turn then.
   * A host operation under way counts as well. Default: always.
   */
  constructor(isExpecting: () => boolean = () => true) {
    this.#isExpecting = isExpecting
  }

  get polledUs(): number {
    return this.#polledUs
  }

  /** How much of what it polled the thread slept, though its event loop counts it as active. */
  get nappedUs(): number {
    return this.#nappedUs
  }

  uptimeUs(): number {
    return Math.max(this.#realUs(), this.#firedAtUs)
  }

  #realUs(): number {
    return Math.floor((performance.now() - this.#createdMs) * US_PER_MS)
  }

  nowUs(): number {
    return this.uptimeUs() - this.#originUs
  }

  rebase(): void {
    this.#originUs = this.uptimeUs()
  }

  schedule(atUs: number, run: () => void, precision: Precision): Timer {
    const timer = this.#queues[precision].add(atUs + this.#originUs, run)
    this.#arm()
    return timer
  }

  beginHostOperation(): void {
    this.#hostOperations++
  }

  endHostOperation(): void {
    this.#hostOperations--
  }

  /**
   * Waits until it is the time that `nowUs` tells, when an exact timer was fired ahead. To be called when all is prepared, and
   * before anything leaves for outside.
   */
  catchUp(): void {
    const startUs = this.#realUs()
    if (startUs >= this.#firedAtUs) return
    this.#polledUs += this.#watcher.waitUntil(this.#firedAtUs, startUs) - startUs
  }

  /**
   * Makes sure that something wakes us in time: a poll when an exact timer is near, else a platform timer.
   *
   * @param asOfUs the time, where it has just been looked at.
   */
  #arm(asOfUs?: number): void {
    if (this.#firing || this.#immediate !== undefined) return
    const nowUs = asOfUs ?? this.#realUs()
    const exactUs = this.#nextUs('exact')
    const coarseUs = this.#nextUs('coarse')
    const nearUs = this.#isAtRest(exactUs) ? NAP_WITHIN_US : POLL_WITHIN_US
    if (exactUs - nowUs <= nearUs || coarseUs <= nowUs) {
      this.#immediate = setImmediate(this.#poll)
      return
    }
    const wakeUs = Math.min(exactUs - EARLY_MS * US_PER_MS, coarseUs, this.#nextUs('spare'))
    if (wakeUs < this.#timeoutAtUs) this.#setTimeout(wakeUs, nowUs)
  }

  /** `Infinity` when there is none. */
  #nextUs(precision: Precision): number {
    return this.#queues[precision].nextUs() ?? Infinity
  }

  #setTimeout(wakeUs: number, nowUs: number): void {
    clearTimeout(this.#timeout)
    this.#timeoutAtUs = wakeUs
    // Longer waits than setTimeout can count (24.8 days) wake early and arm again.
    this.#timeout = setTimeout(this.#wake, Math.min(Math.floor((wakeUs - nowUs) / US_PER_MS), 2_147_483_647))
  }

  readonly #wake = (): void => {
    this.#timeout = undefined
    this.#timeoutAtUs = Infinity
    this.#fire(this.#realUs())
  }

  readonly #poll = (): void => {
    this.#immediate = undefined
    this.#fire(this.#look())
  }

  /** Passes the time until the next exact timer is due, or a short while of it. @returns the time after it. */
  #look(): number {
    const dueUs = this.#queues.exact.nextUs() ?? 0
    const startUs = this.#realUs()
    const nowUs = this.#isAtRest(dueUs) ? this.#restUntil(dueUs, startUs) : this.#stayUntil(dueUs, startUs)
    this.#polledUs += nowUs - startUs
    return nowUs
  }

  /**
   * The exact timer is so far from the one before that the thread sleeps between them, and nothing is expected: that may be
   * slept away, and what comes then can be prepared ahead without keeping anything waiting.
   */
  #isAtRest(dueUs: number): boolean {
    return dueUs - this.#firedAtUs > POLL_WITHIN_US && this.#isQuiet
  }

  /** How much ahead of its time an exact timer is fired. */
  #leadUs(dueUs: number): number {
    if (this.#isAtRest(dueUs)) return LEAD_US
    if (!this.#isQuiet) return 0
    return Math.max(0, Math.min(Math.floor(((dueUs - this.#firedAtUs) * 2) / 3), NEAR_LEAD_US))
  }

  get #isQuiet(): boolean {
    return this.#hostOperations === 0 && !this.#isExpecting()
  }

  /** @returns the time after a nap, or a few looks where it is too late for one. */
  #restUntil(dueUs: number, startUs: number): number {
    const untilUs = Math.min(dueUs - AWAKE_WITHIN_US, this.#othersUs(startUs))
    if (startUs >= untilUs) return this.#watcher.pollUntil(dueUs - LEAD_US, startUs)
    nap(Math.min(untilUs - startUs, LONGEST_NAP_US))
    const nowUs = this.#realUs()
    this.#nappedUs += nowUs - startUs
    return nowUs
  }

  /** @returns the time after a few looks, or as soon as it is due. */
  #stayUntil(dueUs: number, startUs: number): number {
    return this.#isQuiet ? this.#waitUntil(dueUs, startUs) : this.#watcher.pollUntil(dueUs, startUs)
  }

  /**
   * The loop need not turn now, but has to once more shortly before the exact timer. A turn leaves 344 bytes of garbage, and as
   * many turns as fit into a second made half of all there was to collect.
   */
  #waitUntil(dueUs: number, startUs: number): number {
    const firedUs = dueUs - this.#leadUs(dueUs)
    if (startUs >= firedUs - FRESH_US) return this.#watcher.waitUntil(firedUs, startUs)
    const turnUs = Math.min(firedUs - APPROACH_US, this.#othersUs(startUs), startUs + POLL_WITHIN_US)
    return this.#watcher.waitUntil(turnUs, startUs)
  }

  /** When the next of the other timers may fire, unless an exact one comes first. */
  #othersUs(nowUs: number): number {
    const coarseUs = this.#nextUs('coarse')
    const spareUs = this.#nextUs('spare')
    const isSpareHeldUp = spareUs <= nowUs && !this.#hasRoom(nowUs)
    return Math.min(
      this.#isExactNear(Math.max(coarseUs, nowUs)) ? Infinity : coarseUs,
      isSpareHeldUp ? Infinity : spareUs,
    )
  }

  /** Whether no exact timer is due for as long as a spare one may take. */
  #hasRoom(nowUs: number): boolean {
    return this.#nextUs('exact') - nowUs >= SPARE_ROOM_US
  }

  /** Whether a coarse timer would keep the next exact one from being fired ahead, as it would be soon. */
  #isExactNear(nowUs: number): boolean {
    const exactUs = this.#nextUs('exact')
    return exactUs > nowUs && exactUs - nowUs < COARSE_ROOM_US && this.#isQuiet
  }

  /** Runs what is due as of now. What becomes due meanwhile waits for a later turn, so that sockets are never starved. */
  #fire(nowUs: number): void {
    let hasFired = true
    this.#firing = true
    try {
      hasFired = this.#fireDue(nowUs)
      const spare = this.#takeSpare(nowUs, hasFired)
      if (spare !== undefined) {
        hasFired = true
        spare()
        // What it has made late need not wait for replies to be read, too.
        this.#fireDue(this.#realUs())
      }
    } finally {
      this.#firing = false
      this.#arm(hasFired ? undefined : nowUs)
    }
  }

  /** @returns whether anything was due. */
  #fireDue(nowUs: number): boolean {
    let hasFired = false
    for (let run = this.#takeDue(nowUs); run !== undefined; run = this.#takeAnother(nowUs)) {
      hasFired = true
      run()
    }
    if (!hasFired) return false
    // A crowd of exact timers, such as VUs that begin together, does not keep what is due after it from ever being fired.
    this.#queues.coarse.takeDue(nowUs)?.()
    this.catchUp()
    return true
  }

  /** The next one, unless the first have taken so long that replies come before it. */
  #takeAnother(nowUs: number): (() => void) | undefined {
    return this.#realUs() - nowUs < UNREAD_US ? this.#takeDue(nowUs) : undefined
  }

  /** The earliest timer of the punctual kinds that is due, or the next exact one where it is fired ahead. */
  #takeDue(nowUs: number): (() => void) | undefined {
    const { exact, coarse } = this.#queues
    const exactUs = this.#nextUs('exact')
    const isCoarseFirst = this.#nextUs('coarse') < Math.min(exactUs, nowUs + 1)
    if (isCoarseFirst && !this.#isExactNear(nowUs)) return coarse.takeDue(nowUs)
    const aheadUs = nowUs + this.#leadUs(exactUs)
    if (exactUs > aheadUs) return undefined
    this.#firedAtUs = exactUs
    return exact.takeDue(aheadUs)
  }

  /** The earliest spare timer, if it is due and there is as much room for it as there will be. */
  #takeSpare(nowUs: number, hasJustFired: boolean): (() => void) | undefined {
    const atUs = this.#nextUs('spare')
    if (atUs > nowUs) return undefined
    const isImpatient = hasJustFired && nowUs >= atUs + SPARE_PATIENCE_US
    return isImpatient || this.#hasRoom(this.#realUs()) ? this.#queues.spare.takeDue(nowUs) : undefined
  }
}
