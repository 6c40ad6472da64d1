import { connect } from 'node:net'
import { EXIT, UserError } from '../../core/errors.ts'

const CONNECT_TIMEOUT_MS = 5_000

/** Makes sure that something listens at the target before anything is planned on it. @throws UserError (5) when nothing does. */
export async function checkReachable(target: URL): Promise<void> {
  const port = target.port === '' ? (target.protocol === 'https:' ? 443 : 80) : Number(target.port)
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

function tryConnect(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS })
    const end = (failure: string | undefined): void => {
      socket.destroy()
      resolve(failure)
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
