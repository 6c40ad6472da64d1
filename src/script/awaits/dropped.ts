import type { Blind, Wait } from './graph.ts'
import { spotName } from './graph.ts'
import type { Spot, Spots } from './spots.ts'
import type { FunctionNode, Syntax } from './syntax.ts'

/**
 * Calls of the script's own `async` functions whose promise nobody takes. On k6 such a function runs its requests
 * before the call returns; here they would still be under way when the script goes on.
 */
export function findDropped(syntax: Syntax, spots: Spots, waits: readonly Wait[]): Blind[] {
  const seen = new Set<FunctionNode>()
  for (const { spot } of waits) {
    const around = syntax.functionAround(spot.node)
    if (around?.async) seen.add(around)
  }
  const dropped = new Map<Spot['node'], Blind>()
  // A set that grows while it is walked: an async function that awaits a waiting one waits, too.
  for (const fn of seen) {
    for (const spot of spots.callersOf(fn)) {
      if (isDropped(syntax, spot)) dropped.set(spot.node, blindCall(syntax, spot))
      const around = syntax.functionAround(spot.node)
      if (around?.async) seen.add(around)
    }
  }
  return [...dropped.values()]
}

function isDropped(syntax: Syntax, { kind, node }: Spot): boolean {
  return kind === 'call' && syntax.parentOf(node)?.type === 'ExpressionStatement'
}

function blindCall(syntax: Syntax, spot: Spot): Blind {
  const what = spotName(syntax, spot)
  const reason = {
    why: 'called without await',
    rewrite: `write await ${what}(…), in a function that is async itself`,
  }
  return { kind: 'site', node: spot.node, what, reason }
}
