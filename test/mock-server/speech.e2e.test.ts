import { request as httpRequest } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { type MockServer, startMockServer } from '../../mock-server/server.ts'
import { wav } from './audio-files.ts'
import { configOf } from './requests.ts'

const AUDIO_TYPE = 'audio/wav; codecs=audio/pcm; samplerate=16000'
const PATH = '/speech/recognition/conversation/cognitiveservices/v1?language=en-US'

let server: MockServer | undefined

afterEach(async () => {
  await server?.close()
})

interface Streamed {
  readonly wasAskedToGoOn: boolean
  readonly status: number
  readonly body: string
}

/** Sends the head, waits to be asked to go on, and then sends the audio in chunks. */
function stream(port: number, audio: Uint8Array, chunkBytes: number): Promise<Streamed> {
  return new Promise((resolve, reject) => {
    let wasAskedToGoOn = false
    const headers = {
      'Ocp-Apim-Subscription-Key': 'mock-key-1',
      'Content-Type': AUDIO_TYPE,
      'Transfer-Encoding': 'chunked',
      Expect: '100-continue',
    }
    const call = httpRequest({ host: '127.0.0.1', port, path: PATH, method: 'POST', headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (text: string) => (body += text))
      response.on('end', () => resolve({ wasAskedToGoOn, status: response.statusCode ?? 0, body }))
    })
    call.on('error', reject)
    call.on('continue', () => {
      wasAskedToGoOn = true
      for (let at = 0; at < audio.length; at += chunkBytes) call.write(audio.subarray(at, at + chunkBytes))
      call.end()
    })
    call.flushHeaders()
  })
}

test('a minute of audio in chunks, after the server has said to go on', async () => {
  server = await startMockServer({
    config: configOf('speech-s0,latency=0s'),
    seed: 1,
    host: '127.0.0.1',
    port: 0,
  })
  const { wasAskedToGoOn, status, body } = await stream(server.port, wav(60, 8_000), 65_536)
  expect([wasAskedToGoOn, status]).toEqual([true, 200])
  expect(JSON.parse(body)).toMatchObject({ RecognitionStatus: 'Success', Duration: '600000000' })
})

test('more than it takes is read to the end and refused', async () => {
  server = await startMockServer({ config: configOf('speech-s0'), seed: 1, host: '127.0.0.1', port: 0 })
  const { status } = await stream(server.port, wav(90, 8_000), 65_536)
  expect(status).toBe(413)
})
