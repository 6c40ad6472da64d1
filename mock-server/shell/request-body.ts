import type { IncomingMessage } from 'node:http'
import { MAX_AUDIO_BYTES } from '../exchange.ts'

const NO_BODY = new Uint8Array(0)

/**
 * Collects a request body and hands it over when it is complete; what an aborted request leaves is dropped.
 * Beyond `MAX_AUDIO_BYTES` the rest is read and thrown away, and the app answers for what it sees.
 */
export function readBody(request: IncomingMessage, onBody: (body: Uint8Array) => void): void {
  const chunks: Buffer[] = []
  let keptBytes = 0
  request.on('data', (chunk: Buffer) => {
    if (keptBytes > MAX_AUDIO_BYTES) return
    chunks.push(chunk)
    keptBytes += chunk.length
  })
  request.on('end', () => {
    const [only = NO_BODY] = chunks
    onBody(chunks.length > 1 ? Buffer.concat(chunks) : only)
  })
}
