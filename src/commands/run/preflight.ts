import { connect } from 'node:net'
import type { ConnectionPlan } from '../../core/connection-plan.ts'
import { EXIT, UserError } from '../../core/errors.ts'
import { NameTable } from '../../http/name-table.ts'
import { proxyFromEnvironment } from '../../http/proxy.ts'

const CONNECT_TIMEOUT_MS = 5_000

/**
 * Whether connections go to the very host of the URL. Where the option `hosts` or a proxy sends them elsewhere, the host
 * may be one that this machine cannot reach by itself.
 */
export function isDirect(url: URL, hosts: ConnectionPlan['hosts']): boolean {
  const table = new NameTable(Object.entries(hosts))
  const { hostname, host: authority } = url
  const protocol = url.protocol === 'https:' ? 'https:' : 'http:'
  const target = { protocol, hostname, port: portOf(url), authority } as const
  const isMapped = [hostname, `${hostname}:${target.port}`].some((name) => table.find(name) !== undefined)
  return !isMapped && proxyFromEnvironment(target) === ''
}

/** Makes sure that something listens at the target before anything is planned on it. @throws UserError (5) when nothing does. */
export async function checkReachable(target: URL): Promise<void> {
  const port = portOf(target)
  const host = target.hostname.replace(/^\[|\]$/g, '')
  const failure = await tryConnect(host, port)
  if (failure === undefined) return
  throw new UserError(EXIT.unreachable, [
    {
      where: '',
      what: `nothing answers at ${target.protocol}//${target.host}: ${failure}`,
      todo: 'check the URL, and that the service is running and can be reached from this machine',
    },
  ])
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port)
  return protocol === 'https:' ? 443 : 80
}

function tryConnect(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS })
    const end = (failure: string | undefined): void => {
      socket.once('close', () => resolve(failure))
      socket.destroy()
    }
    socket.once('connect', () => end(undefined))
    socket.once('timeout', () => end(`no connection within ${CONNECT_TIMEOUT_MS / 1_000} s`))
    socket.once('error', (error: NodeJS.ErrnoException) => end(reasonOf(error, host)))
  })
}

function reasonOf(error: NodeJS.ErrnoException, host: string): string {
  if (error.code === 'ECONNREFUSED') return 'connection refused'
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') return `the name ${host} is not known`
  return error.code ?? error.message
}
