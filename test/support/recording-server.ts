/** An HTTP server on a free port of 127.0.0.1 that writes down every request it gets. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'

/** One part of a multipart/form-data body. */
export interface RecordedPart {
  readonly name: string
  /** Of a file; a plain field has neither. */
  readonly fileName?: string
  readonly contentType?: string
  readonly text: string
}

export interface RecordedRequest {
  readonly method: string
  /** With its query, as it stood in the request line. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders
  /** Without its content encoding. */
  readonly body: string
  /** Of a multipart body. */
  readonly parts?: readonly RecordedPart[]
}

/** Answers a request once its whole body is there. */
export type Answer = (request: RecordedRequest, response: ServerResponse) => void

export interface RecordingServer {
  readonly url: string
  /** In the order in which they were complete. */
  readonly requests: readonly RecordedRequest[]
  close(): Promise<void>
}

const DECODERS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}

/** @param isRecorded which requests count; all of them are answered. */
export async function startRecordingServer(
  answer: Answer,
  isRecorded: (request: RecordedRequest) => boolean = () => true,
): Promise<RecordingServer> {
  const requests: RecordedRequest[] = []
  const server = createServer((incoming, response) => {
    readRequest(incoming)
      .then((request) => {
        if (isRecorded(request)) requests.push(request)
        return answer(request, response)
      })
      .catch((error: unknown) => response.writeHead(400).end(String(error)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function readRequest(incoming: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const { method = '', url = '', headers } = incoming
  const body = withoutEncoding(Buffer.concat(chunks), headers['content-encoding'] ?? '')
  const parts = await partsOf(body, headers['content-type'] ?? '')
  return { method, path: url, headers, body: body.toString(), ...(parts !== undefined && { parts }) }
}

/** The last encoding was put on last, so it comes off first. */
function withoutEncoding(body: Buffer, encodings: string): Buffer {
  const names = encodings.split(',').map((name) => name.trim())
  return names
    .filter((name) => name !== '')
    .reduceRight((bytes, name) => {
      const decode = DECODERS[name]
      if (decode === undefined) throw new Error(`content encoding ${name} is not known`)
      return decode(bytes)
    }, body)
}

async function partsOf(body: Buffer, contentType: string): Promise<RecordedPart[] | undefined> {
  if (!contentType.startsWith('multipart/form-data')) return undefined
  const headers = { 'content-type': contentType }
  const form = await new Response(new Uint8Array(body), { headers }).formData()
  return Promise.all([...form].map(([name, value]) => partOf(name, value)))
}

async function partOf(name: string, value: File | string): Promise<RecordedPart> {
  if (typeof value === 'string') return { name, text: value }
  return { name, fileName: value.name, contentType: value.type, text: await value.text() }
}
