import type { Call, Reply } from './services/service.ts'

/** What most services say when they fail is not published; the envelope is Azure's. @param call absent: the service has not read it. */
export function failureReply(status: number, call?: Call): Reply {
  if (call?.fail !== undefined) return call.fail(status)
  const error = { code: String(status), message: 'The service has failed, as it was told to.' }
  return { status, headers: [['Content-Type', 'application/json']], body: JSON.stringify({ error }) }
}
