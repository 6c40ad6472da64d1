/** What a mock lets through in the long run. */
import { US_PER_S } from '../src/core/units.ts'
import type { MockConfig } from './config.ts'
import type { RuleConfig } from './rule.ts'
import { firstInstances } from './traffic/scaling.ts'

/** Absent: no such cap. */
export interface Cap {
  readonly rps?: number
  readonly concurrency?: number
}

/** A set of limits, as configured or as in force. */
interface Limited {
  readonly rules: readonly RuleConfig[]
  readonly concurrency?: number | null
}

interface LimitedResource extends Limited {
  readonly name: string
  /** Name of the shared backend behind it. */
  readonly backend?: string
}

/** Everything that has a part in the cap. */
export interface CapParts {
  /** Those that take traffic. */
  readonly resources: readonly LimitedResource[]
  readonly backends: readonly (Limited & { readonly name: string })[]
  readonly manager?: { readonly tps?: number | null; readonly concurrency?: number | null }
}

interface Figures {
  readonly rps: number
  readonly concurrency: number
}

/**
 * What the mock lets through at its start, in the long run: per resource the lowest sustained rate over its rules (requests
 * per second) and its concurrency; summed over resources, those behind one shared backend at most what that lets through.
 * With a traffic manager only the instances that are there at time 0 count, and together at most what the manager passes on.
 * Absent where nothing caps it.
 *
 * Only rules that count every request have a part in it: no quotas, no other units, no patterns. One that counts each
 * operation on its own has its limit for the traffic of one operation. It is an upper bound: a balancer that sends requests
 * to a full instance while another has room stays below it. Where limits or instances change over time see the `cap` of the
 * mock's state, which is the same at that time.
 */
export function capOf({ resources, backends = [], manager }: MockConfig): Cap {
  if (manager === undefined) return capOfParts({ resources, backends })
  const present = resources.slice(0, firstInstances(manager.scaling))
  return capOfParts({ resources: present, backends, manager })
}

/** The same for limits in force. */
export function capOfParts({ resources, backends, manager }: CapParts): Cap {
  const behind = backends.map((backend) =>
    least(
      figuresOf(backend),
      total(resources.filter((resource) => resource.backend === backend.name).map(figuresOf)),
    ),
  )
  const alone = resources.filter((resource) => resource.backend === undefined).map(figuresOf)
  const own: Figures = {
    rps: manager?.tps ?? Infinity,
    concurrency: manager?.concurrency ?? Infinity,
  }
  const { rps, concurrency } = least(own, total([...behind, ...alone]))
  return { ...(rps < Infinity && { rps }), ...(concurrency < Infinity && { concurrency }) }
}

function figuresOf({ rules, concurrency }: Limited): Figures {
  const rates = rules
    .filter(
      (rule) => rule.isQuota !== true && rule.match === undefined && (rule.unit ?? 'requests') === 'requests',
    )
    .map((rule) => (rule.limit * US_PER_S) / rule.windowUs)
  return { rps: Math.min(...rates), concurrency: concurrency ?? Infinity }
}

function least(first: Figures, second: Figures): Figures {
  return {
    rps: Math.min(first.rps, second.rps),
    concurrency: Math.min(first.concurrency, second.concurrency),
  }
}

function total(figures: readonly Figures[]): Figures {
  let [rps, concurrency] = [0, 0]
  for (const one of figures) {
    rps += one.rps
    concurrency += one.concurrency
  }
  return { rps, concurrency }
}
