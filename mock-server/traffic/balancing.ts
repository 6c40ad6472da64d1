/** Which of several instances gets a request. */
import { Rng } from '../../src/core/rng.ts'
import type { MockRequest } from '../exchange.ts'
import { readKey, type RequestKey } from './request-key.ts'

export type BalancingConfig =
  | { readonly kind: 'round-robin' }
  | { readonly kind: 'random' }
  /** The one with the fewest requests in flight; of several the next in turn. */
  | { readonly kind: 'least-in-flight' }
  /** Always the same for the same user, as long as it is there; requests without a user go in turn. */
  | { readonly kind: 'per-user'; readonly key: RequestKey }
  /** The one that the first reply has named; requests that name none go in turn. */
  | { readonly kind: 'per-session'; readonly key: RequestKey }

/** One of several that serve the same. */
export interface Candidate {
  readonly name: string
  inFlightCount(nowUs: number): number
}

/** Chooses the index of an instance. @param candidates at least one. */
export type Balancer = (candidates: readonly Candidate[], request: MockRequest, nowUs: number) => number

export function createBalancer(config: BalancingConfig, rng: Rng): Balancer {
  const inTurn = createTurns()
  switch (config.kind) {
    case 'round-robin':
      return inTurn
    case 'random':
      return ({ length }) => rng.int(length)
    case 'least-in-flight':
      return createLeastInFlight()
    case 'per-user':
      return (candidates, request, nowUs) => {
        const user = readKey(config.key, request)
        return user === undefined ? inTurn(candidates, request, nowUs) : homeOf(user, candidates)
      }
    default:
      return (candidates, request, nowUs) => {
        const named = readKey(config.key, request)
        const index = candidates.findIndex(({ name }) => name === named)
        return index === -1 ? inTurn(candidates, request, nowUs) : index
      }
  }
}

function createTurns(): Balancer {
  let next = 0
  return ({ length }) => {
    const index = next % length
    next = index + 1
    return index
  }
}

function createLeastInFlight(): Balancer {
  let next = 0
  return (candidates, _request, nowUs) => {
    const { length } = candidates
    let best = next % length
    let leastCount = candidates[best]!.inFlightCount(nowUs)
    for (let turn = 1; turn < length && leastCount > 0; turn++) {
      const index = (next + turn) % length
      const count = candidates[index]!.inFlightCount(nowUs)
      if (count >= leastCount) continue
      leastCount = count
      best = index
    }
    next = best + 1
    return best
  }
}

/** Rendezvous hashing: when an instance comes or goes, only the users that it gains or had change places. */
function homeOf(user: string, candidates: readonly Candidate[]): number {
  let home = 0
  let highest = -1
  for (const [index, { name }] of candidates.entries()) {
    const score = new Rng(`${user}/${name}`).next()
    if (score <= highest) continue
    highest = score
    home = index
  }
  return home
}
