import type { ScriptInstance, ScriptPort, Tags, VuHost } from '../../src/engine/host.ts'
import { WaitGuard } from '../../src/script/guard.ts'
import { createHttpModule, type HttpModule } from '../../src/script/modules/http.ts'
import { createK6Module, type K6Module } from '../../src/script/modules/k6.ts'
import { createMetricsModule, type MetricsModule } from '../../src/script/modules/metrics.ts'

/** What a script has at hand: the k6 API of its VU, and what k6 gives as globals. */
export interface ScriptKit extends K6Module, MetricsModule {
  readonly http: HttpModule
  /** The VU below the API. */
  readonly host: VuHost
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

  constructor(script: PlainScript) {
    this.#script = script
  }

  async instantiate(host: VuHost, env: Tags): Promise<ScriptInstance> {
    const guard = new WaitGuard([], () => undefined)
    let iteration = 0
    const exported = await this.#script({
      ...createK6Module(host, guard),
      ...createMetricsModule(host),
      http: createHttpModule(host, guard),
      host,
      env,
      vuId: host.vuId,
      iteration: () => iteration,
    })
    return {
      functions: new Map(Object.entries(exported)),
      options: undefined,
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
