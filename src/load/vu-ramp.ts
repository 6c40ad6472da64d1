/** How many VUs a ramp plans over time. */

/** A stretch over which the number of VUs moves in a straight line to `target`; of 0 µs, at once. */
export interface VuStage {
  /** Integer µs. */
  readonly durationUs: number
  /** Whole VUs. */
  readonly target: number
}

/** From `atUs` on, integer µs from the start of the ramp, `vus` VUs are planned. */
export interface VuStep {
  readonly atUs: number
  readonly vus: number
}

/**
 * Every change of the planned number of VUs, in order of time, one for each instant; the first at 0 µs. As on k6 a VU
 * comes at the first µs at which the line has reached it, and goes at the first at which the line has left it. Each
 * instant is computed from its own number, so nothing drifts, and there is never more than one step in memory.
 */
export function* vuSteps(startVus: number, stages: readonly VuStage[]): Generator<VuStep, void> {
  let pending: VuStep = { atUs: 0, vus: startVus }
  for (const step of changes(startVus, stages)) {
    if (step.atUs > pending.atUs) yield pending
    pending = step
  }
  yield pending
}

/** The most VUs that a ramp plans at any time. */
export function mostVus(startVus: number, stages: readonly VuStage[]): number {
  return Math.max(startVus, ...stages.map(({ target }) => target))
}

/** VU by VU; several may fall on the same instant. */
function* changes(startVus: number, stages: readonly VuStage[]): Generator<VuStep, void> {
  let startUs = 0
  let vus = startVus
  for (const { durationUs, target } of stages) {
    const count = Math.abs(target - vus)
    const direction = Math.sign(target - vus)
    if (durationUs === 0) yield { atUs: startUs, vus: target }
    else {
      for (let n = 1; n <= count; n++) {
        yield { atUs: startUs + shareUp(durationUs, n, count), vus: vus + n * direction }
      }
    }
    startUs += durationUs
    vus = target
  }
}

/** `whole · n / count`, rounded up, exactly. */
function shareUp(whole: number, n: number, count: number): number {
  const product = whole * n
  if (Number.isSafeInteger(product)) return Math.ceil(product / count)
  const exact = BigInt(whole) * BigInt(n)
  return Number((exact + BigInt(count) - 1n) / BigInt(count))
}
