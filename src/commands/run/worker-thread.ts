import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads'
import type { MockState } from '../../../mock-server/app.ts'
import type { Cap } from '../../../mock-server/cap.ts'
import { EXIT, UserError, type ExitCode } from '../../core/errors.ts'
import { doAll, type Steps } from '../../core/steps.ts'
import type { LogLevel } from '../../engine/ports.ts'
import type { EngineResult, EngineSnapshot, StopReason } from '../../engine/protocol.ts'
import type { RequestBatch } from '../../measure/request-log.ts'
import type { K6Data } from '../../report/k6-data.ts'
import { wantsRehearsal } from './rehearsal.ts'
import { rehearseIntake } from './rehearse-intake.ts'
import { createRoom, takeWhenThereIsRoom } from './room.ts'
import { SilenceWatch } from './silence-watch.ts'
import type { SummaryReply } from './summary-reply.ts'
import { SecondListener, type RecorderNews } from './told-seconds.ts'
import type { FromWorker, StateNews, ToWorker, WorkerJob, WorkerStart } from './worker-messages.ts'

/** A worker that says nothing for so long has a script that loops: its event loop does not turn. */
const HEARTBEAT_TIMEOUT_MS = 5_000

/**
 * Every request leaves a few kilobytes of short-lived objects. In the default young generation (48 MB) many of them
 * are still in use when it is collected, several times a second at saturation, and get copied; in a larger one few are.
 * It has three semi-spaces, each a power of two.
 */
const YOUNG_GENERATION_MB = 128
const SEMI_SPACE_MB = 32

/**
 * V8 takes a heap that grows slowly for one at rest and gives its memory back: eight seconds into a run of some 50
 * requests a second it marked the whole heap three times, up to 20 ms at a go, and made the young generation so small that it
 * was collected every second. Heaps that are made from now on are left alone; the main thread's own can no longer be.
 * The task would collect the young generation as soon as it is four fifths full: a quarter more often for nothing.
 * A semi-space begins at its full size: it would stay at half of it, since little outlives a collection, and one of 32 MB takes 0.9 ms
 * where two of 16 MB take 0.7 each.
 */
const HEAP_FLAGS = ['--no-memory-reducer', '--no-minor-gc-task', `--min-semi-space-size=${SEMI_SPACE_MB}`]

/**
 * On a single core the threads that help with a collection take the core from the thread that waits for them, four times
 * over: a collection took 0.5 ms with them and 0.35 without. Nor is another thread woken after each to look for buffers.
 */
const SINGLE_CORE_FLAGS = ['--no-parallel-scavenge', '--no-concurrent-array-buffer-sweeping']

export interface WorkerListener {
  /** Set-up is over; traffic begins when this has resolved. */
  starting(): Promise<void>
  /**
   * Takes the snapshot in, step by step: between two of them the engine may need the core.
   *
   * @param requests those that have ended since the last one, where they are kept.
   */
  snapshot(snapshot: EngineSnapshot, requests: RequestBatch | undefined): Steps
  /** @param isConsole the script's own words. */
  log(level: LogLevel, text: string, isConsole: boolean): void
  /** In virtual time: what the mock lets through from that time on. */
  cap(cap: Cap, fromUs: number): void
}

export interface WorkerEnd {
  readonly result: EngineResult
  /** In virtual time, where the mock lives in the worker. */
  readonly mockState: MockState | undefined
  /** What kept the run from coming to its end; what was recorded until then is there. */
  readonly failure?: unknown
}

/** The engine's thread as the main thread sees it. */
export class EngineWorker {
  readonly #worker: Worker
  readonly #listener: WorkerListener
  readonly #isVirtual: boolean
  readonly #end: Promise<WorkerEnd>
  #settle: { resolve(end: WorkerEnd): void; reject(error: unknown): void } | undefined
  #summary: { resolve(reply: SummaryReply): void; reject(error: Error): void } | undefined
  /** Why the thread answers no more. */
  #death: Error | undefined
  readonly #silence = new SilenceWatch(HEARTBEAT_TIMEOUT_MS, () => this.#hang())
  readonly #room = createRoom()
  /** Snapshots come by themselves, to be read when there is room. */
  readonly #news: MessagePort
  readonly #seconds = new SecondListener()
  #lastUs = 0

