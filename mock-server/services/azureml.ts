import type { Rng } from '../../src/core/rng.ts'
import type { AzureMlConfig } from '../config.ts'
import { MAX_BODY_BYTES, type MockRequest } from '../exchange.ts'
import { drawGuid } from '../guid.ts'
import type { AzureMlEndpoint } from './azureml-endpoint.ts'
import { AzureMlEndpoints, DEFAULT_NAME } from './azureml-endpoints.ts'
import {
  type AzureMlFault,
  badVersion,
  emptyReply,
  failureOf,
  faultReply,
  INITIALIZATION_TIMEOUT,
  INITIALIZING_CONTAINERS,
  invalidOperation,
  jsonReply,
  MANAGEMENT_UNAUTHORIZED,
  MEDIA_TYPE,
  NO_WEB_SERVICE,
  SCORE_UNAUTHORIZED,
  throttled,
  TOO_LARGE,
  TOO_MANY_HOSTS,
} from './azureml-faults.ts'
import type { HostState } from './azureml-hosts.ts'
import { BatchJobs } from './azureml-jobs.ts'
import {
  faultInBatch,
  parseEndpointChange,
  parseScoreRequest,
  type ScoreRequest,
} from './azureml-requests.ts'
import { type AzureMlRoute, matchAzureMlRoute } from './azureml-routes.ts'
import { bearerOf } from './credentials.ts'
import { queryOf } from './query.ts'
import { type Answered, type Call, plainCost, type Reply, type Service, UNMATCHED } from './service.ts'

const API_VERSION = '2.0'
/** How long a call waits for its host to start; assumed. */
const INITIALIZATION_TIMEOUT_US = 60_000_000

const JSON_MEDIA_TYPE = /^(?:application|text)\/json\s*(?:;|$)/i

/** One request with what has been found out about it. */
interface Asked {
  readonly request: MockRequest
  readonly path: string
  readonly route: AzureMlRoute
  readonly query: URLSearchParams
  readonly requestId: string
  readonly nowUs: number
}

/**
 * A web service of AzureML (classic): synchronous scoring, each endpoint under a cap of its own on concurrent calls; the
 * management of the endpoints, which sets the caps; and batches, which no cap applies to. Shapes: azure-docs
 * machine-learning/studio and hning86/azuremlps; the body of a result is assumed.
 *
 * @param concurrency the cap of the default endpoint at the start.
 */
export function createAzureMlService(config: AzureMlConfig, concurrency: number, rng: Rng): Service {
  return new AzureMl(config, concurrency, rng)
}

class AzureMl implements Service {
  readonly #config: AzureMlConfig
  readonly #requestIds: Rng
  readonly #endpoints: AzureMlEndpoints
  readonly #jobs: BatchJobs

  constructor(config: AzureMlConfig, concurrency: number, rng: Rng) {
    this.#config = config
    this.#requestIds = rng.fork('request-ids')
    this.#endpoints = new AzureMlEndpoints(config, concurrency, rng.fork('endpoints'))
    this.#jobs = new BatchJobs(rng.fork('jobs'))
  }

