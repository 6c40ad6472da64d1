/** Entry of the engine's thread: gives the engine its ports and speaks with the main thread. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import type { MockApp } from '../../../mock-server/app.ts'
import { CapWatch } from '../../../mock-server/cap-watch.ts'
import { UserError } from '../../core/errors.ts'
import { Rng } from '../../core/rng.ts'
import { doAll, type Steps } from '../../core/steps.ts'
import { US_PER_MS } from '../../core/units.ts'
import type { Clock } from '../../engine/clock.ts'
import { Engine } from '../../engine/engine.ts'
import type { EnginePorts } from '../../engine/ports.ts'
import type { EngineSnapshot } from '../../engine/protocol.ts'
import { SystemClock } from '../../engine/system-clock.ts'
import { VitalsWatch } from '../../engine/vitals-watch.ts'
import { createHttpTransport, type SocketTransport } from '../../http/client.ts'
import { proxyFromEnvironment } from '../../http/proxy.ts'
import { systemLookup } from '../../http/resolver.ts'
import type { Transport } from '../../http/transport.ts'
import { CheckTally } from '../../measure/checks.ts'
import { MetricRegistry } from '../../measure/metrics.ts'
import { DEFAULT_OUTCOME_RULES, type OutcomeRules } from '../../measure/outcome.ts'
import { Recorder } from '../../measure/recorder.ts'
import { RequestLog, type RequestBatch } from '../../measure/request-log.ts'
import type { K6Data } from '../../report/k6-data.ts'
import { preparePages } from '../../script/modules/html/document.ts'
import { followLoad, setCompilePace } from './compile-pace.ts'
import { DataFiles } from './data-files.ts'
import { PacedTransport } from './paced-transport.ts'
import { rehearseTelling, rehearseTimers, VITALS_LAST_MS, wantsRehearsal } from './rehearsal.ts'
import { giveRoom } from './room.ts'
import { VIRTUAL_EPOCH_MS } from './script-globals.ts'
import { ScriptLoader } from './script-loader.ts'
import { Secrets } from './secrets.ts'
import { callHandleSummary } from './summary-reply.ts'
import { SecondTeller, type RecorderNews } from './told-seconds.ts'
import type { FromWorker, StateNews, ToWorker, WorkerJob, WorkerStart } from './worker-messages.ts'

interface Surroundings {
  readonly clock: Clock
  readonly transport: Transport
  readonly mock: MockApp | undefined
  readonly vitals: VitalsWatch | undefined
}

async function surroundingsOf(job: WorkerJob): Promise<Surroundings> {
  const world = await worldOf(job)
  const { rps } = job.plan
  if (rps === undefined) return world
  return { ...world, transport: new PacedTransport(world.transport, world.clock, rps) }
}

async function worldOf({ world, plan, seed }: WorkerJob): Promise<Surroundings> {
  if (world.kind === 'virtual') {
    // Half of all that this thread would have to load, before every run, and to keep.
    const { createVirtualWorld } = await import('./virtual-world.ts')
    return { ...createVirtualWorld(world, seed), vitals: undefined }
  }
  const clock = new SystemClock(() => transport.underWayCount > 0)
  const transport: SocketTransport = createHttpTransport({
    nowUs: () => clock.nowUs(),
    uptimeUs: () => clock.uptimeUs(),
    catchUp: () => clock.catchUp(),
    insecureSkipTLSVerify: plan.insecureSkipTLSVerify,
    connection: plan.connection,
    rng: new Rng(seed).fork('dns'),
    lookup: systemLookup,
    proxyFor: proxyFromEnvironment,
  })
  const vitals = new VitalsWatch(() => transport.connectionFigures, clock)
  return { clock, transport, mock: undefined, vitals }
}

const HEARTBEAT_EVERY_MS = 1_000

/** Between two pieces of a snapshot's work: requests that have become late by one are sent before the next. */
const ROOM_AFTER_US = 2_000

