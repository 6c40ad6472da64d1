import type { Clock } from '../../src/engine/clock.ts'
import type { ScriptInstance, ScriptPort, Tags, VuHost } from '../../src/engine/host.ts'
import { Rng } from '../../src/core/rng.ts'
import { US_PER_MS } from '../../src/core/units.ts'
import { EventLoop } from '../../src/script/event-loop.ts'
import { WaitGuard } from '../../src/script/guard.ts'
import { createHttpModule, type HttpModule } from '../../src/script/modules/http/module.ts'
import { createK6Module, type K6Module } from '../../src/script/modules/k6.ts'
import { createMetricsModule, type MetricsModule } from '../../src/script/modules/metrics.ts'
import { RandomSource } from '../../src/script/random-source.ts'

/** What a script has at hand: the k6 API of its VU, and what k6 gives as globals. */
export interface ScriptKit extends K6Module, MetricsModule {
  readonly http: HttpModule
  /** The VU below the API. */
  readonly host: VuHost
  /** Its timers. */
  readonly loop: EventLoop
  /** `__ENV` */
  readonly env: Tags
  /** `__VU` */
  readonly vuId: number
  /** `__ITER` */
  readonly iteration: () => number
}

// oxlint-disable-next-line typescript/no-explicit-any -- set-up data is whatever the test's setup returned
type ScriptFunction = (data: any) => unknown

export type ScriptFunctions = Readonly<Record<string, ScriptFunction>>

/** The script's top level, called once for each VU; gives what it exports. */
export type PlainScript = (kit: ScriptKit) => ScriptFunctions | Promise<ScriptFunctions>

/** A script of plain functions which await by themselves, with the real k6 API and the real guard. */
export class PlainScriptPort implements ScriptPort {
  readonly #script: PlainScript
  readonly #clock: Clock

  constructor(script: PlainScript, clock: Clock) {
    this.#script = script
    this.#clock = clock
  }

  async instantiate(host: VuHost, env: Tags): Promise<ScriptInstance> {
    const guard = new WaitGuard([], () => undefined)
    const loop = new EventLoop(this.#clock, host, guard)
    const random = new RandomSource(new Rng(host.vuId), true)
    let iteration = 0
    const exported = await this.#script({
      ...createK6Module(host, guard, random),
      ...createMetricsModule(host),
      http: createHttpModule(host, {
        gate: guard,
        loop,
        random,
        nowMs: () => this.#clock.nowUs() / US_PER_MS,
      }),
      host,
      loop,
      env,
      vuId: host.vuId,
      iteration: () => iteration,
    })
    return {
      functions: new Map(Object.entries(exported)),
      returned: (result) => result,
      options: undefined,
      settled: () => loop.idle(),
      drop: () => loop.drop(),
      setIteration: (number) => {
        iteration = number
      },
      finishIteration: () => {
        const violation = guard.finishIteration()
        if (violation !== undefined) throw violation
      },
    }
  }
}
