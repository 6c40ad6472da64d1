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
  readonly ids: string[]
  readonly rankedAtUs: Float64Array
  readonly #isActive: Uint8Array
  /** `undefined`: of a Rank with slots. */
  readonly #actionIds: (string | undefined)[]
  readonly #rewardCounts: Uint32Array
  readonly #rewardSums: Float64Array
  readonly #firstRewards: Float64Array
  /** Of Ranks with slots. */
  readonly #choices = new Map<number, OpenChoice[]>()

  /** @param capacity positions are below it. */
  constructor(capacity: number) {
    this.ids = Array<string>(capacity).fill('')
    this.rankedAtUs = new Float64Array(capacity)
    this.#isActive = new Uint8Array(capacity)
    this.#actionIds = Array<string | undefined>(capacity).fill(undefined)
    this.#rewardCounts = new Uint32Array(capacity)
    this.#rewardSums = new Float64Array(capacity)
    this.#firstRewards = new Float64Array(capacity)
  }

  write(position: number, { id, rankedAtUs, isActive, choices }: NewEvent): void {
    const only = choices.length === 1 ? choices[0] : undefined
    const actionId = only?.slotId === '' ? only.actionId : undefined
    this.ids[position] = id
    this.rankedAtUs[position] = rankedAtUs
    this.#isActive[position] = isActive ? 1 : 0
    this.#actionIds[position] = actionId
    this.#rewardCounts[position] = 0
    this.#rewardSums[position] = 0
    this.#firstRewards[position] = 0
    if (actionId === undefined) this.#choices.set(position, choices.map(unrewarded))
  }

  /** A copy. */
  read(position: number): RankEvent {
    return {
      id: this.ids[position]!,
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
    if (this.#actionIds[position] !== undefined) {
      if (slotId !== '') return false
      if (this.#rewardCounts[position]!++ === 0) this.#firstRewards[position] = value
      this.#rewardSums[position]! += value
      return true
    }
    const choice = this.#choices.get(position)?.find((one) => one.slotId === slotId)
    if (choice === undefined) return false
    if (choice.rewardCount++ === 0) choice.firstReward = value
    choice.rewardSum += value
    return true
  }

  /** Its texts stay until something else is written there. */
  forget(position: number): void {
    if (this.#actionIds[position] === undefined) this.#choices.delete(position)
  }

  copy(position: number, from: EventColumns, fromPosition: number): void {
    this.ids[position] = from.ids[fromPosition]!
    this.rankedAtUs[position] = from.rankedAtUs[fromPosition]!
    this.#isActive[position] = from.#isActive[fromPosition]!
    this.#actionIds[position] = from.#actionIds[fromPosition]
    this.#rewardCounts[position] = from.#rewardCounts[fromPosition]!
    this.#rewardSums[position] = from.#rewardSums[fromPosition]!
    this.#firstRewards[position] = from.#firstRewards[fromPosition]!
    const choices = from.#choices.get(fromPosition)
    if (choices !== undefined) this.#choices.set(position, choices)
  }

  #choicesAt(position: number): Choice[] {
    const actionId = this.#actionIds[position]
    if (actionId === undefined) return this.#choices.get(position)!.map((choice) => ({ ...choice }))
    return [
      {
        slotId: '',
        actionId,
        rewardCount: this.#rewardCounts[position]!,
        rewardSum: this.#rewardSums[position]!,
        firstReward: this.#firstRewards[position]!,
      },
    ]
  }
}

function unrewarded({ slotId, actionId }: Offer): OpenChoice {
  return { slotId, actionId, rewardCount: 0, rewardSum: 0, firstReward: 0 }
}