  constructor(job: WorkerJob, listener: WorkerListener) {
    this.#listener = listener
    this.#isVirtual = job.world.kind === 'virtual'
    const flags = availableParallelism() === 1 ? [...HEAP_FLAGS, ...SINGLE_CORE_FLAGS] : HEAP_FLAGS
    for (const flag of flags) setFlagsFromString(flag)
    const { port1, port2 } = new MessageChannel()
    this.#news = port1
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: { job, room: this.#room, news: port2 } satisfies WorkerStart,
      transferList: [port2],
      // The script's own output goes through messages; nothing else may write.
      stdout: true,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    })
    this.#end = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    this.#worker.on('message', (message: FromWorker) => this.#hear(message))
    this.#worker.on('error', (error) => this.#crash(error))
    this.#worker.on('exit', (code) => this.#exit(new Error(`the engine's thread ended (code ${code})`)))
    // While the thread starts up.
    if (wantsRehearsal(job)) rehearseIntake()
  }

  /** @throws what the listener throws when it is to start. */
  finished(): Promise<WorkerEnd> {
    return this.#end
  }

  /** Calls the script's `handleSummary`, which it has, when the run is over. @throws when the thread does not answer. */
  handleSummary(data: K6Data): Promise<SummaryReply> {
    return new Promise((resolve, reject) => {
      if (this.#death !== undefined) return reject(this.#death)
      this.#summary = { resolve, reject }
      this.#say({ type: 'summarize', data })
    })
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    this.#silence.end()
    this.#news.close()
    await this.#worker.terminate()
  }

  stop(reason: StopReason): void {
    this.#say({ type: 'stop', reason })
  }

  #hear(message: FromWorker): void {
    this.#silence.heard()
    switch (message.type) {
      case 'snapshot':
        return this.#take()
      case 'alive':
        return
      case 'cap':
        return this.#listener.cap(message.cap, message.fromUs)
      case 'starting':
        return void this.#start()
      case 'log':
        return this.#listener.log(message.level, message.text, message.isConsole)
      default:
        return this.#hearEnd(message)
    }
  }

  #hearEnd(message: Extract<FromWorker, { type: 'done' | 'failed' | 'broken' | 'summarized' }>): void {
    switch (message.type) {
      case 'done':
        return this.#settle?.resolve(message)
      case 'failed':
        // The load was over, or had not begun.
        return this.#fail(new UserError(message.exitCode, message.faults), Infinity)
      case 'broken':
        return this.#fail(message.error)
      case 'summarized':
        return this.#summary?.resolve(message.reply)
    }
  }

  /** In virtual time, which waits for it, there is no room to wait for. */
  #take(): void {
    const steps = this.#takeInSteps()
    if (this.#isVirtual) doAll(steps)
    else takeWhenThereIsRoom(steps, this.#room)
    this.#say({ type: 'taken' })
  }

  *#takeInSteps(): Steps {
    const recorder = this.#seconds.hear(readNews(this.#news) as RecorderNews)
    yield
    const { state, requests } = readNews(this.#news) as StateNews
    this.#lastUs = state.nowUs
    yield
    yield* this.#listener.snapshot({ ...state, recorder }, requests)
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

  #hang(): void {
    this.#breakOff(
      'hang',
      `the script gave no sign of life for ${HEARTBEAT_TIMEOUT_MS / 1_000} s: it loops without waiting for anything\n` +
        '  look for a loop that never ends or computes for seconds; sleep() and http calls let other VUs run',
    )
  }

  #crash(error: Error & { readonly code?: string }): void {
    if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return this.#exit(error)
    this.#breakOff(
      'script-error',
      'the script used up the memory of its thread\n' +
        '  look for a variable outside the default function that grows with every iteration, or use fewer VUs',
    )
  }

  #exit(error: Error): void {
    this.#die(error)
    this.#fail(error)
  }

  #die(cause: Error): void {
    this.#death ??= cause
    this.#summary?.reject(cause)
  }

  #breakOff(stopReason: StopReason, fatal: string): void {
    this.#die(new Error(fatal))
    const result = { stopReason, loadEndUs: this.#lastUs, fatal, unmeasuredRequestCount: 0 }
    this.#settle?.resolve({ result, mockState: undefined })
  }

  /** @param loadEndUs by default the last snapshot: what was recorded until then is kept. */
  #fail(failure: unknown, loadEndUs = this.#lastUs): void {
    const result = { stopReason: undefined, loadEndUs, fatal: undefined, unmeasuredRequestCount: 0 }
    this.#settle?.resolve({ result, mockState: undefined, failure })
  }
}

/** To read it takes as long as the longest of the steps that follow. */
function readNews(port: MessagePort): unknown {
  const received: { readonly message: unknown } | undefined = receiveMessageOnPort(port)
  if (received === undefined) throw new Error('there is no snapshot where one was announced')
  return received.message
}

/** The exit code of a run that its script ended. */
export function exitCodeOfStop(reason: StopReason | undefined): ExitCode {
  if (reason === 'script-error' || reason === 'hang') return EXIT.script
  if (reason === 'abort') return EXIT.aborted
  return reason === 'interrupt' ? EXIT.interrupted : EXIT.pass
}
