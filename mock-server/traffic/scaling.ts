/** How many instances stand behind a traffic manager, and when. */

/** So many instances from that time on. */
export interface CountStep {
  readonly atUs: number
  readonly count: number
}

/** A figure above which instances are added and below which they are taken away. */
export interface Trigger {
  /** `in-flight`: requests in flight per instance, at the evaluation. `throttled`: share of 429 and 503 since the last one. */
  readonly metric: 'in-flight' | 'throttled'
  readonly high: number
  /** Absent: none is ever taken away. */
  readonly low?: number
}

export interface ReactiveScaling {
  readonly kind: 'reactive'
  readonly min: number
  readonly max: number
  readonly trigger: Trigger
  /** From one evaluation to the next; the first is at that time. */
  readonly periodUs: number
  /** From the evaluation until an added instance takes requests. */
  readonly lagUs: number
  /**
   * For so long after instances have begun to take requests, or were taken away, no more are taken away: what was added has
   * just ended the overload, and taking it away would bring that back.
   */
  readonly cooldownUs: number
  /** How many are added or taken away at a time. */
  readonly step: number
}

export type ScalingConfig =
  /** In order of time; the first is at 0. */
  { readonly kind: 'schedule'; readonly steps: readonly CountStep[] } | ReactiveScaling

/** Counts the instances; time never goes back. */
export interface InstanceCounter {
  readonly activeCount: number
  /** Those that have been added and do not take requests yet. */
  readonly startingCount: number
  advance(nowUs: number): void
  /** Takes note of a reply. */
  note(isThrottled: boolean): void
}

/** @param inFlightAt requests in flight over all instances; asked only for times up to the one of `advance`. */
export function createCounter(config: ScalingConfig, inFlightAt: (atUs: number) => number): InstanceCounter {
  return config.kind === 'schedule' ? new Schedule(config.steps) : new Reaction(config, inFlightAt)
}

/** The most there ever are. */
export function mostInstances(config: ScalingConfig): number {
  return config.kind === 'reactive' ? config.max : Math.max(...config.steps.map(({ count }) => count))
}

/** How many there are at time 0. */
export function firstInstances(config: ScalingConfig): number {
  return config.kind === 'reactive' ? config.min : config.steps[0]!.count
}

class Schedule implements InstanceCounter {
  readonly #steps: readonly CountStep[]
  readonly startingCount = 0
  #next = 1
  activeCount: number

  constructor(steps: readonly CountStep[]) {
    this.#steps = steps
    this.activeCount = steps[0]!.count
  }

  advance(nowUs: number): void {
    while (this.#next < this.#steps.length && this.#steps[this.#next]!.atUs <= nowUs) {
      this.activeCount = this.#steps[this.#next++]!.count
    }
  }

  note(): void {}
}

class Reaction implements InstanceCounter {
  readonly #config: ReactiveScaling
  readonly #inFlightAt: (atUs: number) => number
  /** Instances that start, the earliest first. */
  readonly #starting: CountStep[] = []
  #nextTickUs: number
  #changedAtUs = -Infinity
  #replyCount = 0
  #throttledCount = 0
  activeCount: number

  constructor(config: ReactiveScaling, inFlightAt: (atUs: number) => number) {
    this.#config = config
    this.#inFlightAt = inFlightAt
    this.#nextTickUs = config.periodUs
    this.activeCount = config.min
  }

  get startingCount(): number {
    return this.#starting.reduce((total, { count }) => total + count, 0)
  }

  advance(nowUs: number): void {
    const { periodUs } = this.#config
    while (this.#nextTickUs <= nowUs && !this.#isAtRest()) {
      this.#start(this.#nextTickUs)
      this.#evaluate(this.#nextTickUs)
      this.#nextTickUs += periodUs
    }
    if (this.#nextTickUs <= nowUs) this.#nextTickUs = (Math.floor(nowUs / periodUs) + 1) * periodUs
    this.#start(nowUs)
  }

  note(isThrottled: boolean): void {
    this.#replyCount++
    if (isThrottled) this.#throttledCount++
  }

  /** No evaluation would change anything. */
  #isAtRest(): boolean {
    const { min, trigger } = this.#config
    const isLeast = trigger.low === undefined || this.activeCount === min
    const isIdle = this.#replyCount === 0 && this.#inFlightAt(this.#nextTickUs) === 0
    return isLeast && isIdle && this.#starting.length === 0
  }

  #start(nowUs: number): void {
    while (this.#starting.length > 0 && this.#starting[0]!.atUs <= nowUs) {
      const { atUs, count } = this.#starting.shift()!
      this.activeCount += count
      this.#changedAtUs = atUs
    }
  }

  #evaluate(atUs: number): void {
    const { max, trigger, lagUs, step } = this.#config
    const { high, low = -1 } = trigger
    const load = this.#load(atUs)
    this.#replyCount = 0
    this.#throttledCount = 0
    const addedCount = Math.min(step, max - this.activeCount - this.startingCount)
    if (load > high && addedCount > 0) this.#starting.push({ atUs: atUs + lagUs, count: addedCount })
    if (load < low && this.#starting.length === 0) this.#takeAway(atUs)
    this.#start(atUs)
  }

  #takeAway(atUs: number): void {
    const { min, step, cooldownUs } = this.#config
    if (this.activeCount === min || atUs - this.#changedAtUs < cooldownUs) return
    this.activeCount = Math.max(min, this.activeCount - step)
    this.#changedAtUs = atUs
  }

  #load(atUs: number): number {
    if (this.#config.trigger.metric === 'in-flight') return this.#inFlightAt(atUs) / this.activeCount
    return this.#replyCount === 0 ? 0 : this.#throttledCount / this.#replyCount
  }
}
