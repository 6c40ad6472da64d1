/** Entry of the engine's thread: gives the engine its ports and speaks with the main thread. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { createApp, type MockApp } from '../../../mock-server/app.ts'
import { UserError } from '../../core/errors.ts'
import type { Clock } from '../../engine/clock.ts'
import { Engine } from '../../engine/engine.ts'
import type { EnginePorts } from '../../engine/ports.ts'
import type { EngineSnapshot } from '../../engine/protocol.ts'
import { SystemClock } from '../../engine/system-clock.ts'
import { VirtualClock } from '../../engine/virtual-clock.ts'
import { createHttpTransport } from '../../http/client.ts'
import type { Transport } from '../../http/transport.ts'
import { CheckTally } from '../../measure/checks.ts'
import { MetricRegistry } from '../../measure/metrics.ts'
import { DEFAULT_OUTCOME_RULES } from '../../measure/outcome.ts'
import { Recorder } from '../../measure/recorder.ts'
import { ScriptLoader } from './script-loader.ts'
import { Secrets } from './secrets.ts'
import { VirtualTransport } from './virtual-transport.ts'
import type { FromWorker, ToWorker, WorkerJob } from './worker-messages.ts'

interface Surroundings {
  readonly clock: Clock
  readonly transport: Transport
  readonly mock: MockApp | undefined
}

function surroundingsOf({ world, plan, seed }: WorkerJob): Surroundings {
  if (world.kind === 'virtual') {
    const clock = new VirtualClock()
    const mock = createApp(world.mock, seed)
    return { clock, mock, transport: new VirtualTransport(mock, clock, world.authority) }
  }
  const clock = new SystemClock()
  const { insecureSkipTLSVerify } = plan
  const transport = createHttpTransport({ nowUs: () => clock.nowUs(), insecureSkipTLSVerify })
  return { clock, transport, mock: undefined }
}

const HEARTBEAT_EVERY_MS = 1_000

/** The engine's side of the conversation. */
class Conversation {
  readonly #port: MessagePort
  /** Snapshots on their way, oldest first. */
  readonly #posted: (() => void)[] = []
  #go: (() => void) | undefined

  /** Set-up and teardown post no snapshots, and may take long. */
  readonly #heartbeat = setInterval(() => this.say({ type: 'alive' }), HEARTBEAT_EVERY_MS)

  constructor(port: MessagePort, onStop: (message: Extract<ToWorker, { type: 'stop' }>) => void) {
    this.#port = port
    port.on('message', (message: ToWorker) => {
      if (message.type === 'stop') return onStop(message)
      if (message.type === 'go') return this.#go?.()
      this.#posted.shift()?.()
    })
  }

  say(message: FromWorker): void {
    this.#port.postMessage(message)
  }

  /** Resolves when the main thread has taken the snapshot in. */
  post(snapshot: EngineSnapshot): Promise<void> {
    return new Promise((resolve) => {
      this.#posted.push(resolve)
      this.say({ type: 'snapshot', snapshot })
    })
  }

  /** Resolves when the main thread is ready for traffic. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#go = resolve
      this.say({ type: 'starting' })
    })
  }

  end(): void {
    clearInterval(this.#heartbeat)
    this.#port.close()
  }
}

async function work(job: WorkerJob, port: MessagePort): Promise<void> {
  const { clock, transport, mock } = surroundingsOf(job)
  const conversation = new Conversation(port, ({ reason }) => engine.stop(reason))
  const isVirtual = job.world.kind === 'virtual'
  const log: EnginePorts['log'] = (level, text) => conversation.say({ type: 'log', level, text })
  const loader = new ScriptLoader(job.bundle, { clock, seed: job.seed, isVirtual, log })
  // The default name of a request is its URL, and that may hold a key.
  const secrets = new Secrets(job.secretValues)
  const ports: EnginePorts = {
    clock,
    transport,
    script: loader,
    recorder: new Recorder((name) => secrets.hide(name)),
    metrics: new MetricRegistry({ selectors: job.selectors, warmupUs: job.plan.headroom.warmupUs }),
    checks: new CheckTally(),
    log,
    describeError: (error) => loader.describe(error),
    isFatal: (error) => loader.isFatal(error),
  }
  const throttled = new Set([...DEFAULT_OUTCOME_RULES.throttled, ...job.plan.headroom.throttled])
  const outcomeRules = { ...DEFAULT_OUTCOME_RULES, throttled }
  const engine = new Engine({ ...job, outcomeRules, isVirtual }, ports, {
    start: () => conversation.start(),
    post: (snapshot) => conversation.post(snapshot),
  })
  // A script that does not await its own async function: without this the thread would die of it.
  process.on('unhandledRejection', (error) => engine.promiseFailed(error))
  try {
    const result = await engine.run()
    conversation.say({ type: 'done', result, mockState: mock?.state(clock.uptimeUs()) })
  } catch (error) {
    conversation.say(failure(error))
  }
  conversation.end()
}

function failure(error: unknown): FromWorker {
  if (error instanceof UserError) return { type: 'failed', exitCode: error.exitCode, faults: error.faults }
  return { type: 'broken', error }
}

if (parentPort !== null) void work(workerData as WorkerJob, parentPort)
