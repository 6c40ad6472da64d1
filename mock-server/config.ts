/** What a mock is: plain data that crosses to the child process as JSON. */
import type { AutoscaleConfig } from './autoscale.ts'
import type { CapacityConfig } from './capacity.ts'
import type { FaultConfig } from './faults.ts'
import type { LatencyConfig } from './latency.ts'
import type { QueueConfig } from './limiter/concurrency.ts'
import type { RoutePattern } from './route-pattern.ts'
import { type RefusalStatus, type RuleConfig, UNITS, type Unit } from './rule.ts'
import type { BotConfig } from './services/bot.ts'
import type { SharedBackendConfig } from './shared-backend.ts'
import type { SignalsConfig } from './signals.ts'
import type { ManagerConfig } from './traffic/manager.ts'
import type { UsageReportConfig } from './usage-report.ts'

/** How the gateway in front of Azure's services tells its refusals: `{"error":{…}}`, or flat as the older kind does. */
export const GATEWAYS = ['nested', 'flat'] as const

/** A service with Azure's gateway in front of it. */
interface BehindGateway {
  /** Absent: nested. */
  readonly gateway?: (typeof GATEWAYS)[number]
}

export interface PersonalizerConfig extends BehindGateway {
  readonly kind: 'personalizer'
  /** Pricing tier as the 429 body names it. */
  readonly tier: 'S0' | 'F0' | 'E0'
  /** All are equally valid. */
  readonly keys: readonly string[]
  /**
   * A Reward activates an event whose activation was deferred, as older documentation has it (azure-docs
   * personalizer/concept-active-inactive-events.md); absent: only Activate does, as the specification says.
   */
  readonly rewardActivates?: boolean
}

/** A service behind Azure's gateway whose own API is not imitated: only what the gateway itself says. */
export interface CognitiveConfig extends BehindGateway {
  readonly kind: 'cognitive'
  /** As the 429 body names it, with version: `Translator API (v3.0)`. */
  readonly apiName: string
  /** As the 429 and 403 bodies name it: `Translator S1`. */
  readonly kindAndTier: string
  readonly isFreeTier: boolean
  /** All are equally valid. */
  readonly keys: readonly string[]
}

export interface AzureMlConfig {
  readonly kind: 'azureml'
  /** Of the default endpoint. */
  readonly throttleLevel: 'Low' | 'High'
  /** Only Low, and three endpoints at most. */
  readonly isFreeWorkspace?: boolean
  /** How long a host takes to start that has not been used for a while; absent: hosts are always warm. */
  readonly coldStartUs?: number
  /** Names of the global parameters without which a call is refused; absent: none. */
  readonly requiredParameters?: readonly string[]
  /** Of the endpoint; all are equally valid. */
  readonly keys: readonly string[]
  /** Opens the management of the endpoint. */
  readonly workspaceToken: string
}

/** What the services behind Azure's gateway have in common. */
interface AzureConfig extends BehindGateway {
  /** Pricing tier as the 429 and 403 bodies name it; `F0` is the free one. */
  readonly tier: string
  /** All are equally valid. */
  readonly keys: readonly string[]
}

export interface LanguageConfig extends AzureConfig {
  readonly kind: 'language'
}

export interface TranslatorConfig {
  readonly kind: 'translator'
  /** All are equally valid. */
  readonly keys: readonly string[]
  /** In lower case. Requests with a key have to name it; absent: a global resource, which asks for none. */
  readonly region?: string
}

export interface SpeechConfig extends AzureConfig {
  readonly kind: 'speech'
  /** How long recognition takes for each second of audio, beside the latency; absent: 0. */
  readonly realTimeFactor?: number
}

export interface QnaMakerConfig {
  readonly kind: 'qna-maker'
  /** Of the endpoint; all are equally valid. */
  readonly keys: readonly string[]
}

export interface QuestionAnsweringConfig extends AzureConfig {
  readonly kind: 'question-answering'
}

export interface LuisConfig extends AzureConfig {
  readonly kind: 'luis'
}

