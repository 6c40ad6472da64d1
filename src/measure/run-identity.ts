import { EXIT } from '../core/errors.ts'

/** Who, what, where and when of a run, as its manifest.json has it. Text is empty where nothing is said. */
export interface RunIdentity {
  readonly runId: string
  readonly scenario: string
  readonly time: 'real' | 'virtual'
  /** What second 0 is called in the CSV files, milliseconds since 1970. */
  readonly epochMs: number
  /** ISO 8601, UTC. */
  readonly wallStartedAt: string
  /** `undefined`: the run is under way or was killed. */
  readonly exitCode: number | undefined
  readonly toolVersion: string
  readonly nodeVersion: string
  readonly host: string
  readonly os: string
  readonly cpuModel: string
  readonly cpuCount: number | undefined
  readonly commit: string
  readonly branch: string
  readonly scriptPath: string
  /** Of the script with all that it imports and opens. */
  readonly scriptSha256: string
  /** Of the options but for seed and mock, which make no other test. */
  readonly optionsSha256: string
  /** The options as the run used them, defaults filled in; `undefined` where none are written down. */
  readonly options: unknown
  readonly seed: number | undefined
  /** `mock`, `remote` or `imported`. */
  readonly targetKind: string
  readonly target: string
  /** Over which times the mock's limiters count; empty for anything but a mock. */
  readonly limiterWindowsUs: readonly number[]
  /** How many requests the service lets be under way at once, where that is known. */
  readonly capConcurrency: number | undefined
}

/** How runs end that went through their whole plan and can be trusted, whatever was thought of what they measured. */
const WHOLE_RUN_CODES: ReadonlySet<number | undefined> = new Set([
  EXIT.pass,
  EXIT.regression,
  EXIT.thresholds,
  EXIT.markedFailed,
])

/** Whether the figures of a run that ended so may be held against those of others. */
export function isWholeRun(exitCode: number | undefined): boolean {
  return WHOLE_RUN_CODES.has(exitCode)
}