  read(request: MockRequest, path: string, nowUs: number): Call | Answered {
    const route = matchAzureMlRoute(path)
    const requestId = drawGuid(this.#requestIds)
    if (route === undefined) return invalid(UNMATCHED, faultReply(NO_WEB_SERVICE, requestId))
    const { operation, methods } = route
    if (!methods.includes(request.method)) return invalid(operation, methodNotAllowed(methods, requestId))
    const query = queryOf(request)
    const fault = this.#faultBeforeReading(request, route, query)
    if (fault !== undefined) return invalid(operation, faultReply(fault, requestId))
    const asked = { request, path, route, query, requestId, nowUs }
    if (operation === 'score') return this.#score(asked)
    return operation === 'batch' ? this.#batch(asked) : this.#manage(asked)
  }

  /** The endpoint at the web service's own address is the one under the resource's cap. */
  setConcurrency(concurrency: number): void {
    this.#endpoints.find(DEFAULT_NAME)?.override(concurrency)
  }

  #faultBeforeReading(
    request: MockRequest,
    route: AzureMlRoute,
    query: URLSearchParams,
  ): AzureMlFault | undefined {
    const bearer = bearerOf(request) ?? ''
    if (route.operation === 'manage-endpoint') {
      if (bearer !== this.#config.workspaceToken) return MANAGEMENT_UNAUTHORIZED
    } else if (!this.#endpoints.atAddress(route.serviceId).keys.includes(bearer)) return SCORE_UNAUTHORIZED
    if (request.body.length > MAX_BODY_BYTES) return TOO_LARGE
    const type = request.headers['content-type']
    if (type !== undefined && request.body.length > 0 && !JSON_MEDIA_TYPE.test(type)) return MEDIA_TYPE
    if (route.operation === 'manage-endpoint') return undefined
    const version = query.get('api-version')
    return version === API_VERSION ? undefined : badVersion(version)
  }

  #score({ request, route, query, requestId, nowUs }: Asked): Call | Answered {
    const score = parseScoreRequest(request.body, this.#config.requiredParameters)
    if ('code' in score) return invalid(route.operation, faultReply(score, requestId))
    const endpoint = this.#endpoints.atAddress(route.serviceId)
    const isDetailed = query.get('details') === 'true'
    let fault: AzureMlFault | undefined
    return {
      kind: 'call',
      operation: route.operation,
      cost: plainCost(request),
      ...(!this.#endpoints.isDefault(endpoint) && {
        slots: { name: endpoint.name, concurrency: endpoint.maxConcurrentCalls },
      }),
      workUs: (drawnUs) => {
        const host = endpoint.hosts?.send(endpoint.maxConcurrentCalls, nowUs) ?? 'warm'
        fault = this.#faultAtHost(host)
        return this.#workUs(host, drawnUs)
      },
      succeed: () =>
        fault === undefined ? scoreReply(score, isDetailed, requestId) : faultReply(fault, requestId),
      fail: (status) => faultReply(failureOf(status), requestId),
      refuse: (refusal) => faultReply(throttled(endpoint.name, refusal), requestId),
    }
  }

  #faultAtHost(host: HostState): AzureMlFault | undefined {
    if (host === 'starting') return INITIALIZING_CONTAINERS
    if (host === 'crowded') return TOO_MANY_HOSTS
    return host === 'cold' && this.#isStartTooLong ? INITIALIZATION_TIMEOUT : undefined
  }