export interface DirectLineConfig {
  readonly kind: 'direct-line'
  readonly bot: BotConfig
  /** The channel's secrets; all are equally valid. */
  readonly keys: readonly string[]
}

/** What a service of the user's own answers on some of its routes. */
export interface CustomReply {
  readonly route: RoutePattern
  readonly status: number
  /** Any JSON; absent: an empty body. */
  readonly body?: unknown
  /** Absent: as on any other route. */
  readonly refusal?: CustomRefusal
}

export interface CustomRefusal {
  /** Absent: the service's `refusalStatus`. */
  readonly status?: RefusalStatus
  /** Any JSON; absent: a message that names the rule and the wait. */
  readonly body?: unknown
}

export interface CustomConfig {
  readonly kind: 'custom'
  readonly refusalStatus: RefusalStatus
  /** The first whose route fits; where none does, any request is answered 200. Absent: none. */
  readonly replies?: readonly CustomReply[]
}

export type ServiceConfig =
  | PersonalizerConfig
  | CognitiveConfig
  | LanguageConfig
  | AzureMlConfig
  | TranslatorConfig
  | SpeechConfig
  | QnaMakerConfig
  | QuestionAnsweringConfig
  | LuisConfig
  | DirectLineConfig
  | CustomConfig

/** The services whose keys and limits are the gateway's business. */
export const KINDS_BEHIND_GATEWAY: readonly ServiceConfig['kind'][] = [
  'personalizer',
  'cognitive',
  'language',
  'speech',
  'question-answering',
  'luis',
]

/** What each service can count a request in. */
export const UNITS_OF_SERVICE: Readonly<Record<ServiceConfig['kind'], readonly Unit[]>> = {
  personalizer: ['requests', 'bytes'],
  azureml: ['requests', 'bytes'],
  language: ['requests', 'bytes', 'characters', 'records'],
  cognitive: UNITS,
  translator: ['requests', 'bytes', 'characters'],
  speech: ['requests', 'bytes'],
  'qna-maker': ['requests', 'bytes'],
  'question-answering': ['requests', 'bytes', 'records'],
  luis: ['requests', 'bytes'],
  'direct-line': ['requests', 'bytes'],
  custom: UNITS,
}

/** One service with one set of limits. */
export interface ResourceConfig {
  readonly name: string
  readonly service: ServiceConfig
  /** All must pass; the first that refuses is the one the reply speaks of. */
  readonly rules: readonly RuleConfig[]
  /** Most requests in flight; absent: no cap. */
  readonly concurrency?: number
  /** Where requests wait that the concurrency cap holds up; absent: it refuses them at once. */
  readonly queue?: QueueConfig
  /** What replies say of the limits beside their bodies; absent: `Retry-After` in seconds on refusals. */
  readonly signals?: SignalsConfig
  readonly latency: LatencyConfig
  /** Who does the work; absent: as many as there are requests. */
  readonly capacity?: CapacityConfig
  /** What goes wrong; of those that hit the same request the first. */
  readonly faults?: readonly FaultConfig[]
  /** Moves the rules that carry the flag; absent: limits stay as they are. */
  readonly autoscale?: AutoscaleConfig
  /** A container's reports of its usage; absent: it makes none and serves always. */
  readonly usageReport?: UsageReportConfig
  /** Name of the shared backend that it asks for each request; absent: none. */
  readonly backend?: string
}

export interface MockConfig {
  /** One is served at `/`, several each at `/r/NAME/`; behind a manager they are instances, in the order of being added. */
  readonly resources: readonly ResourceConfig[]
  /** What several resources stand in front of. */
  readonly backends?: readonly SharedBackendConfig[]
  /** Serves `/` from the resources. */
  readonly manager?: ManagerConfig
  /** How many of the latest decisions the oracle keeps. */
  readonly decisionsKeptCount: number
  /** Whether it is noted in them how late each reply really left, which takes a look at the clock; default: it is not. */
  readonly notesLateness?: boolean
}

export const DEFAULT_DECISIONS_KEPT_COUNT = 100
