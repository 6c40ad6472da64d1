import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import type { MockCommand, MockEvent } from '../../mock-server/ipc.ts'
import { EXIT } from '../../src/core/errors.ts'
import { configOf } from './requests.ts'

/** Needs `npm run build`. */
const ENTRY = fileURLToPath(new URL('../../dist/mock-server/main.js', import.meta.url))

const children: ChildProcess[] = []

function launch(): ChildProcess {
  const child = fork(ENTRY)
  children.push(child)
  return child
}

const command = (spec: string, port = 0): MockCommand => ({
  type: 'start',
  config: configOf(spec),
  seed: 1,
  host: '127.0.0.1',
  port,
})

async function ask<Type extends MockEvent['type']>(
  child: ChildProcess,
  message: MockCommand,
  type: Type,
): Promise<Extract<MockEvent, { type: Type }>> {
  const reply = once(child, 'message')
  child.send(message)
  const [event] = (await reply) as [MockEvent]
  expect(event.type).toBe(type)
  return event as Extract<MockEvent, { type: Type }>
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

test('starts, serves, reports, outlives SIGINT, drains and exits', async () => {
  const child = launch()
  const { url } = await ask(child, command('custom,latency=500ms'), 'listening')
  const reply = fetch(`${url}/x`)
  await expect
    .poll(async () => (await ask(child, { type: 'state' }, 'state')).state.resources[0]?.inFlightCount)
    .toBe(1)
  child.kill('SIGINT')
  const exited = once(child, 'exit')
  const { state } = await ask(child, { type: 'drain' }, 'drained')
  expect(await (await reply).json()).toEqual({ method: 'GET', path: '/x' })
  expect(state.resources[0]?.operations['request']).toMatchObject({ requestCount: 1, admittedCount: 1 })
  expect(await exited).toEqual([0, null])
})

test('says why it could not start', async () => {
  const first = launch()
  const { port } = await ask(first, command('custom'), 'listening')
  const second = launch()
  const exited = once(second, 'exit')
  const { faults, exitCode } = await ask(second, command('custom', port), 'failed')
  expect(exitCode).toBe(EXIT.usage)
  expect(faults).toMatchObject([{ where: '--port', what: `port ${port} on 127.0.0.1 is already in use` }])
  expect(await exited).toEqual([EXIT.usage, null])
})

test('ends when its parent is gone', async () => {
  const child = launch()
  await ask(child, command('custom,latency=1h'), 'listening')
  const exited = once(child, 'exit')
  child.disconnect()
  expect(await exited).toEqual([0, null])
})
