import type { ExitCode } from '../core/errors.ts'

/** What identifies a run, known before its first request. */
export interface RunFacts {
  readonly runId: string
  /** The script's name without folder and extension. */
  readonly scenario: string
  readonly time: 'real' | 'virtual'
  /**
   * What second 0 is called in the CSV files, milliseconds since 1970 in UTC. In virtual time always the same
   * instant, so that the files do not depend on when they were made.
   */
  readonly epochMs: number
  /** The wall clock at the start: names the folder and stands in the manifest, nowhere else. */
  readonly wallStartedAtMs: number
  readonly toolVersion: string
  readonly nodeVersion: string
  readonly host: string
  readonly os: string
  readonly cpuModel: string
  readonly cpuCount: number
  readonly scriptPath: string
  readonly scriptSha256: string
  /** The options as the run used them; secrets are blanked out on the way into the manifest. */
  readonly options: unknown
  /** Of the options but for seed and mock, which make no other test. */
  readonly optionsSha256: string
  readonly seed: number
  readonly targetKind: 'mock' | 'remote' | 'imported'
  /**
   * URL (several with commas between), mock spec, or `imported:TOOL`; credentials and query are cut off before it is
   * written.
   */
  readonly target: string
  /** Names given with `-e`. */
  readonly envNames: readonly string[]
  /** Values given with `-e`: never written, only used to blank them out where they reached the options. */
  readonly envValues: readonly string[]
  /** The configuration of the mock when there is one. */
  readonly mockConfig: unknown
  readonly commit: string | undefined
  readonly branch: string | undefined
}

/** What is known only when the run is over. */
export interface RunEnd {
  readonly wallFinishedAtMs: number
  readonly exitCode: ExitCode
  /** The mock's own count of what it admitted and refused. */
  readonly mockCounters: unknown
}

/** `2026-11-21T02:17:00.000Z`. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
