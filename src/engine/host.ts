/** What the k6 API (script/modules) sees of the engine: one virtual user. */
import type { Target, WireError, WireResponse } from '../http/transport.ts'
import type { Outcome } from '../measure/outcome.ts'

export type { Target, WireError, WireErrorKind } from '../http/transport.ts'

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
  /** The name under which it is counted: `tags.name`, else the URL. */
  readonly name: string
  readonly tags: Tags | undefined
}

/** How a request ended, for the script. */
export type RequestEnd =
  | { readonly kind: 'response'; readonly response: WireResponse; readonly outcome: Outcome }
  | { readonly kind: 'error'; readonly error: WireError; readonly outcome: Outcome }

export type MetricType = 'counter' | 'gauge' | 'rate' | 'trend'

export interface VuHost {
  /** From 1, as `__VU`; 0 in set-up and teardown. */
  readonly vuId: number
  /** Whether `setup` and iterations have begun: requests are refused while a script loads. */
  readonly mayWait: boolean
  readonly userAgent: string
  readonly discardResponseBodies: boolean
  /** Tells the user once a run that the script does something which comes out differently from k6. */
  warnOnce(text: string): void
  /** Resolves after `durationUs`; `beforeResume` runs right before the script goes on. */
  sleep(durationUs: number, beforeResume: () => void): Promise<void>
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
  /** What `options` says, unchecked. */
  readonly options: unknown
  /** Sets `__ITER`. */
  setIteration(iteration: number): void
  /** Throws when the iteration left a wait behind or broke the rules of waiting on its way. */
  finishIteration(): void
}

/** The engine's port to the script: makes an instance for a VU. */
export interface ScriptPort {
  instantiate(host: VuHost, env: Tags): Promise<ScriptInstance>
}
