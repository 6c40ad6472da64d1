/**
 * Sends one request over and over on many connections, each the next as soon as it has its answer. Run as a process of
 * its own that is told what to send, round by round. It costs little and never sleeps: waking a client that does is charged
 * to the server's write, and to a slower server more often.
 */
import { connect } from 'node:net'

export interface RankRound {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly connectionCount: number
  readonly durationMs: number
}

export interface RankRoundEnd {
  readonly requestsPerS: number
  /** Answers other than 201. */
  readonly failureCount: number
}

/** The part of a round in which a server gets warm, not counted. */
const WARM_UP_MS = 300

process.on('message', (round: RankRound) => {
  void run(round).then((end) => process.send?.(end))
})
process.on('disconnect', () => process.exit())

async function run({ url, headers, body, connectionCount, durationMs }: RankRound): Promise<RankRoundEnd> {
  const { host, hostname, port, pathname } = new URL(url)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const request = Buffer.from(
    `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\n${lines.join('')}Content-Length: ${body.length}\r\n\r\n${body}`,
  )
  const counts = { answers: 0, failures: 0 }
  const clients = Array.from({ length: connectionCount }, () => {
    return startClient(hostname, Number(port), request, counts)
  })
  const spinning = spin()
  await sleep(WARM_UP_MS)
  const [fromMs, fromCount] = [performance.now(), counts.answers]
  await sleep(durationMs)
  const [toMs, toCount] = [performance.now(), counts.answers]
  spinning.stop()
  for (const stop of clients) stop()
  return { requestsPerS: ((toCount - fromCount) / (toMs - fromMs)) * 1_000, failureCount: counts.failures }
}

function startClient(
  host: string,
  port: number,
  request: Buffer,
  counts: { answers: number; failures: number },
): () => void {
  const socket = connect({ host, port, noDelay: true })
  let pending = ''
  socket.on('data', (chunk) => {
    pending += chunk.toString('latin1')
    const end = endOfAnswer(pending)
    if (end === 0) return
    counts.answers++
    if (!pending.startsWith('HTTP/1.1 201 ')) counts.failures++
    pending = pending.slice(end)
    socket.write(request)
  })
  socket.on('error', () => counts.failures++)
  socket.write(request)
  return () => socket.destroy()
}

/** Position after the first whole answer, 0 when there is none yet. */
function endOfAnswer(text: string): number {
  const headEnd = text.indexOf('\r\n\r\n')
  if (headEnd < 0) return 0
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, headEnd))
  const end = headEnd + 4 + Number(length?.[1] ?? 0)
  return end <= text.length ? end : 0
}

function spin(): { stop(): void } {
  let immediate = setImmediate(again)
  function again(): void {
    immediate = setImmediate(again)
  }
  return { stop: () => clearImmediate(immediate) }
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}
