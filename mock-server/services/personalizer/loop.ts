import { Rng } from '../../../src/core/rng.ts'
import { US_PER_S } from '../../../src/core/units.ts'
import { type IngestState, IngestQueue } from '../../ingest.ts'
import { type FilledSlot, type Probabilities, type Ranking, chooseAction, fillSlots } from './choosing.ts'
import { type ServiceConfiguration, changesReward, durationUs } from './configuration.ts'
import type { Evidence } from './evaluations.ts'
import type { Choice, NewEvent, RankEvent } from './event-columns.ts'
import { EventLog } from './event-log.ts'
import { Learner } from './learner.ts'
import type { MultiSlotRankRequest, RankRequest } from './rank-requests.ts'
import type { SlotReward } from './reward-requests.ts'

/** azure-docs cognitive-services/personalizer, scalability and performance: what training takes in. */
const INGEST_BYTES_PER_S = 20_000_000
/** What is retrained from when a setting resets the model: azure-docs personalizer/how-to-settings.md. */
const RETRAINING_US = 2 * 86_400 * US_PER_S
/** Most events that are remembered: tens of megabytes. */
const MAX_EVENTS = 100_000
const US_PER_DAY = 86_400 * US_PER_S

/** Where the loop stands, for the admin API. */
export interface LoopState {
  readonly ingest: IngestState
  /** Actions that the model in use knows; 0: it is empty. */
  readonly modelActionCount: number
  readonly modelUpdatedAtUs: number
  readonly loggedEventCount: number
  /** Events whose rewards are awaited. */
  readonly openEventCount: number
  readonly learnedEventCount: number
  /** Never activated. */
  readonly inactiveEventCount: number
  /** Lost to the bound on memory before anything was learned from them. */
  readonly droppedEventCount: number
  readonly droppedActionCount: number
  /** For events that nobody knows or whose time was over: logged, not learned. */
  readonly unmatchedRewardCount: number
}

/**
 * One Personalizer loop: Rank opens an event, rewards reach it until its time is over, then it is learned from, and what has
 * been learned is used from the next tick of the model update on. Ticks are counted from the last reset of the model.
 *
 * Every call needs a time at or after that of the call before.
 */
export class LearningLoop {
  readonly #log = new EventLog(MAX_EVENTS)
  readonly #learner = new Learner()
  readonly #ingest = new IngestQueue(INGEST_BYTES_PER_S)
  readonly #rewardActivates: boolean
  #configuration: ServiceConfiguration
  #rewardWaitUs = 0
  #tickUs = 0
  #retentionUs = 0
  #ticksFromUs = 0
  #lastTickUs = 0
  /** When the model was last reset. */
  #createdAtUs = 0
  #updatedAtUs = 0
  #learnedEventCount = 0
  #inactiveEventCount = 0
  #unmatchedRewardCount = 0

  /** @param rewardActivates a Reward activates an event whose activation was deferred. */
  constructor(configuration: ServiceConfiguration, rewardActivates: boolean) {
    this.#rewardActivates = rewardActivates
    this.#configuration = configuration
    this.#readDurations()
  }

  get configuration(): ServiceConfiguration {
    return this.#configuration
  }

