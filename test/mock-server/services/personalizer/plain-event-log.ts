import type { EventLog } from '../../../../mock-server/services/personalizer/event-log.ts'
import type {
  Choice,
  NewEvent,
  RankEvent,
} from '../../../../mock-server/services/personalizer/event-columns.ts'

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

export type Log = Pick<EventLog, keyof EventLog>

interface PlainEvent extends Mutable<Omit<RankEvent, 'choices'>> {
  readonly choices: Mutable<Choice>[]
}

/** What `EventLog` does, with an object for each event and two lists: slow and obvious. */
export class PlainEventLog implements Log {
  readonly #maxEvents: number
  #settled: PlainEvent[] = []
  #open: PlainEvent[] = []
  droppedOpenCount = 0

  constructor(maxEvents: number) {
    this.#maxEvents = maxEvents
  }

  get size(): number {
    return this.#settled.length + this.#open.length
  }

  get openCount(): number {
    return this.#open.length
  }

  get oldest(): RankEvent | undefined {
    return [...this.#settled, ...this.#open][0]
  }

  get newest(): RankEvent | undefined {
    return [...this.#settled, ...this.#open].at(-1)
  }

  open({ choices, ...event }: NewEvent): void {
    if (this.#find(event.id) !== undefined) return
    if (this.size === this.#maxEvents && this.#settled.shift() === undefined) {
      this.#open.shift()
      this.droppedOpenCount++
    }
    const unrewarded = { rewardCount: 0, rewardSum: 0, firstReward: 0 }
    this.#open.push({ ...event, choices: choices.map((choice) => ({ ...choice, ...unrewarded })) })
  }

  activate(id: string): void {
    const event = this.#find(id)
    if (event !== undefined) event.isActive = true
  }

  reward(id: string, slotId: string, value: number): boolean {
    const choice = this.#find(id)?.choices.find((one) => one.slotId === slotId)
    if (choice === undefined) return false
    if (choice.rewardCount === 0) choice.firstReward = value
    choice.rewardCount++
    choice.rewardSum += value
    return true
  }

  settle(rankedAtUs: number): RankEvent[] {
    const due = this.#open.filter((event) => event.rankedAtUs <= rankedAtUs)
    this.#open = this.#open.slice(due.length)
    this.#settled.push(...due)
    return due
  }

  settledBetween(fromUs: number, toUs: number): RankEvent[] {
    return this.#settled.filter(({ rankedAtUs }) => rankedAtUs >= fromUs && rankedAtUs <= toUs)
  }

  expire(rankedBeforeUs: number): void {
    this.#settled = this.#settled.filter(({ rankedAtUs }) => rankedAtUs >= rankedBeforeUs)
  }

  clear(): void {
    this.#settled = []
    this.#open = []
  }

  #find(id: string): PlainEvent | undefined {
    return this.#open.find((event) => event.id === id)
  }
}
