import type { Rng } from '../../src/core/rng.ts'
import type { LuisConfig } from '../config.ts'
import { MAX_BODY_BYTES, type MockRequest } from '../exchange.ts'
import { drawGuid } from '../guid.ts'
import * as azure from './azure.ts'
import { keyOf } from './credentials.ts'
import { predict } from './luis-prediction.ts'
import { parsePredictRequest, type PredictRequest } from './luis-requests.ts'
import { queryOf } from './query.ts'
import { type Answered, type Call, plainCost, type Reply, type Service, UNMATCHED } from './service.ts'

const OPERATION = 'predict'

/** In the specification v3.0 stands below `luis`, in the libraries made from it below `luis/prediction`. */
const PATH =
  /^\/luis\/(?:prediction\/)?v3\.0\/apps\/([^/]+)\/(?:slots\/(?:production|staging)|versions\/[^/]+)\/predict$/i
const APP_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const METHODS: readonly string[] = ['GET', 'POST']

/** Apps that cannot answer. Any other id is that of an app which can. */
const UNREADY_APPS: ReadonlyMap<string, readonly [status: number, code: string, message: string]> = new Map([
  ['00000000-0000-0000-0000-000000000409', [409, 'Conflict', 'The application is still loading.']],
  [
    '00000000-0000-0000-0000-000000000410',
    [410, 'Gone', 'The application has to be trained and published again.'],
  ],
])

/**
 * LUIS v3 prediction. The statuses of azure-docs LUIS/luis-reference-response-codes.md that depend on the app belong to the
 * app ids `00000000-0000-0000-0000-000000000409` (still loading) and `…410` (to be published again); the codes beside
 * these statuses are assumed.
 */
export function createLuisService(config: LuisConfig, rng: Rng): Service {
  const requestIds = rng.fork('request-ids')
  return { read: (request, path) => read(config, request, path, drawGuid(requestIds)) }
}

function read(config: LuisConfig, request: MockRequest, path: string, requestId: string): Call | Answered {
  const appId = PATH.exec(path)?.[1]
  if (appId === undefined) return invalid(azure.notFoundReply(requestId), UNMATCHED)
  const query = queryOf(request)
  const refused = gatewayRefusal(config, request, query, requestId) ?? appRefusal(appId, requestId)
  if (refused !== undefined) return invalid(refused)
  const prediction = parsePredictRequest(request, query)
  if ('status' in prediction) {
    const code = prediction.status === 414 ? 'RequestUriTooLong' : 'BadArgument'
    return invalid(azure.errorReply(prediction.status, code, prediction.message, requestId))
  }
  return call(config, request, prediction, requestId)
}

function gatewayRefusal(
  config: LuisConfig,
  request: MockRequest,
  query: URLSearchParams,
  requestId: string,
): Reply | undefined {
  if (!METHODS.includes(request.method)) return azure.methodNotAllowedReply(METHODS.join(', '), requestId)
  const key = keyOf(request, query)
  if (key === undefined || !config.keys.includes(key)) return azure.unauthorizedReply(requestId)
  if (request.body.length > MAX_BODY_BYTES) return azure.tooLargeReply(MAX_BODY_BYTES, requestId)
  const isReadable = request.method === 'GET' || azure.isJson(request)
  return isReadable ? undefined : azure.unsupportedMediaTypeReply(requestId)
}

function appRefusal(appId: string, requestId: string): Reply | undefined {
  if (!APP_ID.test(appId))
    return azure.errorReply(400, 'BadArgument', 'The app id must be a GUID.', requestId)
  const unready = UNREADY_APPS.get(appId)
  if (unready === undefined) return undefined
  const [status, code, message] = unready
  return azure.errorReply(status, code, message, requestId)
}

function call(config: LuisConfig, request: MockRequest, prediction: PredictRequest, requestId: string): Call {
  const { tier } = config
  const facts = {
    operationName: 'Predict',
    apiName: 'LUIS Runtime API (v3.0)',
    kindAndTier: `LUIS ${tier}`,
    isFreeTier: tier === 'F0',
  }
  return {
    kind: 'call',
    operation: OPERATION,
    cost: plainCost(request),
    succeed: (latencyUs) =>
      azure.successReply(200, JSON.stringify(predict(prediction)), requestId, latencyUs),
    refuse: (refusal) => azure.refusalReply(facts, refusal, requestId),
  }
}

function invalid(reply: Reply, operation: string = OPERATION): Answered {
  return { kind: 'invalid', operation, reply }
}
