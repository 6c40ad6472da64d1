/** How Rank chooses actions. */
import type { Rng } from '../../../src/core/rng.ts'
import type { MultiSlotRankRequest, RankRequest } from './rank-requests.ts'

/** One action of a Rank's answer. */
export interface RankedAction {
  readonly id: string
  readonly probability: number
}

export interface Ranking {
  readonly ranking: readonly RankedAction[]
  readonly rewardActionId: string
}

export interface FilledSlot {
  readonly id: string
  readonly rewardActionId: string
}

/** The probability of each of these actions; they add up to 1. */
export type Probabilities = (actionIds: readonly string[]) => readonly number[]

/**
 * Draws an action. It changes places with the first one that is not excluded; excluded ones keep theirs with probability 0,
 * as in the example of azure-rest-api-specs.
 */
export function chooseAction(
  { actionIds, excludedIds }: RankRequest,
  probabilities: Probabilities,
  rng: Rng,
): Ranking {
  const isEligible = (id: string): boolean => !excludedIds.includes(id)
  const eligibleIds = excludedIds.length === 0 ? actionIds : actionIds.filter(isEligible)
  const shares = probabilities(eligibleIds)
  const drawn = draw(shares, rng)
  const ranking: RankedAction[] = []
  let [first, chosen, eligibleCount] = [0, 0, 0]
  for (const id of actionIds) {
    if (!isEligible(id)) {
      ranking.push({ id, probability: 0 })
      continue
    }
    if (eligibleCount === 0) first = ranking.length
    if (eligibleCount === drawn) chosen = ranking.length
    ranking.push({ id, probability: shares[eligibleCount++]! })
  }
  const rewarded = ranking[chosen]!
  ranking[chosen] = ranking[first]!
  ranking[first] = rewarded
  return { ranking, rewardActionId: rewarded.id }
}

/**
 * Draws an action for each slot, from the first to the last, no action twice. All slots start with their baseline actions; an
 * action that a later slot has is to be had if that slot can do with what it gets in exchange, so that none stays empty.
 */
export function fillSlots(
  { actionIds, slots }: MultiSlotRankRequest,
  probabilities: Probabilities,
  rng: Rng,
): FilledSlot[] {
  const chosenIds = slots.map(({ baselineId }) => baselineId)
  for (const [index, { excludedIds }] of slots.entries()) {
    const currentId = chosenIds[index]!
    const canTake = (id: string): boolean => {
      const holder = chosenIds.indexOf(id)
      return !excludedIds.includes(id) && (holder === -1 || holder === index || canGive(holder))
    }
    const canGive = (holder: number): boolean =>
      holder > index && !slots[holder]!.excludedIds.includes(currentId)
    const eligible = actionIds.filter(canTake)
    const chosenId = eligible[draw(probabilities(eligible), rng)]!
    const holder = chosenIds.indexOf(chosenId)
    if (holder !== -1) chosenIds[holder] = currentId
    chosenIds[index] = chosenId
  }
  return slots.map(({ id }, index) => ({ id, rewardActionId: chosenIds[index]! }))
}

/** An index with its share as probability. */
function draw(shares: readonly number[], rng: Rng): number {
  let rest = rng.next()
  for (const [index, share] of shares.entries()) {
    if (rest < share) return index
    rest -= share
  }
  return shares.findLastIndex((share) => share > 0)
}
