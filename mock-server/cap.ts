/** What a mock lets through in the long run. */
import { US_PER_S } from '../src/core/units.ts'
import type { CapacityConfig } from './capacity.ts'
import type { MockConfig } from './config.ts'
import type { LatencyConfig } from './latency.ts'
import { meanLatencyUs } from './latency-mean.ts'
import type { RuleConfig } from './rule.ts'
import { firstInstances } from './traffic/scaling.ts'

/** Absent: no such cap. */
export interface Cap {
  /** Requests per second by the rate limits: what comes above is refused. */
  readonly rps?: number
  /**
   * Requests per second that the workers get done, workers over the mean service time, where that is less than `rps`: what
   * comes above waits, and is refused only when the backlog is full.
   */
  readonly capacityRps?: number
  /** Requests in flight. */
  readonly concurrency?: number
}

/** Limits and what stands behind them, as configured or as in force. */
export interface Limited {
  readonly name: string
  readonly rules: readonly RuleConfig[]
  readonly concurrency?: number
  readonly capacity?: CapacityConfig
  readonly latency: LatencyConfig
}

export interface LimitedResource extends Limited {
  /** Name of the shared backend behind it. */
  readonly backend?: string
}

/** Everything that has a part in the cap. */
interface CapParts {
  /** Those that take traffic. */
  readonly resources: readonly LimitedResource[]
  readonly backends: readonly Limited[]
  readonly manager?: { readonly tps?: number; readonly concurrency?: number }
}

interface Figures {
  readonly rps: number
  /** With the workers taken into account; at most `rps`. */
  readonly throughputRps: number
  readonly concurrency: number
}

/**
 * What the mock lets through at its start, in the long run: per resource the lowest sustained rate over its rules (requests
 * per second), what its workers get done and its concurrency; summed over resources, those behind one shared backend at most
 * what that lets through. With a traffic manager only the instances that are there at time 0 count, and together at most what
 * the manager passes on. Absent where nothing caps it.
 *
 * Only rules that count every request have a part in it: no quotas, no other units, no patterns. One that counts each
 * operation on its own has its limit for the traffic of one operation. It is an upper bound: a balancer that sends requests
 * to a full instance while another has room stays below it, and so do workers that single requests keep longer than the
 * latency model says. Where limits or instances change over time see `MockApp.cap`, which is the same at that time.
 */
export function capOf({ resources, backends = [], manager }: MockConfig): Cap {
  if (manager === undefined) return capOfParts({ resources, backends })
  const present = resources.slice(0, firstInstances(manager.scaling))
  return capOfParts({ resources: present, backends, manager })
}

/** The same for limits in force. */
export function capOfParts({ resources, backends, manager }: CapParts): Cap {
  const behind = backends.map((backend) => {
    const latencyUs = meanLatencyUs(backend.latency)
    const before = resources.filter((resource) => resource.backend === backend.name)
    return least(figuresOf(backend), total(before.map((resource) => figuresOf(resource, latencyUs))))
  })
  const alone = resources
    .filter((resource) => resource.backend === undefined)
    .map((resource) => figuresOf(resource))
  const { tps = Infinity, concurrency = Infinity } = manager ?? {}
  const own: Figures = { rps: tps, throughputRps: tps, concurrency }
  return toCap(least(own, total([...behind, ...alone])))
}

/** Whether two caps are the same. */
export function isSameCap(first: Cap, second: Cap): boolean {
  return (
    first.rps === second.rps &&
    first.capacityRps === second.capacityRps &&
    first.concurrency === second.concurrency
  )
}

function toCap({ rps, throughputRps, concurrency }: Figures): Cap {
  return {
    ...(rps < Infinity && { rps }),
    ...(throughputRps < rps && { capacityRps: throughputRps }),
    ...(concurrency < Infinity && { concurrency }),
  }
}

/** @param furtherUs what the mean service time has beside the latency. */
function figuresOf({ rules, concurrency, capacity, latency }: Limited, furtherUs = 0): Figures {
  const rates = rules
    .filter(
      (rule) => rule.isQuota !== true && rule.match === undefined && (rule.unit ?? 'requests') === 'requests',
    )
    .map((rule) => (rule.limit * US_PER_S) / rule.windowUs)
  const rps = Math.min(...rates)
  const serviceUs = (meanLatencyUs(latency) ?? 0) + furtherUs
  const capacityRps =
    capacity === undefined || serviceUs === 0 ? Infinity : (capacity.workers * US_PER_S) / serviceUs
  return { rps, throughputRps: Math.min(rps, capacityRps), concurrency: concurrency ?? Infinity }
}

function least(first: Figures, second: Figures): Figures {
  return {
    rps: Math.min(first.rps, second.rps),
    throughputRps: Math.min(first.throughputRps, second.throughputRps),
    concurrency: Math.min(first.concurrency, second.concurrency),
  }
}

function total(figures: readonly Figures[]): Figures {
  let [rps, throughputRps, concurrency] = [0, 0, 0]
  for (const one of figures) {
    rps += one.rps
    throughputRps += one.throughputRps
    concurrency += one.concurrency
  }
  return { rps, throughputRps, concurrency }
}
