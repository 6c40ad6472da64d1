/** An action that was offered, in which slot and what it earned. */
export interface Choice {
  /** `''`: of a Rank without slots. */
  readonly slotId: string
  readonly actionId: string
  rewardCount: number
  rewardSum: number
  firstReward: number
}

/** One Rank with its rewards. */
export interface RankEvent {
  readonly id: string
  readonly rankedAtUs: number
  /** Inactive ones are never learned from. */
  isActive: boolean
  readonly choices: readonly Choice[]
}

/** Gaps at the front of the array are closed when they are this long and make up half of it. */
const MIN_GAP = 1_024

/**
 * Events in the order of their Ranks, those whose rewards are still awaited last:
 *
 *     #events  [ gap | settled … | open … ]
 *                    ^ #first    ^ #firstOpen
 */
export class EventLog {
  readonly #maxEvents: number
  #events: RankEvent[] = []
  #first = 0
  #firstOpen = 0
  readonly #openById = new Map<string, RankEvent>()
  #droppedOpenCount = 0

  /** @param maxEvents that are kept, open ones included; beyond them the oldest make room. */
  constructor(maxEvents: number) {
    this.#maxEvents = maxEvents
  }

  get size(): number {
    return this.#events.length - this.#first
  }

  get openCount(): number {
    return this.#events.length - this.#firstOpen
  }

  /** How many open events have made room for new ones, so that nothing was learned from them. */
  get droppedOpenCount(): number {
    return this.#droppedOpenCount
  }

  get oldest(): RankEvent | undefined {
    return this.#events[this.#first]
  }

  get newest(): RankEvent | undefined {
    return this.size === 0 ? undefined : this.#events.at(-1)
  }

  /** Adds an open event; one of the same id that is open already stays and takes its place. */
  open(event: RankEvent): void {
    if (this.#openById.has(event.id)) return
    if (this.size === this.#maxEvents) this.#dropOldest()
    this.#events.push(event)
    this.#openById.set(event.id, event)
  }

  findOpen(id: string): RankEvent | undefined {
    return this.#openById.get(id)
  }

  /** Closes the open events that were ranked at or before a time. @returns them, oldest first. */
  settle(rankedAtUs: number): RankEvent[] {
    const from = this.#firstOpen
    for (;;) {
      const event = this.#events[this.#firstOpen]
      if (event === undefined || event.rankedAtUs > rankedAtUs) break
      this.#openById.delete(event.id)
      this.#firstOpen++
    }
    return from === this.#firstOpen ? [] : this.#events.slice(from, this.#firstOpen)
  }

  /** The closed events that were ranked in [from, to], oldest first. */
  settledBetween(fromUs: number, toUs: number): RankEvent[] {
    const settled = this.#events.slice(this.#first, this.#firstOpen)
    return settled.filter(({ rankedAtUs }) => rankedAtUs >= fromUs && rankedAtUs <= toUs)
  }

  /** Forgets closed events that were ranked before a time. */
  expire(rankedBeforeUs: number): void {
    while (this.#first < this.#firstOpen && this.#events[this.#first]!.rankedAtUs < rankedBeforeUs)
      this.#first++
    this.#closeGap()
  }

  clear(): void {
    this.#events = []
    this.#first = 0
    this.#firstOpen = 0
    this.#openById.clear()
  }

  #dropOldest(): void {
    if (this.#first === this.#firstOpen) {
      this.#openById.delete(this.#events[this.#first]!.id)
      this.#firstOpen++
      this.#droppedOpenCount++
    }
    this.#first++
    this.#closeGap()
  }

  #closeGap(): void {
    if (this.#first < MIN_GAP || this.#first * 2 < this.#events.length) return
    this.#events = this.#events.slice(this.#first)
    this.#firstOpen -= this.#first
    this.#first = 0
  }
}
