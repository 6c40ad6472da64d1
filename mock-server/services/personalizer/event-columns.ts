import { TextColumn } from './text-column.ts'

/** An action that was offered, and in which slot. */
interface Offer {
  /** `''`: of a Rank without slots. */
  readonly slotId: string
  readonly actionId: string
}

/** An offer and what it has earned. */
export interface Choice extends Offer {
  readonly rewardCount: number
  readonly rewardSum: number
  readonly firstReward: number
}

type OpenChoice = { -readonly [Key in keyof Choice]: Choice[Key] }

interface EventHead {
  readonly id: string
  readonly rankedAtUs: number
  /** Inactive ones are never learned from. */
  readonly isActive: boolean
}

/** A Rank when it is made. */
export interface NewEvent extends EventHead {
  readonly choices: readonly Offer[]
}

/** One Rank with its rewards. */
export interface RankEvent extends EventHead {
  readonly choices: readonly Choice[]
}

/**
 * Room for events, by position. A Rank without slots, as nearly all are, takes no object of its own: a hundred thousand of
 * them that live for minutes keep the garbage collector busy.
 */
export class EventColumns {
  readonly ids: TextColumn
  readonly rankedAtUs: Float64Array
  readonly #isActive: Uint8Array
  readonly #actionIds: TextColumn
  readonly #rewardCounts: Uint32Array
  readonly #rewardSums: Float64Array
  readonly #firstRewards: Float64Array
  /** Of Ranks with slots; they have no other action. */
  readonly #choices = new Map<number, OpenChoice[]>()

  /** @param capacity positions are below it. */
  constructor(capacity: number) {
    this.ids = new TextColumn(capacity)
    this.rankedAtUs = new Float64Array(capacity)
    this.#isActive = new Uint8Array(capacity)
    this.#actionIds = new TextColumn(capacity)
    this.#rewardCounts = new Uint32Array(capacity)
    this.#rewardSums = new Float64Array(capacity)
    this.#firstRewards = new Float64Array(capacity)
  }

  write(position: number, { id, rankedAtUs, isActive, choices }: NewEvent): void {
    const only = choices.length === 1 ? choices[0] : undefined
    this.ids.write(position, id)
    this.rankedAtUs[position] = rankedAtUs
    this.#isActive[position] = isActive ? 1 : 0
    this.#rewardCounts[position] = 0
    this.#rewardSums[position] = 0
    this.#firstRewards[position] = 0
    if (only?.slotId === '') this.#actionIds.write(position, only.actionId)
    else this.#choices.set(position, choices.map(unrewarded))
  }

  /** A copy. */
  read(position: number): RankEvent {
    return {
      id: this.ids.read(position),
      rankedAtUs: this.rankedAtUs[position]!,
      isActive: this.#isActive[position] === 1,
      choices: this.#choicesAt(position),
    }
  }

  activate(position: number): void {
    this.#isActive[position] = 1
  }

  /** @returns whether the event has such a slot. */
  reward(position: number, slotId: string, value: number): boolean {
    const choices = this.#choices.get(position)
    if (choices !== undefined) return rewardOneOf(choices, slotId, value)
    if (slotId !== '') return false
    if (this.#rewardCounts[position]!++ === 0) this.#firstRewards[position] = value
    this.#rewardSums[position]! += value
    return true
  }

  /** Its texts stay until something else is written there. */
  forget(position: number): void {
    if (this.#choices.size > 0) this.#choices.delete(position)
  }

  copy(position: number, from: EventColumns, fromPosition: number): void {
    this.ids.copy(position, from.ids, fromPosition)
    this.rankedAtUs[position] = from.rankedAtUs[fromPosition]!
    this.#isActive[position] = from.#isActive[fromPosition]!
    this.#actionIds.copy(position, from.#actionIds, fromPosition)
    this.#rewardCounts[position] = from.#rewardCounts[fromPosition]!
    this.#rewardSums[position] = from.#rewardSums[fromPosition]!
    this.#firstRewards[position] = from.#firstRewards[fromPosition]!
    const choices = from.#choices.get(fromPosition)
    if (choices !== undefined) this.#choices.set(position, choices)
  }

  #choicesAt(position: number): Choice[] {
    const choices = this.#choices.get(position)
    if (choices !== undefined) return choices.map((choice) => ({ ...choice }))
    return [
      {
        slotId: '',
        actionId: this.#actionIds.read(position),
        rewardCount: this.#rewardCounts[position]!,
        rewardSum: this.#rewardSums[position]!,
        firstReward: this.#firstRewards[position]!,
      },
    ]
  }
}

/** @returns whether there is such a slot. */
function rewardOneOf(choices: readonly OpenChoice[], slotId: string, value: number): boolean {
  const choice = choices.find((one) => one.slotId === slotId)
  if (choice === undefined) return false
  if (choice.rewardCount++ === 0) choice.firstReward = value
  choice.rewardSum += value
  return true
}

function unrewarded({ slotId, actionId }: Offer): OpenChoice {
  return { slotId, actionId, rewardCount: 0, rewardSum: 0, firstReward: 0 }
}
