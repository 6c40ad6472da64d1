import type { ExecutionHost, InstanceView, ScenarioView, Tags } from './host.ts'
import type { VuContext } from './vu-context.ts'

/** What a VU knows of the run around it, and what it may do to it. */
export class VuExecution implements ExecutionHost {
  iterationInScenario = 0
  #tags: Tags
  readonly #context: VuContext
  readonly #interrupt: () => void

  /** @param interrupt ends the VU's iteration where it stands */
  constructor(context: VuContext, interrupt: () => void) {
    this.#context = context
    this.#tags = context.tags
    this.#interrupt = interrupt
  }

  get scenario(): ScenarioView | undefined {
    return this.#context.scenario
  }

  get options(): unknown {
    return this.#context.options
  }

  get tags(): Tags {
    return this.#tags
  }

  setTag(key: string, value: string | undefined): void {
    const { [key]: _, ...others } = this.#tags
    this.#tags = value === undefined ? others : { ...others, [key]: value }
  }

  instance(): InstanceView {
    return this.#context.instance()
  }

  abort(message: string): void {
    this.#context.abort(message)
    this.#interrupt()
  }

  markFailed(message: string): void {
    this.#context.markFailed(message)
  }
}
