import type { MessagePort } from 'node:worker_threads'
import type { MockConfig } from '../../../mock-server/config.ts'
import type { MockState } from '../../../mock-server/app.ts'
import type { Cap } from '../../../mock-server/cap.ts'
import type { ExitCode, Fault } from '../../core/errors.ts'
import type { LogLevel } from '../../engine/ports.ts'
import type { EngineResult, EngineSnapshot, StopReason } from '../../engine/protocol.ts'
import type { MetricSelector } from '../../measure/metric-types.ts'
import type { RequestBatch } from '../../measure/request-log.ts'
import type { K6Data } from '../../report/k6-data.ts'
import type { RunPlan } from '../../script/plan.ts'
import type { ScriptBundle } from '../../script/script-bundle.ts'
import type { DataFile } from './data-files.ts'
import type { Room } from './room.ts'
import type { SummaryReply } from './summary-reply.ts'

/** Where the engine's requests go: sockets, or the mock's core in the worker itself. */
type World =
  | { readonly kind: 'sockets' }
  | { readonly kind: 'virtual'; readonly mock: MockConfig; readonly authority: string }

/** All that a worker needs; crosses by structured clone. */
export interface WorkerJob {
  readonly bundle: ScriptBundle
  /** The files that it may open. */
  readonly files: readonly DataFile[]
  readonly plan: RunPlan
  /** Options of k6 from all places together, as scripts give them; may hold secrets. */
  readonly optionsJson: string
  readonly exports: readonly string[]
  /** What thresholds and k6's summary look at. */
  readonly selectors: readonly MetricSelector[]
  /** Keep metrics also by scenario and group. */
  readonly byPart: boolean
  readonly env: Readonly<Record<string, string>>
  /** Values of `env` that no name may show. */
  readonly secretValues: readonly string[]
  readonly seed: number
  readonly maxRequests: number
  /** Post every request by itself. */
  readonly keepsRequests: boolean
  readonly defaultUserAgent: string
  readonly world: World
}

/** What a worker starts with. */
export interface WorkerStart {
  readonly job: WorkerJob
  readonly room: Room
  /**
   * A snapshot goes this way as two messages, `RecorderNews` and `StateNews`, both announced by one `snapshot` message: all of it
   * takes too long to clone while requests are due.
   */
  readonly news: MessagePort
}

/** What a snapshot has besides its seconds. */
export interface StateNews {
  readonly state: Omit<EngineSnapshot, 'recorder'>
  /** Those that have ended since the last snapshot, where they are kept. */
  readonly requests: RequestBatch | undefined
}

export type FromWorker =
  /** There are `RecorderNews` and `StateNews`. */
  | { readonly type: 'snapshot' }
  /** In virtual time: what the mock lets through from that time on. */
  | { readonly type: 'cap'; readonly cap: Cap; readonly fromUs: number }
  /** Set-up is over: traffic begins when the main thread says go. */
  | { readonly type: 'starting' }
  /** The thread's event loop turns. */
  | { readonly type: 'alive' }
  | {
      readonly type: 'log'
      readonly level: LogLevel
      readonly text: string
      /** The script's own words, by `console`. */
      readonly isConsole: boolean
    }
  | { readonly type: 'done'; readonly result: EngineResult; readonly mockState: MockState | undefined }
  /** Set-up or teardown failed. */
  | { readonly type: 'failed'; readonly exitCode: ExitCode; readonly faults: readonly Fault[] }
  /** A fault of ours. */
  | { readonly type: 'broken'; readonly error: unknown }
  /** The answer to `summarize`. */
  | { readonly type: 'summarized'; readonly reply: SummaryReply }

export type ToWorker =
  | { readonly type: 'stop'; readonly reason: StopReason }
  | { readonly type: 'go' }
  /** The last snapshot was taken in. */
  | { readonly type: 'taken' }
  /** The run is over: call the script's `handleSummary`. */
  | { readonly type: 'summarize'; readonly data: K6Data }
