/** Most actions that are known at once; the one that was first met longest ago makes room. */
const MAX_ACTIONS = 10_000

interface Tally {
  count: number
  rewardSum: number
}

/**
 * Learns how good each action is: the mean of its rewards, drawn towards 0 as by one more reward of 0. Context plays no part.
 * What has been learned shows in the probabilities only from the next `publish` on, as Personalizer's models do.
 */
export class Learner {
  readonly #tallies = new Map<string, Tally>()
  #published: ReadonlyMap<string, number> = new Map()
  #hasNews = false
  #droppedActionCount = 0

  /** How many actions have been forgotten to make room. */
  get droppedActionCount(): number {
    return this.#droppedActionCount
  }

  /** What an action is worth, by the model that is in use; empty: there is none. */
  get model(): ReadonlyMap<string, number> {
    return this.#published
  }

  learn(actionId: string, reward: number): void {
    const tally = this.#tallyOf(actionId)
    tally.count++
    tally.rewardSum += reward
    this.#hasNews = true
  }

  /** @returns whether there was anything new to use. */
  publish(): boolean {
    if (!this.#hasNews) return false
    this.#hasNews = false
    this.#published = new Map(
      [...this.#tallies].map(([actionId, { count, rewardSum }]) => [actionId, rewardSum / (count + 1)]),
    )
    return true
  }

  /** The model is empty again. */
  reset(): void {
    this.#tallies.clear()
    this.#published = new Map()
    this.#hasNews = false
  }

  /**
   * How likely each of the actions is to be chosen: all equally under an empty model, else the best one (the first of
   * equals) but for the share of exploration, which all of them have equally.
   *
   * @param actionIds at least one.
   * @param exploration from 0 to 1.
   */
  probabilities(actionIds: readonly string[], exploration: number): number[] {
    const count = actionIds.length
    if (this.#published.size === 0) return actionIds.map(() => 1 / count)
    const values = actionIds.map((id) => this.#published.get(id) ?? 0)
    const best = values.indexOf(Math.max(...values))
    return values.map((_, index) => exploration / count + (index === best ? 1 - exploration : 0))
  }

  #tallyOf(actionId: string): Tally {
    const known = this.#tallies.get(actionId)
    if (known !== undefined) return known
    if (this.#tallies.size === MAX_ACTIONS) this.#dropOldest()
    const tally = { count: 0, rewardSum: 0 }
    this.#tallies.set(actionId, tally)
    return tally
  }

  #dropOldest(): void {
    const [oldest] = this.#tallies.keys()
    if (oldest !== undefined) this.#tallies.delete(oldest)
    this.#droppedActionCount++
  }
}
