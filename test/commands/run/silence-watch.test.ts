import { setTimeout as sleep } from 'node:timers/promises'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { SilenceWatch } from '../../../src/commands/run/silence-watch.ts'

const LIMIT_MS = 60

let silenceCount = 0
let watch: SilenceWatch

function begin(): SilenceWatch {
  silenceCount = 0
  watch = new SilenceWatch(LIMIT_MS, () => silenceCount++)
  return watch
}

function holdUp(ms: number): void {
  const endMs = performance.now() + ms
  while (performance.now() < endMs);
}

afterEach(() => watch.end())

describe('SilenceWatch', () => {
  it('tells of silence once', async () => {
    begin()
    await sleep(3 * LIMIT_MS)
    expect(silenceCount).toBe(1)
  })

  it('begins anew whenever something is heard', async () => {
    begin()
    const speaker = setInterval(() => watch.heard(), LIMIT_MS / 6)
    await sleep(3 * LIMIT_MS)
    clearInterval(speaker)
    expect(silenceCount).toBe(0)
    await sleep(2 * LIMIT_MS)
    expect(silenceCount).toBe(1)
  })

  it('hears what was said while this thread was held up', async () => {
    const { port1, port2 } = new MessageChannel()
    begin()
    port2.on('message', () => watch.heard())
    port1.postMessage('alive')
    holdUp(2 * LIMIT_MS)
    await sleep(LIMIT_MS / 3)
    expect(silenceCount).toBe(0)
    port1.close()
  })

  it('says nothing when it has ended, though its time was up', async () => {
    begin()
    setTimeout(() => watch.end(), LIMIT_MS + 1)
    holdUp(2 * LIMIT_MS)
    await sleep(2 * LIMIT_MS)
    expect(silenceCount).toBe(0)
  })
})
