/**
 * The cheapest server that Node has: it reads how long the first request of a connection is, counts that many bytes
 * for each one after it, and answers with a constant. A process of its own; tells its port over the channel and ends
 * when the channel closes.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net'

const REPLY = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
const HEAD_END = '\r\n\r\n'

function serve(socket: Socket): void {
  let requestBytes: number | undefined
  let start = ''
  let pendingBytes = 0
  socket.setNoDelay(true)
  socket.on('data', (chunk) => {
    pendingBytes += chunk.length
    requestBytes ??= lengthOf((start += chunk.toString('latin1')))
    if (requestBytes === undefined) return
    for (; pendingBytes >= requestBytes; pendingBytes -= requestBytes) socket.write(REPLY)
  })
  socket.on('error', () => socket.destroy())
}

/** Bytes of head and body; `undefined` while the head is not whole. */
function lengthOf(start: string): number | undefined {
  const headEnd = start.indexOf(HEAD_END)
  if (headEnd < 0) return undefined
  const [, length = '0'] = /\r\ncontent-length: *(\d+)/i.exec(start.slice(0, headEnd)) ?? []
  return headEnd + HEAD_END.length + Number(length)
}

const server = createServer(serve)
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
// On Ctrl-C the terminal signals both; the parent decides when this one ends.
process.on('SIGINT', () => {})
process.on('disconnect', () => process.exit())
