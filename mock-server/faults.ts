import type { Rng } from '../src/core/rng.ts'
import type { WireFault } from './exchange.ts'

/** What goes wrong with an admitted request. */
export type FaultEffect =
  /** An error takes the place of the reply. */
  | { readonly kind: 'error'; readonly status: number }
  /** The service takes so much longer; absent: the reply never comes. */
  | { readonly kind: 'stall'; readonly durationUs?: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'slow-body'; readonly bytesPerS: number }
  | { readonly kind: 'close-mid-body' }
  | { readonly kind: 'malformed' }

/** Which admitted requests a fault hits: those for which everything that is given holds. */
export interface FaultCondition {
  /** Share of requests, above 0 and up to 1, drawn at random. */
  readonly ratio?: number
  /** Requests admitted from this time on. */
  readonly fromUs?: number
  /** Requests admitted before this time. */
  readonly toUs?: number
  /** Every so many requests: 100 hits numbers 100, 200, … */
  readonly every?: number
  /** Numbers of requests; the first to be admitted is 1. */
  readonly numbers?: readonly number[]
}

/** The whole service stands still, as in a long garbage collection: replies due meanwhile, refusals too, leave at its end. */
export interface Pause {
  readonly kind: 'pause'
  readonly fromUs: number
  readonly durationUs: number
}

/** All times are the mock's own. */
export type FaultConfig = Pause | RequestFault
export type RequestFault = FaultEffect & FaultCondition

export type FaultKind = FaultConfig['kind']

/** Decides, request by request, what goes wrong. */
export class FaultInjector {
  readonly #faults: readonly FaultTrigger[]
  readonly #pauses: readonly Pause[]
  #admittedCount = 0

  constructor(configs: readonly FaultConfig[], rng: Rng) {
    this.#faults = configs
      .filter((config) => config.kind !== 'pause')
      .map((config, index) => new FaultTrigger(config, rng.fork(`${index}`)))
    this.#pauses = configs
      .filter((config) => config.kind === 'pause')
      .sort((first, second) => first.fromUs - second.fromUs)
  }

  /** The fault of the next admitted request: the first of the configured ones that hits it. */
  next(nowUs: number): FaultEffect | undefined {
    this.#admittedCount++
    let hit: FaultEffect | undefined
    // All are asked, so that each one's draws are the same whatever the others do.
    for (const fault of this.#faults) {
      if (fault.hits(this.#admittedCount, nowUs)) hit ??= fault.effect
    }
    return hit
  }

  /** When a reply that is due at `dueUs` leaves. */
  afterPauses(dueUs: number): number {
    let leavesUs = dueUs
    for (const { fromUs, durationUs } of this.#pauses) {
      if (leavesUs >= fromUs && leavesUs < fromUs + durationUs) leavesUs = fromUs + durationUs
    }
    return leavesUs
  }
}

/** One fault and the requests that it hits. */
class FaultTrigger {
  readonly effect: FaultEffect
  readonly #condition: FaultCondition
  readonly #numbers: ReadonlySet<number> | undefined
  readonly #rng: Rng

  constructor(config: RequestFault, rng: Rng) {
    this.effect = config
    this.#condition = config
    this.#numbers = config.numbers && new Set(config.numbers)
    this.#rng = rng
  }

  hits(number: number, nowUs: number): boolean {
    const { ratio, fromUs = 0, toUs = Infinity, every = 1 } = this.#condition
    const isDrawn = ratio === undefined || this.#rng.next() < ratio
    const isCounted = number % every === 0 && (this.#numbers?.has(number) ?? true)
    return isDrawn && isCounted && nowUs >= fromUs && nowUs < toUs
  }
}

/** How much longer the service takes. */
export function stallUs(effect: FaultEffect | undefined): number {
  return effect?.kind === 'stall' ? (effect.durationUs ?? 0) : 0
}

/**
 * What the transport has to do to a reply with a body of that length; `undefined`: nothing. A reply without a body
 * cannot be slow or cut in its body, and goes unharmed.
 */
export function wireFaultOf(effect: FaultEffect, bodyBytes: number): WireFault | undefined {
  switch (effect.kind) {
    case 'error':
      return undefined
    case 'stall':
      return effect.durationUs === undefined ? { kind: 'stall' } : undefined
    case 'slow-body':
      return bodyBytes === 0 ? undefined : { kind: 'slow-body', bytesPerS: effect.bytesPerS }
    case 'close-mid-body':
      return bodyBytes === 0 ? undefined : { kind: 'close-mid-body', sentBytes: Math.floor(bodyBytes / 2) }
    default:
      return { kind: effect.kind }
  }
}

const NO_FAULTS: readonly FaultKind[] = []

/** The faults that a reply really has: one without a body cannot be broken in its body. */
export function faultKindsOf(
  effect: FaultEffect | undefined,
  fault: WireFault | undefined,
  isHeldBack: boolean,
): readonly FaultKind[] {
  const isHit = fault !== undefined || effect?.kind === 'error' || effect?.kind === 'stall'
  const kinds = effect !== undefined && isHit ? [effect.kind] : NO_FAULTS
  return isHeldBack ? [...kinds, 'pause'] : kinds
}
