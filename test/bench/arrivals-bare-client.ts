/**
 * The machine's own floor: a loop that writes a constant request when it is due, and does nothing else. Sleeps until
 * shortly before, spins over the last stretch. Run as `arrivals-bare-client.ts URL RATE SECONDS`.
 */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { idle } from '../../src/engine/pause.ts'

const CONNECTIONS = 10
/** Timers of Node are up to two milliseconds off. */
const SPIN_MS = 2
/** About 0.4 µs. Looking at the clock without a pause makes garbage, whose collection would be taken for the floor. */
const IDLE_STEPS = 300
let idleState = 1

const [, , url = '', rate = '', seconds = ''] = process.argv
const { hostname, port, host, pathname } = new URL(url)
const request = Buffer.from(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, open))
const intervalMs = 1_000 / Number(rate)
const count = Number(rate) * Number(seconds)
const startMs = performance.now()
for (let index = 0; index < count; index++) {
  const dueMs = startMs + index * intervalMs
  const restMs = dueMs - performance.now()
  if (restMs > SPIN_MS) await sleep(restMs - SPIN_MS)
  // Replies must be read, or the connections fill up.
  else await new Promise(setImmediate)
  while (performance.now() < dueMs) idleState = idle(idleState, IDLE_STEPS)
  sockets[index % CONNECTIONS]?.write(request)
}
await sleep(100)
for (const socket of sockets) socket.destroy()

async function open() {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true }).resume()
  await new Promise((resolve) => socket.once('connect', resolve))
  return socket
}
