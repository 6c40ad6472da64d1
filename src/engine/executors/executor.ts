import type { Vu } from '../vu.ts'

/** Runs the load of one scenario. */
export interface Executor {
  /** Loads what must be ready before the run begins. */
  prepare(): Promise<void>
  /** Runs the whole load; resolves when every iteration has ended or was interrupted. */
  run(dataJson: string | undefined): Promise<void>
  /** Starts nothing new; what runs has `graceUs` to end and is interrupted then. */
  stop(graceUs: number): void
  /** No arrival will be due before this instant: seconds before it are complete in the plan. Infinity when none will be. */
  nextDueUs(): number
  /** How much of the load is done, 0–1: of its iterations where their number is planned, else of its duration. */
  progressRatio(): number
  /** When its load ends by plan, or has ended because all that was planned is done. */
  readonly loadEndUs: number
  /** False when it may end before its time, because all that was planned is done. */
  readonly endsByTime: boolean
  readonly activeVus: number
  readonly initializedVus: number
}

/** Where an executor gets its VUs. Numbers are given out over all scenarios, from 1. */
export type VuFactory = () => Promise<Vu>

/** What an executor reports while it runs. */
export interface LoadListener {
  /** An iteration came due: an arrival, or in the closed model a VU that became ready. */
  due(dueUs: number): void
  /** An arrival found no VU free and no more allowed. */
  dropped(dueUs: number): void
  /** Of a planned number of iterations these had not begun when their time was over. */
  unbegun(count: number, atUs: number): void
  interrupted(): void
  /** A VU could not be loaded. */
  failed(error: unknown): void
}

/** The share of a scenario's duration that has passed, 0–1. */
export function elapsedRatio(
  { startTimeUs, durationUs }: { readonly startTimeUs: number; readonly durationUs: number },
  nowUs: number,
): number {
  return Math.min(Math.max((nowUs - startTimeUs) / durationUs, 0), 1)
}
