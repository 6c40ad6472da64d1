import { Rng } from '../../src/core/rng.ts'
import type { Refusal } from '../admission.ts'
import type { PersonalizerConfig } from '../config.ts'
import { MAX_BODY_BYTES, type MockRequest } from '../exchange.ts'
import { drawGuid } from '../guid.ts'
import * as azure from './azure.ts'
import { type RankRequest, faultInReward, isEventId, parseRankRequest } from './personalizer-requests.ts'
import {
  type Call,
  type InvalidCall,
  type Reply,
  type Service,
  UNMATCHED,
  retryAfterSeconds,
} from './service.ts'

type Operation = 'rank' | 'reward'

interface Route {
  readonly operation: Operation
  /** As in the path: `v1.0` or `v1.1-preview.N`. */
  readonly version: string
  /** As in the path, still percent-encoded; `''` for Rank. */
  readonly eventIdText: string
}

const ROUTE = /^\/personalizer\/(v1\.0|v1\.1-preview\.[1-3])\/(?:rank|events\/([^/]+)\/reward)$/

/** Operation names as 429 messages say them, and error codes of API v1.1 (v1.0 knows only `BadRequest`). */
const OPERATIONS = {
  rank: { name: 'Rank', errorCode: 'InvalidRankRequest' },
  reward: { name: 'Reward', errorCode: 'InvalidRewardRequest' },
} as const

/**
 * Azure Personalizer: Rank and Reward of API v1.0 and v1.1-preview with a model that has learned nothing, so that
 * every action that is not excluded has the same probability. Paths and bodies: azure-rest-api-specs, Personalizer.
 */
export function createPersonalizerService(config: PersonalizerConfig, rng: Rng): Service {
  return new Personalizer(config, rng)
}

class Personalizer implements Service {
  readonly #config: PersonalizerConfig
  readonly #requestIds: Rng
  readonly #eventIds: Rng

  constructor(config: PersonalizerConfig, rng: Rng) {
    this.#config = config
    this.#requestIds = rng.fork('request-ids')
    this.#eventIds = rng.fork('event-ids')
  }

  read(request: MockRequest, path: string): Call | InvalidCall {
    const route = matchRoute(path)
    const requestId = drawGuid(this.#requestIds)
    if (route === undefined) return invalid(UNMATCHED, azure.notFoundReply(requestId))
    const refused = this.#gatewayRefusal(request, requestId)
    if (refused !== undefined) return invalid(route.operation, refused)
    return route.operation === 'rank'
      ? this.#readRank(request.body, route, requestId)
      : this.#readReward(request.body, route, requestId)
  }

  #gatewayRefusal(request: MockRequest, requestId: string): Reply | undefined {
    if (request.method !== 'POST') return azure.methodNotAllowedReply('POST', requestId)
    if (!azure.hasKey(request, this.#config.keys)) return azure.unauthorizedReply(requestId)
    if (request.body.length > MAX_BODY_BYTES) return azure.tooLargeReply(MAX_BODY_BYTES, requestId)
    if (!azure.isJson(request)) return azure.unsupportedMediaTypeReply(requestId)
    return undefined
  }

  #readRank(body: Uint8Array, route: Route, requestId: string): Call | InvalidCall {
    const rank = parseRankRequest(body)
    if (typeof rank === 'string') return badRequest(route, rank, requestId)
    return this.#call(route, requestId, (latencyUs) => {
      const eventId = rank.eventId ?? drawGuid(this.#eventIds)
      return azure.successReply(201, JSON.stringify(rankResponse(rank, eventId)), requestId, latencyUs)
    })
  }

  /** An event that the service has never seen is accepted too: rewards are logged first and joined later. */
  #readReward(body: Uint8Array, route: Route, requestId: string): Call | InvalidCall {
    const eventId = decodeSegment(route.eventIdText)
    const isValid = eventId !== undefined && isEventId(eventId)
    const fault = isValid ? faultInReward(body) : 'The eventId is invalid.'
    if (fault !== undefined) return badRequest(route, fault, requestId)
    return this.#call(route, requestId, (latencyUs) => azure.successReply(204, '', requestId, latencyUs))
  }

  #call(route: Route, requestId: string, succeed: Call['succeed']): Call {
    const refuse = (refusal: Refusal): Reply => this.#rateLimited(route, refusal, requestId)
    return { valid: true, operation: route.operation, cost: 1, succeed, refuse }
  }

  #rateLimited(route: Route, refusal: Refusal, requestId: string): Reply {
    const facts = {
      operationName: OPERATIONS[route.operation].name,
      apiName: `Personalizer API (${route.version})`,
      kindAndTier: `Personalizer ${this.#config.tier}`,
      isFreeTier: this.#config.tier === 'F0',
      retryAfterS: retryAfterSeconds(refusal.retryAfterUs),
    }
    return azure.rateLimitReply(facts, requestId)
  }
}

function matchRoute(path: string): Route | undefined {
  const match = ROUTE.exec(path)
  if (match === null) return undefined
  const [, version = '', eventIdText] = match
  return { version, operation: eventIdText === undefined ? 'rank' : 'reward', eventIdText: eventIdText ?? '' }
}

function invalid(operation: string, reply: Reply): InvalidCall {
  return { valid: false, operation, reply }
}

function badRequest(route: Route, message: string, requestId: string): InvalidCall {
  const code = route.version === 'v1.0' ? 'BadRequest' : OPERATIONS[route.operation].errorCode
  return invalid(route.operation, azure.errorReply(400, code, message, requestId))
}

/**
 * The chosen action changes places with the first one that is not excluded; excluded ones keep theirs with probability
 * 0 (as in the specification's Rank example). The eventId seeds the draw: the same event and model, the same choice.
 */
function rankResponse(rank: RankRequest, eventId: string): object {
  const { actionIds, excludedIds } = rank
  const eligible = [...actionIds.keys()].filter((index) => !excludedIds.includes(actionIds[index]!))
  const first = eligible[0]!
  const chosen = eligible[new Rng(eventId).int(eligible.length)]!
  const ranking = actionIds.map((id) => ({
    id,
    probability: excludedIds.includes(id) ? 0 : 1 / eligible.length,
  }))
  const displaced = ranking[first]!
  ranking[first] = ranking[chosen]!
  ranking[chosen] = displaced
  return { ranking, eventId, rewardActionId: actionIds[chosen]! }
}

function decodeSegment(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