  /** The call for which a host starts waits for it; those that find it starting are sent away at once. */
  #workUs(host: HostState, drawnUs: number): number {
    if (host === 'warm') return drawnUs
    if (host !== 'cold') return 0
    return this.#isStartTooLong ? INITIALIZATION_TIMEOUT_US : (this.#config.coldStartUs ?? 0) + drawnUs
  }

  get #isStartTooLong(): boolean {
    return (this.#config.coldStartUs ?? 0) > INITIALIZATION_TIMEOUT_US
  }

  /** No job waits for anything: batches run in a place of their own. */
  #batch({ request, route, requestId, nowUs }: Asked): Answered {
    const { operation, jobId, isStart } = route
    const managed = (reply: Reply): Answered => ({ kind: 'managed', operation, reply })
    if (jobId === '') {
      const fault = faultInBatch(request.body)
      if (fault !== undefined) return invalid(operation, faultReply(fault, requestId))
      return managed(jsonReply(200, this.#jobs.submit(), requestId))
    }
    if (!this.#jobs.has(jobId)) return invalid(operation, faultReply(NO_WEB_SERVICE, requestId))
    if (request.method === 'GET') return managed(jsonReply(200, this.#jobs.describe(jobId, nowUs), requestId))
    if (isStart && !this.#jobs.start(jobId, nowUs))
      return invalid(operation, faultReply(CANNOT_START, requestId))
    if (request.method === 'DELETE') this.#jobs.cancel(jobId, nowUs)
    return managed(emptyReply(requestId))
  }

  #manage(asked: Asked): Answered {
    const { request, route, requestId } = asked
    const { operation, endpointName } = route
    const answer = (endpoint: AzureMlEndpoint, status = 200): Answered => ({
      kind: 'managed',
      operation,
      reply: jsonReply(status, describe(endpoint, asked), requestId),
      ...(this.#endpoints.isDefault(endpoint) && { concurrency: endpoint.maxConcurrentCalls }),
    })
    if (endpointName === '') {
      const all = this.#endpoints.all.map((endpoint) => describe(endpoint, asked))
      return { kind: 'managed', operation, reply: jsonReply(200, all, requestId) }
    }
    const endpoint = this.#endpoints.find(endpointName)
    if (request.method === 'PUT' && endpoint === undefined) return this.#add(asked, answer)
    if (endpoint === undefined) return invalid(operation, faultReply(NO_WEB_SERVICE, requestId))
    if (request.method === 'GET') return { kind: 'managed', operation, reply: answer(endpoint).reply }
    const fault =
      request.method === 'DELETE' ? this.#endpoints.remove(endpoint) : this.#change(endpoint, request)
    if (fault !== undefined) return invalid(operation, faultReply(fault, requestId))
    if (request.method === 'DELETE') return { kind: 'managed', operation, reply: emptyReply(requestId) }
    return answer(endpoint)
  }

  #add(
    { request, route, requestId }: Asked,
    answer: (endpoint: AzureMlEndpoint, status: number) => Answered,
  ): Answered {
    const endpoint = this.#endpoints.create(route.endpointName)
    const fault = 'code' in endpoint ? endpoint : this.#change(endpoint, request)
    if (fault !== undefined || 'code' in endpoint)
      return invalid(route.operation, faultReply(fault!, requestId))
    this.#endpoints.add(endpoint)
    return answer(endpoint, 201)
  }

  #change(endpoint: AzureMlEndpoint, request: MockRequest): AzureMlFault | undefined {
    const change = parseEndpointChange(request.body)
    if ('code' in change) return change
    return request.method === 'PUT' ? endpoint.replace(change) : endpoint.update(change)
  }
}

const CANNOT_START: AzureMlFault = {
  ...invalidOperation('The job cannot be started because it has been started or cancelled before.'),
  detailCode: 'CannotStartJob',
}

/** The address is one on this mock, where the client has come from. */
function describe(endpoint: AzureMlEndpoint, { request, path, route }: Asked): object {
  const { workspaceId, serviceId } = route
  const prefix = request.path.slice(0, Math.max(0, request.path.indexOf(path)))
  const origin = `http://${request.headers['host'] ?? 'localhost'}${prefix}`
  const address = endpoint.id === '' ? serviceId : endpoint.id
  return endpoint.describe(workspaceId, serviceId, `${origin}/workspaces/${workspaceId}/services/${address}`)
}

function scoreReply({ rowCount }: ScoreRequest, isDetailed: boolean, requestId: string): Reply {
  const value = {
    ColumnNames: ['Scored Labels'],
    ...(isDetailed && { ColumnTypes: ['Numeric'] }),
    Values: Array.from({ length: rowCount }, () => ['0']),
  }
  return jsonReply(200, { Results: { output1: { type: 'table', value } } }, requestId)
}

function methodNotAllowed(methods: readonly string[], requestId: string): Reply {
  const allow = methods.join(', ')
  const reply = faultReply(
    { status: 405, code: 'BadArgument', message: `This path allows ${allow}.` },
    requestId,
  )
  return { ...reply, headers: [['Allow', allow], ...reply.headers] }
}

function invalid(operation: string, reply: Reply): Answered {
  return { kind: 'invalid', operation, reply }
}
