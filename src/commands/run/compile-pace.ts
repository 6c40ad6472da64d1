import { setFlagsFromString } from 'node:v8'
import { rateCurveOf } from '../../engine/scenario.ts'
import { peakRateRps } from '../../load/curve.ts'
import type { RunPlan } from '../../script/plan.ts'

/**
 * How soon V8 compiles a function. It does so in a thread of its own; on a single core that takes the core for milliseconds in
 * which requests are due, and at 1,000 requests a second it was all that set this engine apart from a bare loop.
 */
export type CompilePace = 'soon' | 'usual' | 'seldom'

/**
 * Bytes of bytecode that a function may run between two looks at whether it is hot; V8's own is 66 KB. With 264 KB what runs once a
 * second was still compiled, up to 6 ms in eight seconds; with 1.3 MB what runs 5,000 times a second is looked at every second or so.
 */
const BUDGET_BYTES: Readonly<Record<CompilePace, number>> = { soon: 13_200, usual: 67_584, seldom: 1_351_680 }

/** Of all scenarios, at their highest: below it a request's code would be compiled bit by bit for a minute. */
const RARE_BELOW_RPS = 200

/**
 * By then what dense traffic runs has been compiled; what is left can wait. With one second, and V8's own pace after it, compiling
 * took the core for up to 26 ms between the fifth second and the thirteenth.
 */
const SOON_LASTS_MS = 3_000

/** For all threads, from the next time on that V8 looks at a function. */
export function setCompilePace(pace: CompilePace): void {
  setFlagsFromString(`--interrupt-budget=${BUDGET_BYTES[pace]}`)
}

/** To be called as the load begins, after what could be rehearsed was compiled soon. */
export function followLoad(plan: Pick<RunPlan, 'scenarios'>): void {
  if (isRare(plan)) return setCompilePace('seldom')
  setCompilePace('soon')
  setTimeout(() => setCompilePace('seldom'), SOON_LASTS_MS).unref()
}

/** Whether few requests are planned at any time; VUs that go on and on may send many. */
export function isRare({ scenarios }: Pick<RunPlan, 'scenarios'>): boolean {
  let sumRps = 0
  for (const scenario of scenarios) {
    if (!('arrival' in scenario)) return false
    sumRps += peakRateRps(rateCurveOf(scenario))
  }
  return sumRps < RARE_BELOW_RPS
}
