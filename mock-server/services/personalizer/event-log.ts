import { EventColumns, type NewEvent, type RankEvent } from './event-columns.ts'
import { hashOf, IdIndex } from './id-index.ts'

/** Room at the start, a power of two; it doubles as needed. */
const FIRST_CAPACITY = 1_024
const NONE: readonly RankEvent[] = []

/**
 * Events in the order of their Ranks, those whose rewards are still awaited last, in a ring:
 *
 *     [ settled … | open …        |
 *       ^ #first    ^ #firstOpen    ^ #end
 *
 * Events are numbered as they come; the lower bits of an event's number are its position in the ring.
 */
export class EventLog {
  readonly #maxEvents: number
  #capacity = FIRST_CAPACITY
  #columns = new EventColumns(FIRST_CAPACITY)
  /** Of open events. */
  #index = new IdIndex(FIRST_CAPACITY)
  #first = 0
  #firstOpen = 0
  #end = 0
  #droppedOpenCount = 0

  /** @param maxEvents that are kept, open ones included; beyond them the oldest make room. */
  constructor(maxEvents: number) {
    this.#maxEvents = maxEvents
  }

  get size(): number {
    return this.#end - this.#first
  }

  get openCount(): number {
    return this.#end - this.#firstOpen
  }

  /** How many open events have made room for new ones, so that nothing was learned from them. */
  get droppedOpenCount(): number {
    return this.#droppedOpenCount
  }

  get oldest(): RankEvent | undefined {
    return this.size === 0 ? undefined : this.#read(this.#first)
  }

  get newest(): RankEvent | undefined {
    return this.size === 0 ? undefined : this.#read(this.#end - 1)
  }

  /** Adds an open event; one of the same id that is open already stays and takes its place. */
  open(event: NewEvent): void {
    const hash = hashOf(event.id)
    if (this.#index.find(event.id, hash, this.#columns.ids) !== -1) return
    if (this.size === this.#maxEvents) this.#dropOldest()
    if (this.size === this.#capacity) this.#grow()
    const position = this.#positionOf(this.#end++)
    this.#columns.write(position, event)
    this.#index.add(position, hash)
  }

  /** An open event is going to be learned from; it may be active already. */
  activate(id: string): void {
    const position = this.#find(id)
    if (position !== -1) this.#columns.activate(position)
  }

  /** @returns whether there is an open event of that id with such a slot. */
  reward(id: string, slotId: string, value: number): boolean {
    const position = this.#find(id)
    return position !== -1 && this.#columns.reward(position, slotId, value)
  }

  /** Closes the open events that were ranked at or before a time. @returns them, oldest first. */
  settle(rankedAtUs: number): readonly RankEvent[] {
    if (!this.#isDue(rankedAtUs)) return NONE
    const settled: RankEvent[] = []
    do {
      settled.push(this.#read(this.#firstOpen))
      this.#closeOldest()
    } while (this.#isDue(rankedAtUs))
    return settled
  }

  /** The closed events that were ranked in [from, to], oldest first. */
  settledBetween(fromUs: number, toUs: number): RankEvent[] {
    const events: RankEvent[] = []
    for (let number = this.#first; number < this.#firstOpen; number++) {
      const rankedAtUs = this.#rankedAtUs(number)
      if (rankedAtUs >= fromUs && rankedAtUs <= toUs) events.push(this.#read(number))
    }
    return events
  }

  /** Forgets closed events that were ranked before a time. */
  expire(rankedBeforeUs: number): void {
    while (this.#first < this.#firstOpen && this.#rankedAtUs(this.#first) < rankedBeforeUs)
      this.#forgetOldest()
  }

  clear(): void {
    this.#capacity = FIRST_CAPACITY
    this.#columns = new EventColumns(FIRST_CAPACITY)
    this.#index = new IdIndex(FIRST_CAPACITY)
    this.#first = 0
    this.#firstOpen = 0
    this.#end = 0
  }

  #isDue(rankedAtUs: number): boolean {
    return this.#firstOpen < this.#end && this.#rankedAtUs(this.#firstOpen) <= rankedAtUs
  }

  #dropOldest(): void {
    if (this.#first === this.#firstOpen) {
      this.#closeOldest()
      this.#droppedOpenCount++
    }
    this.#forgetOldest()
  }

  #closeOldest(): void {
    this.#index.delete(this.#positionOf(this.#firstOpen++))
  }

  #forgetOldest(): void {
    this.#columns.forget(this.#positionOf(this.#first++))
  }

  #grow(): void {
    const capacity = this.#capacity * 2
    const columns = new EventColumns(capacity)
    const index = new IdIndex(capacity)
    for (let number = this.#first; number < this.#end; number++) {
      const [position, oldPosition] = [number & (capacity - 1), this.#positionOf(number)]
      columns.copy(position, this.#columns, oldPosition)
      if (number >= this.#firstOpen) index.add(position, this.#index.hashAt(oldPosition))
    }
    this.#capacity = capacity
    this.#columns = columns
    this.#index = index
  }

  /** @returns -1: no event of that id is open. */
  #find(id: string): number {
    return this.#index.find(id, hashOf(id), this.#columns.ids)
  }

  #rankedAtUs(number: number): number {
    return this.#columns.rankedAtUs[this.#positionOf(number)]!
  }

  #read(number: number): RankEvent {
    return this.#columns.read(this.#positionOf(number))
  }

  #positionOf(number: number): number {
    return number & (this.#capacity - 1)
  }
}