/** The engine's side of the conversation. */
class Conversation {
  readonly #port: MessagePort
  readonly #start: WorkerStart
  readonly #clock: Clock
  readonly #isVirtual: boolean
  /** Snapshots that are being told, oldest first. */
  readonly #telling: Steps[] = []
  /** Those on their way, oldest first: to be called when they have been taken in. */
  readonly #posted: (() => void)[] = []
  readonly #teller = new SecondTeller()
  #go: (() => void) | undefined
  #summarize: ((data: K6Data) => void) | undefined

  /** Set-up and teardown post no snapshots, and may take long. */
  readonly #heartbeat = setInterval(() => this.#beat(), HEARTBEAT_EVERY_MS)
  #hasSpoken = false
  #isGivingRoom = false

  constructor(
    port: MessagePort,
    start: WorkerStart,
    clock: Clock,
    onStop: (message: Extract<ToWorker, { type: 'stop' }>) => void,
  ) {
    this.#port = port
    this.#start = start
    this.#clock = clock
    this.#isVirtual = start.job.world.kind === 'virtual'
    port.on('message', (message: ToWorker) => {
      if (message.type === 'stop') return onStop(message)
      if (message.type === 'go') return this.#go?.()
      if (message.type === 'summarize') return this.#summarize?.(message.data)
      this.#posted.shift()?.()
    })
  }

  say(message: FromWorker): void {
    this.#hasSpoken = true
    this.#port.postMessage(message)
  }

  #beat(): void {
    if (!this.#hasSpoken) this.say({ type: 'alive' })
    this.#hasSpoken = false
  }

  /** Resolves when the main thread has taken the snapshot in. */
  post(snapshot: Steps<EngineSnapshot>, takeRequests: () => RequestBatch | undefined): Promise<void> {
    return new Promise((resolve) => {
      const telling = this.#tell(snapshot, takeRequests, resolve)
      if (this.#isVirtual) return doAll(telling)
      telling.next()
      this.#telling.push(telling)
      // One after the other, or their messages would mix.
      if (this.#telling.length === 1) this.#goOn()
    })
  }

  #goOn(): void {
    const [telling] = this.#telling
    if (telling === undefined) return
    this.#whenThereIsRoom(() => {
      if (telling.next().done === true) this.#telling.shift()
      this.#goOn()
    })
  }

  /** Each step fits between two requests; one that makes all, or has all of it cloned, would fill more than one gap. */
  *#tell(
    snapshot: Steps<EngineSnapshot>,
    takeRequests: () => RequestBatch | undefined,
    onTaken: () => void,
  ): Steps {
    const { recorder, ...state } = yield* snapshot
    yield
    this.#start.news.postMessage(this.#teller.tell(recorder) satisfies RecorderNews)
    yield
    this.#start.news.postMessage({ state, requests: takeRequests() } satisfies StateNews)
    yield
    this.#posted.push(onTaken)
    this.say({ type: 'snapshot' })
    // Room is given already while an earlier one is on its way.
    if (!this.#isVirtual && !this.#isGivingRoom) this.#giveRoom()
  }

  /** Tells the main thread, until it has taken the snapshot in, when its work makes no request late. */
  #giveRoom(): void {
    this.#isGivingRoom = this.#posted.length > 0
    if (!this.#isGivingRoom) return
    this.#whenThereIsRoom(() => {
      giveRoom(this.#start.room)
      this.#giveRoom()
    })
  }

  #whenThereIsRoom(run: () => void): void {
    this.#clock.schedule(this.#clock.nowUs() + ROOM_AFTER_US, run, 'spare')
  }

  /** Resolves when the main thread is ready for traffic. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#go = resolve
      this.say({ type: 'starting' })
    })
  }

  /** Resolves when the main thread has the figures for `handleSummary`; it may never ask. */
  summaryAsked(): Promise<K6Data> {
    return new Promise((resolve) => {
      this.#summarize = resolve
    })
  }

  end(): void {
    clearInterval(this.#heartbeat)
    this.#port.close()
  }
}

