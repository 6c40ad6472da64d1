import { US_PER_S } from '../core/units.ts'

/** What the target lets through, in requests per second; absent: no such bound is known. */
export interface TargetCap {
  /** By its limits: what comes above is refused. */
  readonly rps?: number
  /** By what its workers get done, where that is less: what comes above waits. */
  readonly capacityRps?: number
}

interface CapStep {
  readonly fromUs: number
  readonly cap: TargetCap
}

/** The target's cap over time: limits grow, shrink and are changed while a run is under way. */
export class CapTimeline {
  /** In order of time; those before the latest second that was asked for are dropped. */
  #steps: CapStep[]

  constructor(cap: TargetCap) {
    this.#steps = [{ fromUs: -Infinity, cap }]
  }

  get latest(): TargetCap {
    return this.#steps.at(-1)!.cap
  }

  /** The cap from that time on; times come in order. */
  set(cap: TargetCap, fromUs: number): void {
    this.#steps.push({ fromUs, cap })
  }

  /** The cap of a second is the last one that it has. Seconds are asked for in order. */
  at(second: number): TargetCap {
    const endUs = (second + 1) * US_PER_S
    const next = this.#steps.findIndex(({ fromUs }) => fromUs >= endUs)
    if (next !== 0) this.#steps = this.#steps.slice(next === -1 ? -1 : next - 1)
    return this.#steps[0]!.cap
  }
}

/** The rate that gets through, whichever bounds it. */
export function throughputRps({ rps, capacityRps }: TargetCap): number | undefined {
  return capacityRps ?? rps
}
