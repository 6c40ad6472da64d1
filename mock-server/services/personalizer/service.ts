import type { Rng } from '../../../src/core/rng.ts'
import type { Refusal } from '../../admission.ts'
import type { PersonalizerConfig } from '../../config.ts'
import { MAX_BODY_BYTES, type MockRequest } from '../../exchange.ts'
import { drawGuid } from '../../guid.ts'
import * as azure from '../azure.ts'
import { type Answered, type Call, type Reply, type Service, UNMATCHED, plainCost } from '../service.ts'
import { faultReply } from './faults.ts'
import { Instance } from './instance.ts'
import type { LoopState } from './loop.ts'
import { type Asked, type Done, OPERATIONS } from './operations.ts'
import { type Operation, type Route, matchRoute } from './routes.ts'

/**
 * Azure Personalizer, API v1.0 and v1.1-preview, with a loop that learns which actions are rewarded.
 * Paths and bodies: azure-rest-api-specs, Personalizer.
 *
 * @param startUnixMs the date at time 0.
 */
export function createPersonalizerService(
  config: PersonalizerConfig,
  rng: Rng,
  startUnixMs: number,
): Service {
  return new Personalizer(config, rng, startUnixMs)
}

class Personalizer implements Service {
  readonly #config: PersonalizerConfig
  readonly #requestIds: Rng
  readonly #instance: Instance

  constructor(config: PersonalizerConfig, rng: Rng, startUnixMs: number) {
    this.#config = config
    this.#requestIds = rng.fork('request-ids')
    this.#instance = new Instance(config, rng.fork('event-ids'), startUnixMs)
  }

  read(request: MockRequest, path: string, nowUs: number): Call | Answered {
    const route = matchRoute(request, path)
    const requestId = drawGuid(this.#requestIds)
    if (route === undefined) return invalid(UNMATCHED, azure.notFoundReply(requestId))
    const operation = route.operations[request.method]
    if (operation === undefined) return invalid(UNMATCHED, methodNotAllowed(route, requestId))
    const refused = this.#gatewayRefusal(request, operation, requestId)
    if (refused !== undefined) return invalid(operation, refused)
    const work = OPERATIONS[operation].prepare(this.#instance, askedOf(request, route, nowUs))
    if ('code' in work) return invalid(operation, faultReply(work, route.isPreview, requestId))
    return {
      kind: 'call',
      operation,
      cost: plainCost(request),
      succeed: (latencyUs) => successReply(work(), requestId, latencyUs),
      refuse: (refusal) => this.#refused(operation, route, refusal, requestId),
    }
  }

  state(nowUs: number): LoopState {
    return this.#instance.loop.state(nowUs)
  }

  #gatewayRefusal(request: MockRequest, operation: Operation, requestId: string): Reply | undefined {
    if (!azure.hasKey(request, this.#config.keys)) return azure.unauthorizedReply(requestId)
    if (request.body.length > MAX_BODY_BYTES) return azure.tooLargeReply(MAX_BODY_BYTES, requestId)
    if (!OPERATIONS[operation].hasBody || azure.isJson(request)) return undefined
    return azure.unsupportedMediaTypeReply(requestId)
  }

  #refused(operation: Operation, route: Route, refusal: Refusal, requestId: string): Reply {
    const { tier } = this.#config
    const facts = {
      operationName: OPERATIONS[operation].name,
      apiName: `Personalizer API (${route.version})`,
      kindAndTier: `Personalizer ${tier}`,
      isFreeTier: tier === 'F0',
    }
    return azure.refusalReply(facts, refusal, requestId)
  }
}

function askedOf({ path, body }: MockRequest, { idText, isPreview }: Route, nowUs: number): Asked {
  return { body, id: idText === '' ? '' : decodeSegment(idText), isPreview, nowUs, requestPath: path }
}

function decodeSegment(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function methodNotAllowed({ operations }: Route, requestId: string): Reply {
  return azure.methodNotAllowedReply(Object.keys(operations).join(', '), requestId)
}

function successReply(done: Done, requestId: string, latencyUs: number): Reply {
  const { status, body, json, jsonBytes, location } = done
  if (json !== undefined) return azure.successReply(status, json, requestId, latencyUs, jsonBytes)
  const isFile = typeof body === 'string'
  const text = isFile ? body : body === undefined ? '' : JSON.stringify(body)
  const reply = azure.successReply(status, text, requestId, latencyUs)
  const headers = isFile
    ? reply.headers.map(([name, value]) => [name, name === 'Content-Type' ? OCTET_STREAM : value] as const)
    : reply.headers
  return { ...reply, headers: location === undefined ? headers : [...headers, ['Location', location]] }
}

const OCTET_STREAM = 'application/octet-stream'

function invalid(operation: string, reply: Reply): Answered {
  return { kind: 'invalid', operation, reply }
}
