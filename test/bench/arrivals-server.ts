/**
 * Notes when each request arrives and answers from a constant buffer. Run as a process of its own: told `begin`, it
 * forgets what it has noted; told `report`, it sends that to its parent.
 *
 * What keeps it from noting would be taken for a late client: it notes no time for what came while it stood still. Under what
 * translates TypeScript, collections kept it half a millisecond at a time, thirty times a second, so it has to be run as plain
 * JavaScript with `SERVER_FLAGS`, makes little garbage and keeps nothing on the heap.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { idle } from '../../src/engine/pause.ts'
import { ARRIVAL_PATH, type ServerCommand, type ServerEvent } from './arrivals-protocol.ts'
import { Standstills } from './standstills.ts'

const REPLY = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
const COUNTED = `GET ${ARRIVAL_PATH} `

/** Ten times what a run at the highest rate has. Each collection would copy numbers that are kept on the heap. */
const arrivalsMs = new Float64Array(1_000_000)
let arrivalCount = 0
let openCount = 0
const standstills = new Standstills()

function say(event: ServerEvent): void {
  process.send?.(event)
}

function serve(socket: Socket): void {
  socket.setNoDelay(true)
  openCount++
  keepAwake()
  socket.on('close', () => openCount--)
  let pending = ''
  socket.on('data', (chunk) => {
    const nowMs = performance.now()
    standstills.look(nowMs)
    const atMs = standstills.isBlind ? NaN : nowMs
    pending += chunk.toString('latin1')
    for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
      // Some clients look first whether anything answers.
      if (pending.startsWith(COUNTED)) arrivalsMs[arrivalCount++] = atMs
      pending = pending.slice(end + 4)
      socket.write(REPLY)
    }
  })
  socket.on('error', () => socket.destroy())
}

const server = createServer(serve)
server.listen(0, '127.0.0.1', () => say({ type: 'listening', port: (server.address() as AddressInfo).port }))

process.on('message', (command: ServerCommand) => {
  if (command === 'report') {
    say({ type: 'arrivals', arrivalsMs: arrivalsMs.slice(0, arrivalCount) })
  }
  arrivalCount = 0
})
process.on('disconnect', () => process.exit())

/** About 8 µs, so much later is a request noted at most. A turn of the loop leaves garbage. */
const IDLE_STEPS = 6_000
let idleState = 1

let isSpinning = false

function keepAwake(): void {
  if (isSpinning) return
  isSpinning = true
  setImmediate(spin)
}

/** Does not sleep while anybody is connected: how late it wakes up is no fault of the client. */
function spin(): void {
  standstills.look(performance.now())
  standstills.endTurn()
  idleState = idle(idleState, IDLE_STEPS)
  standstills.look(performance.now())
  isSpinning = openCount > 0
  if (isSpinning) setImmediate(spin)
}
