/** A server that misbehaves by path, and what is left of a command that has ended. */
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** What is done with a connection on which that path was asked for. */
export type Misbehaviour = (socket: Socket) => void

export interface HostileServer {
  readonly url: string
  readonly port: number
  readonly requestCount: () => number
}

/** Does what stands under the path of each request; answers 200 on any other. */
export async function hostileServer(
  behaviours: Readonly<Record<string, Misbehaviour>>,
  settings: { readonly acceptAfterMs?: number } = {},
): Promise<HostileServer> {
  const { acceptAfterMs } = settings
  let requestCount = 0
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true, pauseOnConnect: acceptAfterMs !== undefined }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('data', (data) => {
      requestCount++
      const [, path = ''] = data.toString('latin1').split(' ')
      const behave = behaviours[path] ?? answer
      behave(socket)
    })
    if (acceptAfterMs !== undefined) setTimeout(() => socket.resume(), acceptAfterMs)
  })
  const port = await listening(server)
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { url: `http://127.0.0.1:${port}`, port, requestCount: () => requestCount }
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function answer(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
}

/** A port of 127.0.0.1 on which nobody listens. */
export async function refusingPort(): Promise<number> {
  const server = createServer()
  const port = await listening(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Writes the text over and over until the other side has had enough. */
export function endless(head: string, text: string): Misbehaviour {
  return (socket) => {
    const chunk = Buffer.from(text.repeat(Math.ceil(65_536 / text.length)))
    const pump = (): void => {
      while (socket.writable && socket.write(chunk));
      if (socket.writable) socket.once('drain', pump)
    }
    socket.write(head)
    pump()
  }
}

/** A reply with a body of so many bytes. */
export function largeBody(sizeBytes: number): Misbehaviour {
  const chunk = Buffer.alloc(1_000_000, 'x')
  return (socket) => {
    let leftBytes = sizeBytes
    const pump = (): void => {
      while (leftBytes > 0) {
        const part = chunk.subarray(0, Math.min(leftBytes, chunk.length))
        leftBytes -= part.length
        if (!socket.write(part)) return void socket.once('drain', pump)
      }
    }
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${sizeBytes}\r\n\r\n`)
    pump()
  }
}

/** The living processes of a process group, by what they were started as. Reads /proc. */
export function aliveInGroup(group: number): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => isAliveInGroup(pid, group))
    .map((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '))
}

/** Behind the command's name in brackets: state, parent, group. */
function isAliveInGroup(pid: string, group: number): boolean {
  const [state, , processGroup] = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ')
  return Number(processGroup) === group && state !== 'Z'
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // The process is gone.
    return ''
  }
}
