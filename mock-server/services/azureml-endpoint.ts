import { type AzureMlFault, badArgument } from './azureml-faults.ts'
import type { Hosts } from './azureml-hosts.ts'
import type { EndpointChange, ThrottleLevel } from './azureml-requests.ts'

/** What Low means, whatever is asked for. */
export const LOW_CONCURRENT_CALLS = 4
/** Of High: azure-docs machine-learning/studio/scaling-webservice; the least of them is also the default. */
const MIN_HIGH_CONCURRENT_CALLS = 20
const MAX_HIGH_CONCURRENT_CALLS = 200

/** Which endpoint it is; none of it changes. */
interface EndpointFacts {
  readonly name: string
  /** Of its scoring address. */
  readonly id: string
  /** All are equally valid. */
  readonly keys: readonly string[]
  /** In a free workspace there is only Low. */
  readonly isFree: boolean
  /** `undefined`: always warm. */
  readonly hosts: Hosts | undefined
}

/** One AzureML (classic) endpoint: its keys, its throttle settings and its hosts. */
export class AzureMlEndpoint {
  readonly name: string
  readonly id: string
  readonly keys: readonly string[]
  readonly hosts: Hosts | undefined
  readonly #isFree: boolean
  #description = ''
  #isUpdatePrevented = false
  #throttleLevel: ThrottleLevel
  #maxConcurrentCalls: number

  constructor(
    { name, id, keys, isFree, hosts }: EndpointFacts,
    throttleLevel: ThrottleLevel,
    maxConcurrentCalls: number,
  ) {
    this.name = name
    this.id = id
    this.keys = keys
    this.hosts = hosts
    this.#isFree = isFree
    this.#throttleLevel = throttleLevel
    this.#maxConcurrentCalls = maxConcurrentCalls
  }

  get maxConcurrentCalls(): number {
    return this.#maxConcurrentCalls
  }

  /** Sets what the change names. @returns what is wrong with it; then nothing has changed. */
  update(change: EndpointChange): AzureMlFault | undefined {
    const current = this.#throttleLevel === 'High' ? this.#maxConcurrentCalls : MIN_HIGH_CONCURRENT_CALLS
    return this.#set({
      description: this.#description,
      throttleLevel: this.#throttleLevel,
      maxConcurrentCalls: current,
      isUpdatePrevented: this.#isUpdatePrevented,
      ...change,
    })
  }

  /** Sets what the change names and everything else to its default. @returns as `update`. */
  replace(change: EndpointChange): AzureMlFault | undefined {
    return this.#set({
      description: '',
      throttleLevel: 'Low',
      maxConcurrentCalls: MIN_HIGH_CONCURRENT_CALLS,
      isUpdatePrevented: false,
      ...change,
    })
  }

  /** Sets a level that the management API might refuse; `Infinity`: no cap. */
  override(maxConcurrentCalls: number): void {
    this.#maxConcurrentCalls = maxConcurrentCalls
    this.#throttleLevel = maxConcurrentCalls <= LOW_CONCURRENT_CALLS ? 'Low' : 'High'
  }

  /** The endpoint object of the management API. */
  describe(workspaceId: string, webServiceId: string, apiLocation: string): object {
    const [primaryKey, secondaryKey = primaryKey] = this.keys
    return {
      Name: this.name,
      Description: this.#description,
      WorkspaceId: workspaceId,
      WebServiceId: webServiceId,
      ApiLocation: apiLocation,
      HelpLocation: `${apiLocation}/help`,
      PrimaryKey: primaryKey,
      SecondaryKey: secondaryKey,
      MaxConcurrentCalls: this.#maxConcurrentCalls,
      ThrottleLevel: this.#throttleLevel,
      DiagnosticsTraceLevel: 'None',
      PreventUpdate: this.#isUpdatePrevented,
      Resources: [],
    }
  }

  #set(settings: Required<EndpointChange>): AzureMlFault | undefined {
    const { description, throttleLevel, maxConcurrentCalls, isUpdatePrevented } = settings
    const isHigh = throttleLevel === 'High'
    const fault = isHigh ? this.#faultInHigh(maxConcurrentCalls) : undefined
    if (fault !== undefined) return fault
    this.#description = description
    this.#isUpdatePrevented = isUpdatePrevented
    this.#throttleLevel = throttleLevel
    this.#maxConcurrentCalls = isHigh ? maxConcurrentCalls : LOW_CONCURRENT_CALLS
    return undefined
  }

  #faultInHigh(concurrentCalls: number): AzureMlFault | undefined {
    if (!this.#isFree && concurrentCalls > MAX_HIGH_CONCURRENT_CALLS) {
      const message = `Cannot set concurrent request requirement to more than ${MAX_HIGH_CONCURRENT_CALLS}.`
      return badArgument('WebServiceTooManyConcurrentRequestRequirement', message)
    }
    if (!this.#isFree && concurrentCalls >= MIN_HIGH_CONCURRENT_CALLS) return undefined
    const message = `Cannot change concurrent requests requirements for ${this.name} web service.`
    return badArgument('WebServiceConcurrentRequestRequirementInvalid', message)
  }
}
