import type { Rng } from '../../src/core/rng.ts'
import type { AzureMlConfig } from '../config.ts'
import { drawGuid } from '../guid.ts'
import { AzureMlEndpoint, LOW_CONCURRENT_CALLS } from './azureml-endpoint.ts'
import { type AzureMlFault, badArgument, invalidOperation } from './azureml-faults.ts'
import { Hosts } from './azureml-hosts.ts'

/** What the endpoint is called that every web service has. */
export const DEFAULT_NAME = 'default'
const NAME = /^[a-z0-9]{1,24}$/
/** Of a web service in a free workspace, the default one included. */
const MAX_FREE_ENDPOINTS = 3
/** Of any other; assumed, to have a bound. */
const MAX_ENDPOINTS = 100

/** The endpoints of one web service: the default one and those added to it (hning86/azuremlps). */
export class AzureMlEndpoints {
  readonly #config: AzureMlConfig
  readonly #rng: Rng
  readonly #default: AzureMlEndpoint
  readonly #added = new Map<string, AzureMlEndpoint>()

  /** @param concurrency of the default endpoint. */
  constructor(config: AzureMlConfig, concurrency: number, rng: Rng) {
    this.#config = config
    this.#rng = rng
    const facts = {
      name: DEFAULT_NAME,
      id: '',
      keys: config.keys,
      isFree: this.#isFree,
      hosts: this.#createHosts(DEFAULT_NAME),
    }
    this.#default = new AzureMlEndpoint(facts, config.throttleLevel, concurrency)
  }

  get all(): readonly AzureMlEndpoint[] {
    return [this.#default, ...this.#added.values()]
  }

  isDefault(endpoint: AzureMlEndpoint): boolean {
    return endpoint === this.#default
  }

  find(name: string): AzureMlEndpoint | undefined {
    return name === DEFAULT_NAME ? this.#default : this.#added.get(name)
  }

  /** @param id of a scoring address; one that is no added endpoint's is that of the web service itself. */
  atAddress(id: string): AzureMlEndpoint {
    for (const endpoint of this.#added.values()) if (endpoint.id === id) return endpoint
    return this.#default
  }

  /** An endpoint with settings as new, which is there only once it has been added. */
  create(name: string): AzureMlEndpoint | AzureMlFault {
    if (!NAME.test(name)) {
      return badArgument(
        'BadParameterValue',
        'The parameter value supplied does not satisfy the parameter rule on the parameter',
      )
    }
    const maxCount = this.#isFree ? MAX_FREE_ENDPOINTS : MAX_ENDPOINTS
    if (this.#added.size + 1 >= maxCount)
      return invalidOperation(`A web service has at most ${maxCount} endpoints here.`)
    const keys = [drawGuid(this.#rng), drawGuid(this.#rng)]
    const facts = {
      name,
      id: drawGuid(this.#rng),
      keys,
      isFree: this.#isFree,
      hosts: this.#createHosts(name),
    }
    return new AzureMlEndpoint(facts, 'Low', LOW_CONCURRENT_CALLS)
  }

  add(endpoint: AzureMlEndpoint): void {
    this.#added.set(endpoint.name, endpoint)
  }

  /** @returns what speaks against it. */
  remove(endpoint: AzureMlEndpoint): AzureMlFault | undefined {
    if (this.isDefault(endpoint)) return invalidOperation('The default endpoint cannot be deleted.')
    this.#added.delete(endpoint.name)
    return undefined
  }

  get #isFree(): boolean {
    return this.#config.isFreeWorkspace === true
  }

  #createHosts(name: string): Hosts | undefined {
    const { coldStartUs } = this.#config
    return coldStartUs === undefined ? undefined : new Hosts(coldStartUs, this.#rng.fork(`hosts/${name}`))
  }
}
