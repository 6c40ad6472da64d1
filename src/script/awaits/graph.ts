import type { AnyNode } from 'acorn'
import type { Bindings } from './bindings.ts'
import { calleeOf } from './call-edges.ts'
import { findDropped } from './dropped.ts'
import { findEscapes } from './escapes.ts'
import { describeBlocked, describeFunction, placeOf } from './place.ts'
import type { Place, Reason } from './place.ts'
import { Spots } from './spots.ts'
import type { Spot } from './spots.ts'
import { isFunction } from './syntax.ts'
import type { FunctionNode, Syntax } from './syntax.ts'
import { Values } from './values.ts'

/** A spot that waits, or may wait, in a place where it can. */
export interface Wait {
  readonly spot: Spot
  /** A generator waits by yielding to whoever runs through it. */
  readonly by: 'await' | 'yield'
}

/** A wait that the insertion cannot see through: the guard watches its result (`site`) or the function itself (`escape`). */
export interface Blind {
  readonly kind: 'site' | 'escape'
  readonly node: AnyNode
  readonly what: string
  readonly reason: Reason
}

/** What to insert. */
export interface WaitPlan {
  readonly waits: readonly Wait[]
  /** Functions that may wait, each with the first spot found in it that does. */
  readonly waiting: ReadonlyMap<FunctionNode, Spot>
  /** In source order. */
  readonly blind: readonly Blind[]
}

/**
 * Finds everything that may wait: a wait makes the function around it wait, hence whatever may call that function,
 * until nothing changes. Functions that cannot wait, such as constructors, stay as they are; the waits in them are blind.
 */
export function planWaits(bindings: Bindings): WaitPlan {
  const spots = new Spots(new Values(bindings))
  const planned = new Set<Spot>()
  const waits: Wait[] = []
  const waiting = new Map<FunctionNode, Spot>()
  const blind: Blind[] = []
  const queue: Spot[] = [...spots.waitingForApi()]
  for (let spot = queue.pop(); spot; spot = queue.pop()) {
    if (planned.has(spot)) continue
    planned.add(spot)
    const place = placeOf(bindings.syntax, spot.node)
    const reason = blindReason(bindings, place, spots.constructed)
    if (reason) {
      if (spot.kind === 'call')
        blind.push({ kind: 'site', node: spot.node, what: spotName(bindings.syntax, spot), reason })
      continue
    }
    const fn = place.kind === 'function' ? place.fn : undefined
    waits.push({ spot, by: fn?.generator && !fn.async ? 'yield' : 'await' })
    if (fn === undefined || fn.async || waiting.has(fn)) continue
    waiting.set(fn, spot)
    queue.push(...spots.waitingFor(fn))
  }
  blind.push(...findEscapes(bindings), ...findDropped(bindings.syntax, spots, waits))
  return { waits, waiting, blind: blind.sort((a, b) => a.node.start - b.node.start) }
}

/** Why nothing can wait at the place; `undefined` when it can. */
function blindReason(
  bindings: Bindings,
  place: Place,
  constructed: ReadonlySet<FunctionNode>,
): Reason | undefined {
  if (place.kind === 'module') return undefined
  if (place.kind === 'blocked') return describeBlocked(place.why)
  const { fn } = place
  const isConstructed = constructed.has(fn)
  if (fn.async || !(isConstructed || isAccessor(bindings.syntax, fn))) return undefined
  return describeFunction(bindings, fn, isConstructed)
}

/** Whether the function is called by `new` or by an access to a property, which nothing can wait for. */
function isAccessor(syntax: Syntax, fn: FunctionNode): boolean {
  const parent = syntax.parentOf(fn)
  if (parent?.type === 'MethodDefinition') return parent.kind !== 'method'
  return parent?.type === 'Property' && parent.kind !== 'init'
}

/** What a spot calls or runs through, as it stands in the script. */
export function spotName(syntax: Syntax, spot: Spot): string {
  if (spot.kind === 'iteration') return syntax.textOf(spot.iterable)
  if (spot.call.api) return spot.call.api.name
  const callee = calleeOf(spot.node)
  return isFunction(callee) ? 'a function' : syntax.textOf(callee)
}
