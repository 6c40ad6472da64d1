import { EXIT, UserError } from '../core/errors.ts'
import { formatDuration } from '../core/units.ts'
import type { Timer } from './clock.ts'
import type { EnginePorts } from './ports.ts'
import { createVu, type Vu } from './vu.ts'
import type { VuContext } from './vu-context.ts'

export type LifecycleExec = 'setup' | 'teardown' | 'handleSummary'

const TIMEOUT_CODE = {
  setup: EXIT.setupTimeout,
  teardown: EXIT.teardownTimeout,
  handleSummary: EXIT.script,
} as const

/** How the call ended: with what the function returned, or cut short by `cut` or the limit of requests. */
type LifecycleEnd = { readonly kind: 'returned'; readonly value: unknown } | { readonly kind: 'interrupted' }

/** The one call of `setup`, `teardown` or `handleSummary`, on a VU of its own (number 0). */
export class LifecycleCall {
  readonly #exec: LifecycleExec
  readonly #timeoutUs: number
  readonly #context: VuContext
  readonly #describeError: EnginePorts['describeError']
  #vu: Vu | undefined
  #timeoutTimer: Timer | undefined
  #cutTimer: Timer | undefined

  constructor(
    exec: LifecycleExec,
    timeoutUs: number,
    context: VuContext,
    describeError: EnginePorts['describeError'],
  ) {
    this.#exec = exec
    this.#timeoutUs = timeoutUs
    this.#context = context
    this.#describeError = describeError
  }

  /**
   * @param data argument of the call.
   * @throws UserError when the function throws (107) or takes too long (100, 101).
   */
  async run(data: unknown): Promise<LifecycleEnd> {
    const vu = await createVu(0, 0, this.#context)
    this.#vu = vu
    try {
      return await this.#withTimeout(vu, data)
    } catch (error) {
      if (error instanceof UserError) throw error
      throw new UserError(EXIT.script, [{ where: '', what: this.#failure(error) }], { cause: error })
    } finally {
      this.#vu = undefined
      this.#timeoutTimer?.cancel()
      this.#cutTimer?.cancel()
    }
  }

  /** Ends the call where it stands unless it ends by itself within `graceUs`; the script never resumes. */
  cut(graceUs: number): void {
    const { clock } = this.#context
    this.#cutTimer ??= clock.schedule(clock.nowUs() + graceUs, () => this.#vu?.interrupt(), 'coarse')
  }

  #withTimeout(vu: Vu, data: unknown): Promise<LifecycleEnd> {
    const { clock } = this.#context
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        reject(this.#tookTooLong())
        vu.interrupt()
      }
      this.#timeoutTimer = clock.schedule(clock.nowUs() + this.#timeoutUs, giveUp, 'coarse')
      const onInterrupt = (): void => resolve({ kind: 'interrupted' })
      vu.call(data, onInterrupt).then((value) => resolve({ kind: 'returned', value }), reject)
    })
  }

  #tookTooLong(): UserError {
    const what = `${this.#exec}() did not end within ${formatDuration(this.#timeoutUs)}`
    const todo = `raise options.${this.#exec}Timeout, or find out what it waits for`
    return new UserError(TIMEOUT_CODE[this.#exec], [{ where: '', what, todo }])
  }

  #failure(error: unknown): string {
    return `${this.#exec}() failed: ${this.#describeError(error)}`
  }
}
