import { Rng } from '../src/core/rng.ts'
import { type AdminTarget, handleAdmin, isAdminPath } from './admin.ts'
import type { MockConfig } from './config.ts'
import type { MockRequest, ReplyPlan } from './exchange.ts'
import { type DecisionRecord, DecisionRing } from './oracle.ts'
import { planReply, Resource, type ResourceState } from './resource.ts'

/** The oracle's account of the whole mock. */
export interface MockState {
  /** The app's time: the latest it has been told. */
  readonly nowUs: number
  readonly seed: number
  readonly resources: readonly ResourceState[]
  /** Requests to a resource that does not exist. */
  readonly unknownResourceCount: number
}

/**
 * The mock without sockets and clocks. The same config, seed and sequence of calls give the same replies.
 *
 * A request arrives when `handle` is called and is in flight until its reply's `replyAtUs`; the caller delivers the
 * plan then. Time never goes back: a smaller `nowUs` counts as the largest seen.
 */
export interface MockApp {
  handle(request: MockRequest, nowUs: number): ReplyPlan
  state(nowUs: number): MockState
}

/** @param config as made by `parseMockSpec` or `parseMockConfig`. */
export function createApp(config: MockConfig, seed: number): MockApp {
  return new App(config, seed)
}

const RESOURCE_PATH = /^\/r\/([^/]+)(\/.*)?$/

class App implements MockApp, AdminTarget {
  readonly resources: readonly Resource[]
  readonly #seed: number
  readonly #only: Resource | undefined
  readonly #byName: ReadonlyMap<string, Resource>
  readonly #decisions: DecisionRing
  #nowUs = 0
  #unknownResourceCount = 0

  constructor(config: MockConfig, seed: number) {
    const rng = new Rng(seed)
    this.#seed = seed
    this.#decisions = new DecisionRing(config.decisionsKeptCount)
    this.resources = config.resources.map(
      (resource) => new Resource(resource, rng.fork(`resource/${resource.name}`), this.#decisions),
    )
    this.#only = this.resources.length === 1 ? this.resources[0] : undefined
    this.#byName = new Map(this.resources.map((resource) => [resource.name, resource]))
  }

  handle(request: MockRequest, nowUs: number): ReplyPlan {
    const atUs = this.#advance(nowUs)
    const path = withoutQuery(request.path)
    if (isAdminPath(path)) return handleAdmin(this, request, path, atUs)
    if (this.#only !== undefined) return this.#only.handle(request, path, atUs)
    const [, name = '', rest = '/'] = RESOURCE_PATH.exec(path) ?? []
    const resource = this.#byName.get(name)
    return resource === undefined
      ? this.#unknownResource(request, atUs)
      : resource.handle(request, rest, atUs)
  }

  state(nowUs: number): MockState {
    const atUs = this.#advance(nowUs)
    return {
      nowUs: atUs,
      seed: this.#seed,
      resources: this.resources.map((resource) => resource.state(atUs)),
      unknownResourceCount: this.#unknownResourceCount,
    }
  }

  decisions(): readonly DecisionRecord[] {
    return this.#decisions.list()
  }

  reset(): void {
    for (const resource of this.resources) resource.reset()
    this.#decisions.clear()
    this.#unknownResourceCount = 0
  }

  #advance(nowUs: number): number {
    if (nowUs > this.#nowUs) this.#nowUs = nowUs
    return this.#nowUs
  }

  #unknownResource(request: MockRequest, atUs: number): ReplyPlan {
    this.#unknownResourceCount++
    const paths = [...this.#byName.keys()].map((name) => `/r/${name}/`).join(', ')
    const body = JSON.stringify({
      error: { code: '404', message: `No such resource; this mock serves ${paths}` },
    })
    return planReply(
      request.method,
      { status: 404, headers: [['Content-Type', 'application/json']], body },
      atUs,
    )
  }
}

function withoutQuery(path: string): string {
  const query = path.indexOf('?')
  return query === -1 ? path : path.slice(0, query)
}