async function work(start: WorkerStart, port: MessagePort): Promise<void> {
  const { job } = start
  const { clock, transport, mock, vitals } = await surroundingsOf(job)
  const isVirtual = job.world.kind === 'virtual'
  const isRehearsed = wantsRehearsal(job)
  const conversation = new Conversation(port, start, clock, ({ reason }) => engine.stop(reason))
  const logger = (isConsole: boolean): EnginePorts['log'] => {
    return (level, text) => conversation.say({ type: 'log', level, text, isConsole })
  }
  const log = logger(false)
  const { selectors, byPart } = job
  const files = DataFiles.of(job.files)
  preparePages(job.bundle.code)
  const loader = new ScriptLoader(job.bundle, { clock, seed: job.seed, isVirtual, log: logger(true), files })
  // The default name of a request is its URL, and that may hold a key.
  const secrets = new Secrets(job.secretValues)
  const show = (text: string): string => secrets.hide(text)
  const requestLog = job.keepsRequests ? new RequestLog(show) : undefined
  const ports: EnginePorts = {
    clock,
    wallTimeMs: isVirtual ? () => VIRTUAL_EPOCH_MS + Math.floor(clock.nowUs() / US_PER_MS) : Date.now,
    transport,
    script: loader,
    recorder: new Recorder(show),
    requestLog,
    metrics: new MetricRegistry({ selectors, byPart, warmupUs: job.plan.headroom.warmupUs }),
    checks: new CheckTally(),
    vitals,
    log,
    describeError: (error) => loader.describe(error),
    isFatal: (error) => loader.isFatal(error),
  }
  const caps = mock && new CapWatch(() => mock.cap(clock.uptimeUs()))
  const tellCap = (fromUs: number): void => {
    const cap = caps?.news()
    if (cap !== undefined) conversation.say({ type: 'cap', cap, fromUs })
  }
  const engine = new Engine({ ...job, outcomeRules: outcomeRulesOf(job), isVirtual }, ports, {
    start: async () => {
      tellCap(0)
      await conversation.start()
      if (isRehearsed) followLoad(job.plan)
    },
    post: (snapshot) => {
      tellCap(clock.nowUs())
      return conversation.post(snapshot, () => requestLog?.take())
    },
  })
  // A script that does not await its own async function: without this the thread would die of it.
  process.on('unhandledRejection', (error) => engine.promiseFailed(error))
  if (isRehearsed) await rehearse(clock, vitals)
  try {
    const result = await engine.run()
    conversation.say({ type: 'done', result, mockState: mock?.state(clock.uptimeUs()) })
  } catch (error) {
    conversation.say(failure(error))
  }
  if (isRehearsed) setCompilePace('usual')
  if (job.exports.includes('handleSummary')) await summarize(engine, job, conversation)
  conversation.end()
}

async function rehearse(clock: Clock, vitals: VitalsWatch | undefined): Promise<void> {
  setCompilePace('soon')
  rehearseTelling()
  // As before a load: what V8 compiles with a zero that never changed is lost when it does.
  clock.rebase()
  vitals?.begin()
  await rehearseTimers(clock)
  vitals?.rehearse(VITALS_LAST_MS)
}

async function summarize(engine: Engine, job: WorkerJob, conversation: Conversation): Promise<void> {
  const data = await conversation.summaryAsked()
  const reply = await callHandleSummary(engine, data, job.secretValues)
  conversation.say({ type: 'summarized', reply })
}

function outcomeRulesOf({ plan }: WorkerJob): OutcomeRules {
  const throttled = new Set([...DEFAULT_OUTCOME_RULES.throttled, ...plan.headroom.throttled])
  return { ...DEFAULT_OUTCOME_RULES, throttled }
}

function failure(error: unknown): FromWorker {
  if (error instanceof UserError) return { type: 'failed', exitCode: error.exitCode, faults: error.faults }
  return { type: 'broken', error }
}

if (parentPort !== null) void work(workerData as WorkerStart, parentPort)
