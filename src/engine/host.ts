/** What the k6 API (script/modules) sees of the engine: one virtual user. */
import type { Target, WireError, WireResponse } from '../http/transport.ts'
import type { Outcome } from '../measure/outcome.ts'
import type { HttpPlan } from '../script/plan.ts'
import type { Timer } from './clock.ts'

export type { Target, WireError, WireErrorKind, WireResponse } from '../http/transport.ts'

export type Tags = Readonly<Record<string, string>>

/** One HTTP request as a script asked for it. */
export interface RequestSpec {
  readonly method: string
  /** The whole URL, as k6 shows it in `Response.url` and in the `url` tag; without user info. */
  readonly url: string
  readonly target: Target
  readonly path: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string | Uint8Array | null
  readonly timeoutUs: number
  /** The name under which it is counted: the tag `name`, else the URL. */
  readonly name: string
  /** Whether the script gave the name. */
  readonly isNamed?: boolean
  readonly tags: Tags | undefined
  /** The reply's body is not wanted. */
  readonly dropsBody?: boolean
  /**
   * Which statuses the script expects: `undefined` for the default (200–399), `null` when it wants no reply to count
   * as expected or failed.
   */
  readonly expects?: StatusTest | null | undefined
  /** k6's number for what went wrong, 0 for nothing: the tag `error_code`. */
  readonly errorCodeOf?: ((status: number, error: WireError | undefined) => number) | undefined
}

export type StatusTest = (status: number) => boolean

/** How a request ended, for the script. */
export type RequestEnd =
  | { readonly kind: 'response'; readonly response: WireResponse; readonly outcome: Outcome }
  | { readonly kind: 'error'; readonly error: WireError; readonly outcome: Outcome }

export type MetricType = 'counter' | 'gauge' | 'rate' | 'trend'

/** A scenario as its VUs see it. */
export interface ScenarioView {
  readonly name: string
  readonly executor: string
  /** When it began, ms since 1970. */
  startTimeMs(): number
  /** 0–1. */
  progressRatio(): number
}

/** What all scenarios do at this moment. */
export interface InstanceView {
  readonly activeVus: number
  readonly initializedVus: number
  readonly completedCount: number
  readonly interruptedCount: number
  /** Since the load began; in set-up, since that of the clock. */
  readonly elapsedMs: number
}

/** What a VU knows of the run around it, and what it may do to it. */
export interface ExecutionHost {
  /** `undefined` in set-up and teardown, which belong to no scenario. */
  readonly scenario: ScenarioView | undefined
  /** Number of the iteration under way among all of its scenario, from 0. */
  readonly iterationInScenario: number
  /** Of every sample that the VU takes. */
  readonly tags: Tags
  /** Options of k6 from all places together, as scripts give them; frozen. */
  readonly options: unknown
  instance(): InstanceView
  /** Sets a tag of all samples from now on; `undefined` takes it away. */
  setTag(key: string, value: string | undefined): void
  /** Ends the whole run, and this VU where it stands: the caller has to throw. */
  abort(message: string): void
  /** The run goes on, and has failed. */
  markFailed(message: string): void
}

export interface VuHost {
  /** From 1, as `__VU`; 0 in set-up and teardown. */
  readonly vuId: number
  /** Whether `setup` and iterations have begun: requests are refused while a script loads. */
  readonly mayWait: boolean
  /** Of a request that has no header of its own; one list for all of a run. */
  readonly defaultHeaders: RequestSpec['headers']
  readonly discardResponseBodies: boolean
  readonly http: HttpPlan
  /** Iterations begun so far. */
  readonly iterationCount: number
  readonly execution: ExecutionHost
  /** Tells the user once a run that the script does something which comes out differently from k6. */
  warnOnce(text: string): void
  /** Resolves after `durationUs`; `beforeResume` runs right before the script goes on. */
  sleep(durationUs: number, beforeResume: () => void): Promise<void>
  /** Calls `run` at the time `atUs` of the clock, unless the timer is cancelled before. */
  schedule(atUs: number, run: () => void): Timer
  /** Ends the iteration (or set-up, or teardown) with an error that was thrown outside of its function, in a timer's. */
  failIteration(error: unknown): void
  /** Sends a request; the promise gives what `toResponse` makes of its end. A request that fails is an end too, never a rejection. */
  request<T>(spec: RequestSpec, toResponse: (end: RequestEnd) => T | Promise<T>): Promise<T>
  /** Runs `body` inside the named group, nested in the current one. */
  group<T>(name: string, body: () => T | Promise<T>): Promise<T>
  check(name: string, passed: boolean, tags: Tags | undefined): void
  /** Makes a custom metric known; returns its number. Throws when the name is taken by another type. */
  declareMetric(name: string, type: MetricType, isTime: boolean): number
  addToMetric(metric: number, value: number, tags: Tags | undefined): void
}

/** A script loaded for one VU. */
export interface ScriptInstance {
  readonly functions: ReadonlyMap<string, (data: unknown) => unknown>
  /** What a function returned, when it returned this or a promise that came to this. */
  returned(result: unknown): unknown
  /** What `options` says, unchecked. */
  readonly options: unknown
  /** What a function that has returned left under way, timers for example: resolves when it has ended; `undefined` for nothing. */
  settled(): Promise<void> | undefined
  /** Ends what is under way; called at the end of every iteration. */
  drop(): void
  /** Sets `__ITER`. */
  setIteration(iteration: number): void
  /** Throws when the iteration left a wait behind or broke the rules of waiting on its way. */
  finishIteration(): void
}

/** The engine's port to the script: makes an instance for a VU. */
export interface ScriptPort {
  instantiate(host: VuHost, env: Tags): Promise<ScriptInstance>
}
