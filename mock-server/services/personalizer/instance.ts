import type { Rng } from '../../../src/core/rng.ts'
import { US_PER_MS } from '../../../src/core/units.ts'
import type { PersonalizerConfig } from '../../config.ts'
import { drawGuid } from '../../guid.ts'
import { defaultConfiguration } from './configuration.ts'
import { Evaluations } from './evaluations.ts'
import { LearningLoop } from './loop.ts'
import { DEFAULT_POLICY, type Policy } from './policy.ts'

/** What one Personalizer resource keeps between requests. */
export class Instance {
  readonly loop: LearningLoop
  readonly evaluations: Evaluations
  /** Apprentice mode is to be had: azure-docs personalizer/how-to-learning-behavior.md. */
  readonly hasApprentice: boolean
  policy: Policy = DEFAULT_POLICY
  readonly #startUnixMs: number
  readonly #ids: Rng

  /**
   * @param ids for events and evaluations.
   * @param startUnixMs the date at time 0.
   */
  constructor({ tier, rewardActivates = false }: PersonalizerConfig, ids: Rng, startUnixMs: number) {
    this.#startUnixMs = startUnixMs
    this.#ids = ids
    this.hasApprentice = tier === 'E0'
    this.loop = new LearningLoop(defaultConfiguration(this.toIso(0)), rewardActivates)
    this.evaluations = new Evaluations((atUs) => this.toIso(atUs))
  }

  drawId(): string {
    return drawGuid(this.#ids)
  }

  toIso(atUs: number): string {
    return new Date(this.#startUnixMs + atUs / US_PER_MS).toISOString()
  }

  /** A date as a time of the mock; before 0 for one before its start. */
  toUs(iso: string): number {
    return (Date.parse(iso) - this.#startUnixMs) * US_PER_MS
  }
}
