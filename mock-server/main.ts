/** The mock as a child process: takes its orders over the channel and ends when the channel closes. */
import { EXIT, UserError } from '../src/core/errors.ts'
import { CapWatch } from './cap-watch.ts'
import type { MockCommand, MockEvent } from './ipc.ts'
import { type MockServer, startMockServer } from './server.ts'

/** Limits move over minutes. */
const CAP_EVERY_MS = 1_000

let server: MockServer | undefined

/** @param onSent called when the parent has it, or can no longer get it. */
function tell(event: MockEvent, onSent: () => void = () => {}): void {
  process.send?.(event, undefined, undefined, onSent)
}

async function start(command: Extract<MockCommand, { type: 'start' }>): Promise<void> {
  try {
    server = await startMockServer(command)
    const { url, port, cap } = server
    tell({ type: 'listening', url, port, cap: cap() })
    followCap(new CapWatch(cap))
  } catch (error) {
    const failed = failure(error)
    tell(failed, () => process.exit(failed.exitCode))
  }
}

function followCap(watch: CapWatch): void {
  const tellNews = (): void => {
    const cap = watch.news()
    if (cap !== undefined) tell({ type: 'cap', cap })
  }
  setInterval(tellNews, CAP_EVERY_MS).unref()
}

async function drain(): Promise<void> {
  if (server === undefined) process.exit()
  await server.drain()
  tell({ type: 'drained', state: server.state() }, () => process.exit())
}

function failure(error: unknown): Extract<MockEvent, { type: 'failed' }> {
  if (error instanceof UserError) return { type: 'failed', faults: error.faults, exitCode: error.exitCode }
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { type: 'failed', faults: [{ where: 'mock', what }], exitCode: EXIT.internal }
}

function onCommand(command: MockCommand): void {
  switch (command.type) {
    case 'start':
      void start(command)
      break
    case 'state':
      if (server !== undefined) tell({ type: 'state', state: server.state() })
      break
    case 'drain':
      void drain()
      break
  }
}

// The parent decides when the mock ends: on Ctrl-C the terminal signals both, and replies under way have to finish.
process.on('SIGINT', () => {})
process.on('disconnect', () => process.exit())
process.on('message', onCommand)
