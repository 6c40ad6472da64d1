import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { UserError } from '../../core/errors.ts'
import type { MockConfig } from '../../../mock-server/config.ts'
import type { MockState } from '../../../mock-server/app.ts'
import type { MockCommand, MockEvent } from '../../../mock-server/ipc.ts'

const MAIN = fileURLToPath(new URL('../../../mock-server/main.js', import.meta.url))
const START_TIMEOUT_MS = 10_000
/** The child itself gives replies under way 10 s. */
const DRAIN_TIMEOUT_MS = 12_000

/** The bundled mock in a process of its own, so that it and the load generator do not share an event loop. */
export class MockChild {
  readonly url: string
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, url: string) {
    this.#child = child
    this.url = url
  }

  /** @throws UserError when it cannot start (a port in use, a bad config). */
  static async start(config: MockConfig, seed: number): Promise<MockChild> {
    const child = fork(MAIN, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced' })
    try {
      await say(child, { type: 'start', config, seed, host: '127.0.0.1', port: 0 })
      const message = await hear(child, ['listening', 'failed'], START_TIMEOUT_MS)
      if (message.type === 'failed') throw new UserError(message.exitCode, message.faults)
      return new MockChild(child, message.url)
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    }
  }

  /** Lets it finish its replies and exit; gives its counters, `undefined` when it has died. */
  async stop(): Promise<MockState | undefined> {
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
}

function say(child: ChildProcess, message: MockCommand): Promise<void> {
  return new Promise((resolve, reject) => {
    child.send(message, (error) => (error === null ? resolve() : reject(error)))
  })
}

/** The next message of one of the types. @throws when the child exits or says nothing for too long. */
async function hear<T extends MockEvent['type']>(
  child: ChildProcess,
  types: readonly T[],
  timeoutMs: number,
): Promise<Extract<MockEvent, { type: T }>> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), timeoutMs)
  const exited = (): void => abort.abort()
  child.once('exit', exited)
  try {
    for (;;) {
      const [message] = (await once(child, 'message', { signal: abort.signal })) as [MockEvent]
      if (isOneOf(message, types)) return message
    }
  } catch (error) {
    throw new Error('the mock server process did not answer', { cause: error })
  } finally {
    clearTimeout(timer)
    child.off('exit', exited)
  }
}

function isOneOf<T extends MockEvent['type']>(
  message: MockEvent,
  types: readonly T[],
): message is Extract<MockEvent, { type: T }> {
  return (types as readonly string[]).includes(message.type)
}
