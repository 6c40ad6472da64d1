import { createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Target } from '../../src/http/transport.ts'
import { listen } from './ask.ts'

/**
 * What the server does with a request: the bytes to answer, or a function that does something else.
 * `none` leaves it unanswered.
 */
export type Step = string | ((socket: Socket) => void)

export interface ScriptedServer {
  readonly target: Target
  /** Every request as it came, in order, over all connections. */
  readonly requests: readonly string[]
  /** The connections accepted, in order. */
  readonly sockets: readonly Socket[]
}

/** Serves the nth request of each connection with the nth step; its last step serves the rest. Requests end with their head. */
export async function scriptedServer(
  stepsOf: (connection: number) => readonly Step[],
): Promise<ScriptedServer> {
  const requests: string[] = []
  const sockets: Socket[] = []
  const server = createServer({ noDelay: true }, (socket) => {
    const steps = stepsOf(sockets.length)
    let served = 0
    sockets.push(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', (data) => {
      requests.push(data.toString())
      const step = steps[Math.min(served++, steps.length - 1)]
      if (typeof step === 'string') socket.write(step)
      else step?.(socket)
    })
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  return { target: await listen(server), requests, sockets }
}

/** A reply with a body, kept alive. */
export function ok(body: string, headers = ''): string {
  return `HTTP/1.1 200 OK\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`
}
