import { createApp, type MockApp } from '../../../mock-server/app.ts'
import { VirtualClock } from '../../engine/virtual-clock.ts'
import { VirtualTransport } from './virtual-transport.ts'
import type { WorkerJob } from './worker-messages.ts'

/** What an engine in virtual time has instead of sockets. */
export interface VirtualWorld {
  readonly clock: VirtualClock
  readonly transport: VirtualTransport
  readonly mock: MockApp
}

export function createVirtualWorld(
  { mock: config, authority }: Extract<WorkerJob['world'], { kind: 'virtual' }>,
  seed: number,
): VirtualWorld {
  const clock = new VirtualClock()
  const mock = createApp(config, seed)
  return { clock, mock, transport: new VirtualTransport(mock, clock, authority) }
}
