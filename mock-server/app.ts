import { Rng } from '../src/core/rng.ts'
import { type AdminTarget, handleAdmin, isAdminPath } from './admin.ts'
import type { MockConfig } from './config.ts'
import type { MockRequest, ReplyPlan } from './exchange.ts'
import { type DecisionRecord, DecisionRing } from './oracle.ts'
import { type Cap, capOfParts } from './cap.ts'
import { planReply } from './plan-reply.ts'
import { Resource, type ResourceState } from './resource.ts'
import { SharedBackend, type SharedBackendState } from './shared-backend.ts'
import { type ManagerState, TrafficManager } from './traffic/manager.ts'

/** The oracle's account of the whole mock. */
export interface MockState {
  /** The app's time: the latest it has been told. */
  readonly nowUs: number
  readonly seed: number
  readonly resources: readonly ResourceState[]
  /** What resources share; absent: nothing. */
  readonly backends?: readonly SharedBackendState[]
  /** Absent: there is none. */
  readonly manager?: ManagerState
  readonly cap: Cap
  /** Requests to a resource that does not exist. */
  readonly unknownResourceCount: number
}

/**
 * The mock without sockets and clocks. The same config, seed and sequence of calls give the same replies.
 *
 * A request arrives when `handle` is called and is in flight until its reply's `replyAtUs`; the caller delivers the
 * plan then. Time never goes back: a smaller `nowUs` counts as the largest seen.
 *
 * The caller's time and the app's own are the same until time is skipped (see `advance` of the admin API); from then on
 * the app is ahead. Plans are in the caller's time, so what is under way then still takes its time.
 */
export interface MockApp {
  handle(request: MockRequest, nowUs: number): ReplyPlan
  state(nowUs: number): MockState
  /** What the mock lets through in the long run with the limits and instances of now: see `capOf`. */
  cap(nowUs: number): Cap
}

/** For a caller that notes when the replies really left. */
export interface NotedApp extends MockApp {
  /** What was decided about the request handled last, once; `undefined`: nothing was, or no decisions are kept. */
  takeDecision(): DecisionRecord | undefined
}

/** The date at time 0 in virtual time: 2000-01-01T00:00:00Z. */
const VIRTUAL_START_UNIX_MS = 946_684_800_000

/**
 * @param config as made by `parseMockSpec` or `parseMockConfig`.
 * @param startUnixMs the date at time 0, for headers that state a date.
 */
export function createApp(
  config: MockConfig,
  seed: number,
  startUnixMs: number = VIRTUAL_START_UNIX_MS,
): NotedApp {
  return new App(config, seed, startUnixMs)
}

const RESOURCE_PATH = /^\/r\/([^/]+)(\/.*)?$/

class App implements NotedApp, AdminTarget {
  readonly resources: readonly Resource[]
  readonly #seed: number
  readonly #only: Resource | undefined
  readonly backends: readonly SharedBackend[]
  readonly manager: TrafficManager | undefined
  readonly #byName: ReadonlyMap<string, Resource>
  readonly #decisions: DecisionRing
  #nowUs = 0
  #skippedUs = 0
  #unknownResourceCount = 0

  constructor(config: MockConfig, seed: number, startUnixMs: number) {
    const rng = new Rng(seed)
    this.#seed = seed
    this.#decisions = new DecisionRing(config.decisionsKeptCount)
    const { backends = [], manager } = config
    this.backends = backends.map((backend) => new SharedBackend(backend, rng.fork(`backend/${backend.name}`)))
    this.resources = config.resources.map((resource) => {
      const shared = this.backends.find(({ name }) => name === resource.backend)
      const stream = rng.fork(`resource/${resource.name}`)
      return new Resource(resource, stream, this.#decisions, startUnixMs, shared)
    })
    this.manager =
      manager && new TrafficManager(manager, this.resources, rng.fork('manager'), this.#decisions)
    this.#only = manager === undefined && this.resources.length === 1 ? this.resources[0] : undefined
    this.#byName = new Map(this.resources.map((resource) => [resource.name, resource]))
  }

  handle(request: MockRequest, nowUs: number): ReplyPlan {
    const skippedUs = this.#skippedUs
    const plan = this.#plan(request, this.#timeAt(nowUs))
    return skippedUs === 0 ? plan : { ...plan, replyAtUs: plan.replyAtUs - skippedUs }
  }

  #plan(request: MockRequest, atUs: number): ReplyPlan {
    const path = withoutQuery(request.path)
    this.manager?.advance(atUs)
    if (isAdminPath(path)) return handleAdmin(this, request, path, atUs)
    if (this.#only !== undefined) return this.#only.handle(request, path, atUs)
    const match = RESOURCE_PATH.exec(path)
    if (match === null && this.manager !== undefined) return this.manager.handle(request, path, atUs)
    const [, name = '', rest = '/'] = match ?? []
    const resource = this.#byName.get(name)
    return resource === undefined
      ? this.#unknownResource(request, atUs)
      : resource.handle(request, rest, atUs)
  }

  state(nowUs: number): MockState {
    return this.stateAt(this.#timeAt(nowUs))
  }

  cap(nowUs: number): Cap {
    return this.#capAt(this.#timeAt(nowUs))
  }

  stateAt(atUs: number): MockState {
    this.manager?.advance(atUs)
    const resources = this.resources.map((resource) => resource.state(atUs))
    const backends = this.backends.map((backend) => backend.state(atUs))
    const manager = this.manager?.state(atUs)
    return {
      nowUs: atUs,
      seed: this.#seed,
      resources,
      ...(backends.length > 0 && { backends }),
      ...(manager !== undefined && { manager }),
      cap: this.#capAt(atUs),
      unknownResourceCount: this.#unknownResourceCount,
    }
  }

  decisions(): readonly DecisionRecord[] {
    return this.#decisions.list()
  }

  takeDecision(): DecisionRecord | undefined {
    return this.#decisions.takeLatest()
  }

  reset(): void {
    for (const part of [...this.resources, ...this.backends]) part.reset()
    this.manager?.reset()
    this.#decisions.clear()
    this.#unknownResourceCount = 0
  }

  advance(us: number): void {
    this.#skippedUs += us
  }

  #capAt(atUs: number): Cap {
    const manager = this.manager
    manager?.advance(atUs)
    for (const resource of this.resources) resource.advance(atUs)
    return capOfParts({
      resources: this.resources.slice(0, manager?.activeCount).map(({ limits }) => limits),
      backends: this.backends.map(({ limits }) => limits),
      ...(manager !== undefined && { manager: manager.limits }),
    })
  }

  /** The app's time at a time of the caller. */
  #timeAt(nowUs: number): number {
    this.#nowUs = Math.max(this.#nowUs, nowUs + this.#skippedUs)
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
