/**
 * Azure's resource manager, as far as it concerns the keys and the limits of one Cognitive Services account: azure-rest-api-specs,
 * cognitiveservices.json 2021-10-01. Any account name means the resource it is hosted beside.
 */
import { US_PER_S } from '../../src/core/units.ts'
import type { Rng } from '../../src/core/rng.ts'
import type { ServiceConfig } from '../config.ts'
import { MAX_BODY_BYTES, type MockRequest } from '../exchange.ts'
import { drawGuid } from '../guid.ts'
import type { KeyRing } from '../key-ring.ts'
import type { RoutePattern } from '../route-pattern.ts'
import type { RuleConfig } from '../rule.ts'
import * as azure from './azure.ts'
import { isAbsent, isObject, parseJson } from './json-body.ts'
import { queryOf } from './query.ts'
import { type Answered, type Reply, UNMATCHED } from './service.ts'

type Operation = 'arm-get-account' | 'arm-update-account' | 'arm-list-keys' | 'arm-regenerate-key'

interface Route {
  readonly accountName: string
  /** By method. */
  readonly operations: Readonly<Record<string, Operation>>
}

/** What the resource manager says is wrong; codes and messages as its clients know them. */
interface ArmFault {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
}

/** A resource as the manager names it. */
interface AccountKind {
  readonly kind: string
  /** Absent: the mock's configuration does not say. */
  readonly skuName?: string
}

const ACCOUNT =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.CognitiveServices\/accounts\/([^/]+)(?:\/([^/]+))?$/i

const ACCOUNT_OPERATIONS = { GET: 'arm-get-account', PATCH: 'arm-update-account' } as const
const ACTIONS: ReadonlyMap<string, Readonly<Record<string, Operation>>> = new Map([
  ['listkeys', { POST: 'arm-list-keys' }],
  ['regeneratekey', { POST: 'arm-regenerate-key' }],
])

const KINDS: Partial<Record<ServiceConfig['kind'], string>> = {
  personalizer: 'Personalizer',
  language: 'TextAnalytics',
  'question-answering': 'TextAnalytics',
  translator: 'TextTranslation',
  speech: 'SpeechServices',
  luis: 'LUIS',
}

/** Kinds whose limits do not move by themselves: azure-docs cognitive-services/autoscale.md. */
const FIXED_KINDS: ReadonlySet<string> = new Set(['TextTranslation', 'SpeechServices', 'LUIS'])

/** @param path without the resource's prefix and without the query. */
export function isArmPath(path: string): boolean {
  return /^\/subscriptions\//i.test(path)
}

/**
 * @param keys of the service.
 * @param isDynamic whether autoscale is switched on at the start.
 * @returns `undefined` for a service that the resource manager has nothing to do with.
 */
export function createArm(
  service: ServiceConfig,
  keys: KeyRing,
  rng: Rng,
  isDynamic: boolean,
): Arm | undefined {
  const account = accountKindOf(service)
  return account && new Arm(account, keys, rng, isDynamic)
}

export class Arm {
  readonly #account: AccountKind
  readonly #keys: KeyRing
  readonly #requestIds: Rng
  /** Whether autoscale is switched on (`dynamicThrottlingEnabled`). */
  isDynamic: boolean

  constructor(account: AccountKind, keys: KeyRing, rng: Rng, isDynamic: boolean) {
    this.isDynamic = isDynamic
    this.#account = account
    this.#keys = keys
    this.#requestIds = rng.fork('arm-request-ids')
  }

  /**
   * @param path without the resource's prefix and without the query.
   * @param rules the limits in force.
   */
  answer(request: MockRequest, path: string, rules: readonly RuleConfig[]): Answered {
    const requestId = drawGuid(this.#requestIds)
    const route = matchRoute(path)
    const operation = route?.operations[request.method]
    const fault = faultBeforeReading(request, route, operation)
    if (fault !== undefined || route === undefined || operation === undefined) {
      return {
        kind: 'invalid',
        operation: operation ?? UNMATCHED,
        reply: faultReply(fault ?? NOT_FOUND, requestId),
      }
    }
    const outcome = this.#act(operation, request, { path, name: route.accountName, rules })
    return isFault(outcome)
      ? { kind: 'invalid', operation, reply: faultReply(outcome, requestId) }
      : { kind: 'managed', operation, reply: jsonReply(200, outcome, requestId) }
  }

  #act(operation: Operation, request: MockRequest, facts: AccountFacts): object | ArmFault {
    if (operation === 'arm-get-account') return this.#show(facts)
    if (operation === 'arm-list-keys') return this.#showKeys()
    const json = parseJson(request.body)
    return operation === 'arm-update-account'
      ? (this.#update(json) ?? this.#show(facts))
      : (this.#regenerate(json) ?? this.#showKeys())
  }

  #update(json: unknown): ArmFault | undefined {
    const properties = isObject(json) ? (json['properties'] ?? {}) : undefined
    if (!isObject(properties))
      return badContent('The body must be a JSON object; its properties must be one too.')
    const isDynamic = properties['dynamicThrottlingEnabled']
    if (isAbsent(isDynamic)) return undefined
    if (typeof isDynamic !== 'boolean') return badContent('dynamicThrottlingEnabled must be true or false.')
    if (isDynamic && !this.#canBeDynamic()) return NO_DYNAMIC_THROTTLING
    this.isDynamic = isDynamic
    return undefined
  }

  /** That the body names the key so is assumed. */
  #regenerate(json: unknown): ArmFault | undefined {
    const keyName = isObject(json) ? json['keyName'] : undefined
    if (keyName !== 'Key1' && keyName !== 'Key2') return badContent('keyName must be Key1 or Key2.')
    this.#keys.regenerate(keyName === 'Key1' ? 'first' : 'second')
    return undefined
  }

  #showKeys(): object {
    return { key1: this.#keys.first, key2: this.#keys.second }
  }

  #show({ path, name, rules }: AccountFacts): object {
    const { kind, skuName } = this.#account
    const canBeDynamic = this.#canBeDynamic()
    return {
      id: path,
      name,
      type: 'Microsoft.CognitiveServices/accounts',
      kind,
      ...(skuName !== undefined && { sku: { name: skuName } }),
      properties: {
        provisioningState: 'Succeeded',
        capabilities: canBeDynamic ? [{ name: 'DynamicThrottling' }] : [],
        dynamicThrottlingEnabled: this.isDynamic,
        callRateLimit: {
          count: null,
          renewalPeriod: null,
          rules: rules
            .filter((rule) => rule.isQuota !== true)
            .map((rule) => throttlingRule(rule, canBeDynamic)),
        },
        quotaLimit: {
          count: null,
          renewalPeriod: null,
          rules: rules.filter((rule) => rule.isQuota === true).map((rule) => throttlingRule(rule, false)),
        },
      },
    }
  }

