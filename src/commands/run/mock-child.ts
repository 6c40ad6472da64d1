import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { UserError } from '../../core/errors.ts'
import type { MockConfig } from '../../../mock-server/config.ts'
import type { MockState } from '../../../mock-server/app.ts'
import type { Cap } from '../../../mock-server/cap.ts'
import type { MockCommand, MockEvent } from '../../../mock-server/ipc.ts'

const MAIN = fileURLToPath(new URL('../../../mock-server/main.js', import.meta.url))
const START_TIMEOUT_MS = 10_000
/** The child itself gives replies under way 10 s. */
const DRAIN_TIMEOUT_MS = 12_000

/** The bundled mock in a process of its own, so that it and the load generator do not share an event loop. */
export class MockChild {
  readonly url: string
  readonly #child: ChildProcess
  #cap: Cap
  #onCap: (cap: Cap) => void = () => {}
  #onDeath: (how: string) => void = () => {}
  /** How it ended although nobody had told it to. */
  #death: string | undefined
  #isStopping = false

  private constructor(child: ChildProcess, url: string, cap: Cap) {
    this.#child = child
    this.url = url
    this.#cap = cap
    child.on('message', (message: MockEvent) => this.#hearOf(message))
    child.once('exit', (code, signal) => this.#exited(signal ?? `code ${code}`))
  }

  /** Tells what the mock lets through: at once, and whenever it has changed, up to a second later. */
  watchCap(onCap: (cap: Cap) => void): void {
    this.#onCap = onCap
    onCap(this.#cap)
  }

  /** Tells, once, when its process ends although nobody has told it to. */
  watchDeath(onDeath: (how: string) => void): void {
    this.#onDeath = onDeath
    if (this.#death !== undefined) onDeath(this.#death)
  }

  /** @throws UserError when it cannot start (a port in use, a bad config). */
  static async start(config: MockConfig, seed: number): Promise<MockChild> {
    const child = fork(MAIN, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced' })
    try {
      await say(child, { type: 'start', config, seed, host: '127.0.0.1', port: 0 })
      const message = await hear(child, ['listening', 'failed'], START_TIMEOUT_MS)
      if (message.type === 'failed') throw new UserError(message.exitCode, message.faults)
      return new MockChild(child, message.url, message.cap)
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    }
  }

  /** Lets it finish its replies and exit; gives its counters, `undefined` when it has died. */
  async stop(): Promise<MockState | undefined> {
    this.#isStopping = true
    if (!this.#child.connected) return undefined
    try {
      await say(this.#child, { type: 'drain' })
      const message = await hear(this.#child, ['drained'], DRAIN_TIMEOUT_MS)
      return message.state
    } catch {
      return undefined
    } finally {
      if (this.#child.connected) this.#child.disconnect()
      this.#child.kill('SIGKILL')
    }
  }

  #exited(how: string): void {
    if (this.#isStopping) return
    this.#death = how
    this.#onDeath(how)
  }

  #hearOf(message: MockEvent): void {
    if (message.type !== 'cap') return
    this.#cap = message.cap
    this.#onCap(message.cap)
  }
}

function say(child: ChildProcess, message: MockCommand): Promise<void> {
  return new Promise((resolve, reject) => {
    child.send(message, (error) => (error === null ? resolve() : reject(error)))
  })
}

/** The next message of one of the types. @throws when the child exits or says nothing for too long. */
function hear<T extends MockEvent['type']>(
  child: ChildProcess,
  types: readonly T[],
  timeoutMs: number,
): Promise<Extract<MockEvent, { type: T }>> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer)
      child.off('message', onMessage)
      child.off('exit', onSilence)
    }
    const onMessage = (message: MockEvent): void => {
      if (!isOneOf(message, types)) return
      end()
      resolve(message)
    }
    const onSilence = (): void => {
      end()
      reject(new Error('the mock server process did not answer'))
    }
    const timer = setTimeout(onSilence, timeoutMs)
    child.on('message', onMessage)
    child.once('exit', onSilence)
  })
}

function isOneOf<T extends MockEvent['type']>(
  message: MockEvent,
  types: readonly T[],
): message is Extract<MockEvent, { type: T }> {
  return (types as readonly string[]).includes(message.type)
}
