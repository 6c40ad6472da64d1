import { EXIT, UserError } from '../../src/core/errors.ts'

const FAULTS: Readonly<Record<string, { what: string; todo: string }>> = {
  EADDRINUSE: { what: 'is already in use', todo: 'choose another with --port, or --port 0 for any free one' },
  EACCES: { what: 'may not be opened by this user', todo: 'choose one above 1023 with --port' },
  EADDRNOTAVAIL: { what: 'cannot be opened: the host is no address of this machine', todo: 'use 127.0.0.1' },
  ENOTFOUND: { what: 'cannot be opened: the host is unknown', todo: 'use 127.0.0.1' },
}

/** What the user can mend as a UserError (usage), everything else as it is. */
export function listenError(error: unknown, host: string, port: number): unknown {
  const fault = FAULTS[(error as NodeJS.ErrnoException).code ?? '']
  if (fault === undefined) return error
  const what = `port ${port} on ${host} ${fault.what}`
  return new UserError(EXIT.usage, [{ where: '--port', what, todo: fault.todo }], { cause: error })
}
