import { Worker } from 'node:worker_threads'
import type { MockState } from '../../../mock-server/app.ts'
import { EXIT, UserError } from '../../core/errors.ts'
import type { LogLevel } from '../../engine/ports.ts'
import type { EngineResult, EngineSnapshot, StopReason } from '../../engine/protocol.ts'
import type { FromWorker, ToWorker, WorkerJob } from './worker-messages.ts'

/** A worker that says nothing for so long has a script that loops: its event loop does not turn. */
const HEARTBEAT_TIMEOUT_MS = 5_000

export interface WorkerListener {
  /** Set-up is over; traffic begins when this has resolved. */
  starting(): Promise<void>
  /** Returns when the snapshot was taken in. */
  snapshot(snapshot: EngineSnapshot): void
  log(level: LogLevel, text: string): void
}

export interface WorkerEnd {
  readonly result: EngineResult
  /** In virtual time, where the mock lives in the worker. */
  readonly mockState: MockState | undefined
}

/** The engine's thread as the main thread sees it. */
export class EngineWorker {
  readonly #worker: Worker
  readonly #listener: WorkerListener
  readonly #end: Promise<WorkerEnd>
  #settle: { resolve(end: WorkerEnd): void; reject(error: unknown): void } | undefined
  #heartbeat: NodeJS.Timeout | undefined
  #lastUs = 0

  constructor(job: WorkerJob, listener: WorkerListener) {
    this.#listener = listener
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: job,
      // The script's own output goes through messages; nothing else may write.
      stdout: true,
    })
    this.#end = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    this.#worker.on('message', (message: FromWorker) => this.#hear(message))
    this.#worker.on('error', (error) => this.#settle?.reject(error))
    this.#worker.on('exit', (code) =>
      this.#settle?.reject(new Error(`the engine's thread ended (code ${code})`)),
    )
    this.#beat()
  }

  /** @throws UserError when set-up or teardown fail. */
  async finished(): Promise<WorkerEnd> {
    try {
      return await this.#end
    } finally {
      clearTimeout(this.#heartbeat)
      await this.#worker.terminate()
    }
  }

  stop(reason: StopReason): void {
    this.#say({ type: 'stop', reason })
  }

  #hear(message: FromWorker): void {
    this.#beat()
    switch (message.type) {
      case 'snapshot':
        this.#lastUs = message.snapshot.nowUs
        this.#listener.snapshot(message.snapshot)
        this.#say({ type: 'taken' })
        return
      case 'alive':
        return
      case 'starting':
        return void this.#start()
      case 'log':
        return this.#listener.log(message.level, message.text)
      case 'done':
        return this.#settle?.resolve(message)
      case 'failed':
        return this.#settle?.reject(new UserError(message.exitCode, message.faults))
    }
  }

  async #start(): Promise<void> {
    try {
      await this.#listener.starting()
      this.#say({ type: 'go' })
    } catch (error) {
      this.#settle?.reject(error)
    }
  }

  #say(message: ToWorker): void {
    this.#worker.postMessage(message)
  }

  #beat(): void {
    clearTimeout(this.#heartbeat)
    this.#heartbeat = setTimeout(() => this.#hang(), HEARTBEAT_TIMEOUT_MS)
  }

  /** What was recorded up to the last snapshot is kept. */
  #hang(): void {
    const fatal =
      `the script gave no sign of life for ${HEARTBEAT_TIMEOUT_MS / 1_000} s: it loops without waiting for anything\n` +
      '  look for a loop that never ends or computes for seconds; sleep() and http calls let other VUs run'
    const result = { stopReason: 'hang', loadEndUs: this.#lastUs, fatal, unmeasuredRequestCount: 0 } as const
    this.#settle?.resolve({ result, mockState: undefined })
  }
}

/** The exit code of a run that its script ended. */
export function exitCodeOfStop(reason: StopReason | undefined): (typeof EXIT)[keyof typeof EXIT] {
  if (reason === 'script-error' || reason === 'hang') return EXIT.script
  return reason === 'interrupt' ? EXIT.interrupted : EXIT.pass
}
