/** Messages between the command and the mock that runs as its child process. */
import type { ExitCode, Fault } from '../src/core/errors.ts'
import type { MockState } from './app.ts'
import type { Cap } from './cap.ts'
import type { MockConfig } from './config.ts'

/** From the parent. */
export type MockCommand =
  | {
      readonly type: 'start'
      readonly config: MockConfig
      readonly seed: number
      readonly host: string
      /** 0: any free port. */
      readonly port: number
    }
  | { readonly type: 'state' }
  /** Answer what is under way, report and exit. */
  | { readonly type: 'drain' }

/** From the mock. */
export type MockEvent =
  | { readonly type: 'listening'; readonly url: string; readonly port: number; readonly cap: Cap }
  /** What it lets through has changed; at most once a second. */
  | { readonly type: 'cap'; readonly cap: Cap }
  | { readonly type: 'failed'; readonly faults: readonly Fault[]; readonly exitCode: ExitCode }
  | { readonly type: 'state'; readonly state: MockState }
  | { readonly type: 'drained'; readonly state: MockState }
