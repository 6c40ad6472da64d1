import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { SystemClock } from '../../engine/system-clock.ts'
import { US_PER_S } from '../../core/units.ts'
import { DEFAULT_OUTCOME_RULES } from '../../measure/outcome.ts'
import { Recorder } from '../../measure/recorder.ts'
import { ClosedStep } from './closed-step.ts'
import { meanOf, steadySeconds } from './plateau.ts'
import type { ClosedCall } from './request.ts'

const SERVER = fileURLToPath(new URL('./trivial-server.js', import.meta.url))
const DURATION_US = 3 * US_PER_S
const TIMEOUT_US = 10 * US_PER_S

/** A server on this machine that does next to nothing. */
export interface TrivialServer {
  readonly url: URL
  close(): Promise<void>
}

export async function startTrivialServer(): Promise<TrivialServer> {
  const child = fork(SERVER, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('the trivial server did not start'))),
  ])) as [{ readonly port: number }]
  const close = async (): Promise<void> => {
    const ended = once(child, 'close')
    if (child.kill('SIGKILL')) await ended
  }
  return { url: new URL(`http://127.0.0.1:${message.port}/`), close }
}

/** What the generator can do at most with so many connections: accepted replies a second of a server that does next to nothing. */
export async function measureCeilingRps(call: ClosedCall, connections: number): Promise<number> {
  const server = await startTrivialServer()
  try {
    const clock = new SystemClock()
    const load = {
      clock,
      recorder: new Recorder(),
      call: { ...call, url: sameResource(call.url, server.url) },
      timeoutUs: TIMEOUT_US,
      outcomeRules: DEFAULT_OUTCOME_RULES,
    }
    const plan = { name: 'self', connections, startUs: 0, durationUs: DURATION_US }
    const { acceptedPerSecond } = await new ClosedStep(load, plan).run()
    return meanOf(steadySeconds(acceptedPerSecond))
  } finally {
    await server.close()
  }
}

function sameResource({ pathname, search }: URL, base: URL): URL {
  return Object.assign(new URL(base), { pathname, search })
}
