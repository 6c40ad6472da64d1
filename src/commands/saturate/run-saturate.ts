import { EXIT, type ExitCode } from '../../core/errors.ts'
import type { Io } from '../io.ts'
import { checkReachable } from '../run/preflight.ts'
import { Secrets } from '../run/secrets.ts'
import { measureCeilingRps, startTrivialServer } from './ceiling.ts'
import { prepareSaturation, type PreparedSaturation } from './prepare.ts'
import type { ClosedCall, SaturateRequest } from './request.ts'
import { SaturationSession } from './session.ts'

/**
 * `headroom saturate`: sends one request as fast as the connections of each step allow, and leaves the same files as a
 * run.
 */
export async function runSaturate(request: SaturateRequest, io: Io): Promise<ExitCode> {
  const secrets = new Secrets(Object.values(request.env))
  try {
    const prepared = await prepareSaturation(request, io)
    const { call } = prepared
    if (call === undefined) return await saturateSelf(prepared, secrets, io)
    await checkReachable(call.url)
    const ceilingRps = request.self ? await ceilingOf(request, call, io) : undefined
    return await new SaturationSession({ prepared, call, secrets, ceilingRps }, io).run()
  } catch (error) {
    throw secrets.hideIn(error)
  }
}

/** The generator's own ceiling is all that was asked for: a server that does next to nothing is the target. */
async function saturateSelf(prepared: PreparedSaturation, secrets: Secrets, io: Io): Promise<ExitCode> {
  const server = await startTrivialServer()
  try {
    const { method = 'GET', headers, body } = prepared.request
    const call = { url: server.url, method, headers, body }
    return await new SaturationSession({ prepared, call, secrets, ceilingRps: undefined }, io).run()
  } finally {
    await server.close()
  }
}

/** With as many connections as the last step. */
async function ceilingOf(
  { connectionSteps, quiet }: SaturateRequest,
  call: ClosedCall,
  io: Io,
): Promise<number> {
  if (!quiet) io.stderr.write('measuring what this machine and generator can do (about 3 s)\n')
  const stopListening = io.onInterrupt(() => io.quit(EXIT.interrupted))
  try {
    return await measureCeilingRps(call, connectionSteps.at(-1) ?? 1)
  } finally {
    stopListening()
  }
}
