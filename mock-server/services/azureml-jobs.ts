import type { Rng } from '../../src/core/rng.ts'
import { drawGuid } from '../guid.ts'

/** How long a batch takes, and how many jobs are kept, the oldest given up first: both assumed. */
const JOB_US = 60_000_000
const MAX_JOBS = 1_000

/** What has become of a job, in the numbers of hning86/azuremlps; a batch of the mock never fails (2). */
const STATUS = { notStarted: 0, running: 1, cancelled: 3, finished: 4 } as const

interface Job {
  /** `undefined`: not started. */
  finishUs: number | undefined
  isCancelled: boolean
}

/** Batch execution: jobs that no throttle level has anything to do with. */
export class BatchJobs {
  readonly #ids: Rng
  readonly #jobs = new Map<string, Job>()

  constructor(ids: Rng) {
    this.#ids = ids
  }

  /** @returns the id of a job that has yet to be started. */
  submit(): string {
    const id = drawGuid(this.#ids).replaceAll('-', '')
    this.#jobs.set(id, { finishUs: undefined, isCancelled: false })
    if (this.#jobs.size > MAX_JOBS) {
      const [oldest] = this.#jobs.keys()
      this.#jobs.delete(oldest!)
    }
    return id
  }

  has(id: string): boolean {
    return this.#jobs.has(id)
  }

  /** @returns false for a job that is not waiting to be started. */
  start(id: string, nowUs: number): boolean {
    const job = this.#jobs.get(id)
    if (job === undefined || job.finishUs !== undefined || job.isCancelled) return false
    job.finishUs = nowUs + JOB_US
    return true
  }

  /** What is finished stays so. */
  cancel(id: string, nowUs: number): void {
    const job = this.#jobs.get(id)
    if (job !== undefined && statusOf(job, nowUs) !== STATUS.finished) job.isCancelled = true
  }

  /** What a client is told that asks after a job which is there. */
  describe(id: string, nowUs: number): object {
    const status = statusOf(this.#jobs.get(id)!, nowUs)
    return { StatusCode: status, Results: status === STATUS.finished ? {} : null, Details: null }
  }
}

function statusOf({ finishUs, isCancelled }: Job, nowUs: number): number {
  if (isCancelled) return STATUS.cancelled
  if (finishUs === undefined) return STATUS.notStarted
  return finishUs <= nowUs ? STATUS.finished : STATUS.running
}