  /** The event's id seeds the draw: the same event and model, the same choice. */
  rank(request: RankRequest, eventId: string, bytes: number, nowUs: number): Ranking {
    this.#advance(nowUs)
    const ranking = chooseAction(request, this.#probabilities(), drawOf(eventId))
    const choices = [{ slotId: '', actionId: ranking.rewardActionId }]
    this.#open({ id: eventId, rankedAtUs: nowUs, isActive: !request.isDeferred, choices }, bytes)
    return ranking
  }

  rankSlots(request: MultiSlotRankRequest, eventId: string, bytes: number, nowUs: number): FilledSlot[] {
    this.#advance(nowUs)
    const slots = this.#servesBaseline()
      ? request.slots.map(({ id, baselineId }) => ({ id, rewardActionId: baselineId }))
      : fillSlots(request, this.#probabilities(), drawOf(eventId))
    const choices = slots.map(({ id, rewardActionId }) => ({ slotId: id, actionId: rewardActionId }))
    this.#open({ id: eventId, rankedAtUs: nowUs, isActive: !request.isDeferred, choices }, bytes)
    return slots
  }

  reward(eventId: string, rewards: readonly SlotReward[], bytes: number, nowUs: number): void {
    this.#advance(nowUs)
    this.#ingest.add(bytes, nowUs)
    if (this.#rewardActivates) this.#log.activate(eventId)
    for (const { slotId, value } of rewards) {
      if (!this.#log.reward(eventId, slotId, value)) this.#unmatchedRewardCount++
    }
  }

  /** Its time runs from its Rank all the same. An event that nobody knows is none of the loop's business. */
  activate(eventId: string, nowUs: number): void {
    this.#advance(nowUs)
    this.#log.activate(eventId)
  }

  /** A new definition of the reward or of exploration empties the model, which is then trained anew. */
  configure(next: ServiceConfiguration, nowUs: number): void {
    this.#advance(nowUs)
    const current = this.#configuration
    this.#configuration = next
    this.#readDurations()
    const resets =
      changesReward(current, next) || current.explorationPercentage !== next.explorationPercentage
    if (resets) this.#retrain(nowUs)
    else if (current.modelExportFrequency !== next.modelExportFrequency) this.#restartTicks(nowUs)
  }

  resetModel(nowUs: number): void {
    this.#advance(nowUs)
    this.#emptyModel(nowUs)
  }

  /** Events under way are lost with the rest. */
  deleteLogs(nowUs: number): void {
    this.#advance(nowUs)
    this.#log.clear()
  }

  /** From the first Rank to the last; `undefined`: there is none. */
  loggedRangeUs(nowUs: number): { readonly fromUs: number; readonly toUs: number } | undefined {
    this.#advance(nowUs)
    const { oldest, newest } = this.#log
    return oldest && newest && { fromUs: oldest.rankedAtUs, toUs: newest.rankedAtUs }
  }

  /** What the events ranked in [from, to] earned whose time is over. */
  evidence(fromUs: number, toUs: number, nowUs: number): Evidence {
    this.#advance(nowUs)
    const rewards = this.#log
      .settledBetween(fromUs, toUs)
      .filter(({ isActive }) => isActive)
      .flatMap(({ choices }) => choices.map((choice) => this.#rewardOf(choice)))
    const rewardSum = rewards.reduce((total, reward) => total + reward, 0)
    return { eventCount: rewards.length, meanReward: rewards.length === 0 ? 0 : rewardSum / rewards.length }
  }

  /** What each action is worth by the model in use, and when it was created and last updated. */
  model(nowUs: number): {
    readonly values: ReadonlyMap<string, number>
    readonly createdAtUs: number
    readonly updatedAtUs: number
  } {
    this.#advance(nowUs)
    return { values: this.#learner.model, createdAtUs: this.#createdAtUs, updatedAtUs: this.#updatedAtUs }
  }

  state(nowUs: number): LoopState {
    this.#advance(nowUs)
    return {
      ingest: this.#ingest.state(nowUs),
      modelActionCount: this.#learner.model.size,
      modelUpdatedAtUs: this.#updatedAtUs,
      loggedEventCount: this.#log.size,
      openEventCount: this.#log.openCount,
      learnedEventCount: this.#learnedEventCount,
      inactiveEventCount: this.#inactiveEventCount,
      droppedEventCount: this.#log.droppedOpenCount,
      droppedActionCount: this.#learner.droppedActionCount,
      unmatchedRewardCount: this.#unmatchedRewardCount,
    }
  }

  #open(event: NewEvent, bytes: number): void {
    this.#log.open(event)
    this.#ingest.add(bytes, event.rankedAtUs)
  }

  /** Closes what is over and uses what has been learned by the latest tick; what ends at a tick is part of it. */
  #advance(nowUs: number): void {
    const ticks = Math.floor((nowUs - this.#ticksFromUs) / this.#tickUs)
    const tickAtUs = this.#ticksFromUs + ticks * this.#tickUs
    if (tickAtUs > this.#lastTickUs) {
      this.#settle(tickAtUs)
      if (this.#learner.publish()) this.#updatedAtUs = tickAtUs
      this.#lastTickUs = tickAtUs
    }
    this.#settle(nowUs)
    this.#log.expire(nowUs - this.#retentionUs)
  }

  #settle(atUs: number): void {
    for (const event of this.#log.settle(atUs - this.#rewardWaitUs)) {
      if (!event.isActive) this.#inactiveEventCount++
      else if (this.#configuration.learningMode !== 'LoggingOnly') {
        this.#learnedEventCount++
        this.#learn(event)
      }
    }
  }

  #learn({ choices }: RankEvent): void {
    for (const choice of choices) this.#learner.learn(choice.actionId, this.#rewardOf(choice))
  }

  #rewardOf({ rewardCount, rewardSum, firstReward }: Choice): number {
    const { defaultReward, rewardAggregation } = this.#configuration
    if (rewardCount === 0) return defaultReward
    return rewardAggregation === 'sum' ? rewardSum : firstReward
  }

  #retrain(nowUs: number): void {
    this.#emptyModel(nowUs)
    for (const event of this.#log.settledBetween(nowUs - RETRAINING_US, nowUs)) {
      if (event.isActive) this.#learn(event)
    }
  }

  #emptyModel(nowUs: number): void {
    this.#learner.reset()
    this.#createdAtUs = nowUs
    this.#updatedAtUs = nowUs
    this.#restartTicks(nowUs)
  }

  #restartTicks(nowUs: number): void {
    this.#ticksFromUs = nowUs
    this.#lastTickUs = nowUs
  }

  #readDurations(): void {
    const { rewardWaitTime, modelExportFrequency, logRetentionDays } = this.#configuration
    this.#rewardWaitUs = durationUs(rewardWaitTime)
    this.#tickUs = durationUs(modelExportFrequency)
    this.#retentionUs = logRetentionDays === -1 ? Infinity : logRetentionDays * US_PER_DAY
  }

  #probabilities(): Probabilities {
    if (this.#servesBaseline()) return (actionIds) => actionIds.map((_, index) => (index === 0 ? 1 : 0))
    const { explorationPercentage } = this.#configuration
    return (actionIds) => this.#learner.probabilities(actionIds, explorationPercentage)
  }

  /** In Apprentice mode the first action is served; that it is so too where there is only logging is assumed. */
  #servesBaseline(): boolean {
    return this.#configuration.learningMode !== 'Online'
  }
}

function drawOf(eventId: string): Rng {
  return new Rng(eventId)
}
