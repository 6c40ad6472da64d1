import { US_PER_MS } from '../core/units.ts'
import type { ScenarioPlan } from '../script/plan.ts'
import type { Executor } from './executors/executor.ts'
import type { InstanceView, ScenarioView } from './host.ts'
import type { EnginePorts } from './ports.ts'
import type { EngineProgress } from './protocol.ts'

type Counts = Pick<EngineProgress, 'completedCount' | 'interruptedCount'>

/** What the scenarios of a run do at this moment. */
export class Execution {
  readonly #ports: Pick<EnginePorts, 'clock' | 'wallTimeMs'>
  readonly #counts: Counts
  readonly #executors = new Map<string, Executor>()
  #beganAtMs = 0

  constructor(ports: Pick<EnginePorts, 'clock' | 'wallTimeMs'>, counts: Counts) {
    this.#ports = ports
    this.#counts = counts
  }

  /** The executor of a scenario, once it is there. */
  adopt(scenario: string, executor: Executor): void {
    this.#executors.set(scenario, executor)
  }

  /** The load begins now. */
  begin(): void {
    this.#beganAtMs = this.#ports.wallTimeMs()
  }

  get activeVus(): number {
    return this.#sum((executor) => executor.activeVus)
  }

  get initializedVus(): number {
    return this.#sum((executor) => executor.initializedVus)
  }

  /** How much of the load is done, 0–1: of its slowest part; `undefined` when time alone ends it. */
  get doneRatio(): number | undefined {
    const executors = [...this.#executors.values()]
    if (executors.every(({ endsByTime }) => endsByTime)) return undefined
    return Math.min(...executors.map((executor) => executor.progressRatio()))
  }

  instance(): InstanceView {
    const { activeVus, initializedVus } = this
    const { completedCount, interruptedCount } = this.#counts
    const elapsedMs = this.#ports.clock.nowUs() / US_PER_MS
    return { activeVus, initializedVus, completedCount, interruptedCount, elapsedMs }
  }

  scenario({ name, executor, startTimeUs }: ScenarioPlan): ScenarioView {
    return {
      name,
      executor,
      startTimeMs: () => this.#beganAtMs + startTimeUs / US_PER_MS,
      progressRatio: () => this.#executors.get(name)?.progressRatio() ?? 0,
    }
  }

  #sum(count: (executor: Executor) => number): number {
    return [...this.#executors.values()].reduce((total, executor) => total + count(executor), 0)
  }
}
