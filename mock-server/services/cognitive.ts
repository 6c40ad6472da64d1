import type { Rng } from '../../src/core/rng.ts'
import type { Refusal } from '../admission.ts'
import type { CognitiveConfig } from '../config.ts'
import { MAX_BODY_BYTES, type MockRequest } from '../exchange.ts'
import { drawGuid } from '../guid.ts'
import * as azure from './azure.ts'
import { bodyCost } from './costs.ts'
import type { Answered, Call, Reply, Service } from './service.ts'

/** Any route is one operation: paths may hold ids, and the oracle's operations are a small fixed set. */
const OPERATION = 'request'

/**
 * Any service behind Azure's gateway: it asks for a key, refuses with the gateway's messages and answers everything else 200
 * with the method and path that were asked for.
 */
export function createCognitiveService(config: CognitiveConfig, rng: Rng): Service {
  const requestIds = rng.fork('request-ids')
  return { read: (request, path) => read(config, request, path, drawGuid(requestIds)) }
}

function read(
  config: CognitiveConfig,
  request: MockRequest,
  path: string,
  requestId: string,
): Call | Answered {
  const reply = gatewayRefusal(config, request, requestId)
  if (reply !== undefined) return { kind: 'invalid', operation: OPERATION, reply }
  const body = JSON.stringify({ method: request.method, path })
  return {
    kind: 'call',
    operation: OPERATION,
    cost: bodyCost(request),
    succeed: (latencyUs) => azure.successReply(200, body, requestId, latencyUs),
    refuse: (refusal) => refuse(config, path, refusal, requestId),
  }
}

function gatewayRefusal(config: CognitiveConfig, request: MockRequest, requestId: string): Reply | undefined {
  if (!azure.hasKey(request, config.keys)) return azure.unauthorizedReply(requestId)
  if (request.body.length > MAX_BODY_BYTES) return azure.tooLargeReply(MAX_BODY_BYTES, requestId)
  return undefined
}

function refuse(config: CognitiveConfig, path: string, refusal: Refusal, requestId: string): Reply {
  const { apiName, kindAndTier, isFreeTier } = config
  return azure.refusalReply(
    { operationName: operationName(path), apiName, kindAndTier, isFreeTier },
    refusal,
    requestId,
  )
}

/** The last word of the path: `/translate` is the Translate Operation. */
function operationName(path: string): string {
  const word = path.split(/[^A-Za-z]+/).findLast((part) => part !== '') ?? 'default'
  return word[0]!.toUpperCase() + word.slice(1)
}