  #canBeDynamic(): boolean {
    const { kind, skuName } = this.#account
    return skuName !== 'F0' && !FIXED_KINDS.has(kind)
  }
}

/** What an account is described by beside what it keeps itself. */
interface AccountFacts {
  readonly path: string
  readonly name: string
  readonly rules: readonly RuleConfig[]
}

function accountKindOf(service: ServiceConfig): AccountKind | undefined {
  if (service.kind === 'cognitive') {
    const [kind = '', skuName = ''] = service.kindAndTier.split(' ')
    return { kind, skuName }
  }
  const kind = KINDS[service.kind]
  if (kind === undefined) return undefined
  return 'tier' in service ? { kind, skuName: service.tier } : { kind }
}

function matchRoute(path: string): Route | undefined {
  const [, accountName, action] = ACCOUNT.exec(path) ?? []
  if (accountName === undefined) return undefined
  const operations = action === undefined ? ACCOUNT_OPERATIONS : ACTIONS.get(action.toLowerCase())
  return operations && { accountName, operations }
}

function faultBeforeReading(
  request: MockRequest,
  route: Route | undefined,
  operation: Operation | undefined,
): ArmFault | undefined {
  if (!/^Bearer +\S/i.test(request.headers['authorization'] ?? '')) return UNAUTHENTICATED
  if (route === undefined) return NOT_FOUND
  if (operation === undefined) return methodNotAllowed(route)
  if (!queryOf(request).has('api-version')) return NO_VERSION
  if (request.body.length > MAX_BODY_BYTES) return TOO_LARGE
  const hasBody = operation === 'arm-update-account' || operation === 'arm-regenerate-key'
  return hasBody && !azure.isJson(request) ? NO_JSON : undefined
}

/** As in the dump of a Computer Vision account in a public tutorial of 2023; the period is in seconds. */
function throttlingRule({ name, limit, windowUs, match }: RuleConfig, canBeDynamic: boolean): object {
  return {
    count: limit,
    dynamicThrottlingEnabled: canBeDynamic,
    key: name,
    matchPatterns: (match ?? ANYTHING).map(({ method, path }) => ({ method, path: path.replace(/^\//, '') })),
    minCount: null,
    renewalPeriod: windowUs / US_PER_S,
  }
}

const ANYTHING: readonly RoutePattern[] = [{ method: '*', path: '*' }]

const UNAUTHENTICATED: ArmFault = {
  status: 401,
  code: 'AuthenticationFailed',
  message: "Authentication failed. The 'Authorization' header is missing or no Bearer token.",
  headers: [['WWW-Authenticate', 'Bearer']],
}
const NOT_FOUND: ArmFault = { status: 404, code: 'ResourceNotFound', message: 'The resource was not found.' }
const NO_VERSION: ArmFault = {
  status: 400,
  code: 'MissingApiVersionParameter',
  message: 'The api-version query parameter (?api-version=) is required for all requests.',
}
const TOO_LARGE: ArmFault = {
  status: 413,
  code: 'RequestContentTooLarge',
  message: `The request content is larger than ${MAX_BODY_BYTES} bytes.`,
}
const NO_JSON: ArmFault = {
  status: 415,
  code: 'UnsupportedMediaType',
  message: "The content media type is not supported. Only 'application/json' is supported.",
}
const NO_DYNAMIC_THROTTLING: ArmFault = {
  status: 400,
  code: 'DynamicThrottlingNotSupported',
  message: 'The account is of a kind or tier whose limits do not move.',
}

function badContent(what: string): ArmFault {
  const message = `The request content was invalid and could not be deserialized: ${what}`
  return { status: 400, code: 'InvalidRequestContent', message }
}

function methodNotAllowed({ operations }: Route): ArmFault {
  const allow = Object.keys(operations).join(', ')
  const message = `This path allows ${allow}.`
  return { status: 405, code: 'MethodNotAllowed', message, headers: [['Allow', allow]] }
}

function isFault(outcome: object): outcome is ArmFault {
  return 'status' in outcome
}

function faultReply({ status, code, message, headers = [] }: ArmFault, requestId: string): Reply {
  const reply = jsonReply(status, { error: { code, message } }, requestId)
  return { ...reply, headers: [...headers, ...reply.headers] }
}

function jsonReply(status: number, body: object, requestId: string): Reply {
  const headers = [
    ['x-ms-request-id', requestId],
    ['Content-Type', 'application/json; charset=utf-8'],
  ] as const
  return { status, headers, body: JSON.stringify(body) }
}
