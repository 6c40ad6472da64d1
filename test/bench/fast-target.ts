/**
 * A server that costs as little as Node allows, so that the client is what saturates: answers Rank with a new
 * eventId and Reward with 204, from constant buffers. Run as a process of its own; prints its port.
 */
import { createServer, type Socket } from 'node:net'

const RANK_BODY =
  '{"ranking":[{"id":"politics","probability":0.25},{"id":"sports","probability":0.25},{"id":"music","probability":0.25},' +
  '{"id":"science","probability":0.25}],"eventId":"00000000-0000-4000-8000-000000000000","rewardActionId":"politics"}'
const RANK = Buffer.from(
  `HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: ${RANK_BODY.length}\r\n\r\n${RANK_BODY}`,
)
const REWARD = Buffer.from('HTTP/1.1 204 No Content\r\n\r\n')

/** Position after the first whole request, 0 when there is none yet. */
function endOfRequest(text: string): number {
  const headEnd = text.indexOf('\r\n\r\n')
  if (headEnd < 0) return 0
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, headEnd))
  const end = headEnd + 4 + Number(length?.[1] ?? 0)
  return end <= text.length ? end : 0
}

function serve(socket: Socket): void {
  socket.setNoDelay(true)
  let pending = ''
  socket.on('data', (chunk) => {
    pending += chunk.toString('latin1')
    for (let end = endOfRequest(pending); end > 0; end = endOfRequest(pending)) {
      socket.write(pending.startsWith('POST /personalizer/v1.0/rank') ? RANK : REWARD)
      pending = pending.slice(end)
    }
  })
  socket.on('error', () => socket.destroy())
}

const server = createServer(serve)
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`)
})
process.on('disconnect', () => process.exit(0))

/** Never sleeps: waking a sleeping server costs the client's write more than the write itself, and a slower client more often. */
function spin(): void {
  setImmediate(spin)
}
spin()
