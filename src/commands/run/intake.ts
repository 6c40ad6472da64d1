import type { Steps } from '../../core/steps.ts'

/** What is left to do for the engine's last snapshot, step by step: between two steps the engine may need the core. */
export class Intake {
  readonly #onTaken: () => void
  #steps: Steps | undefined

  /** @param onTaken a snapshot was taken in. */
  constructor(onTaken: () => void) {
    this.#onTaken = onTaken
  }

  /** There is another snapshot; what was left of the one before is done at once. */
  begin(steps: Steps): void {
    this.finish()
    this.#steps = steps
  }

  /** One step, if any is left. */
  step(): void {
    if (this.#steps?.next().done !== true) return
    this.#steps = undefined
    this.#onTaken()
  }

  /** All that is left. */
  finish(): void {
    while (this.#steps !== undefined) this.step()
  }
}
