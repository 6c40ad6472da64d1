/** Node's errors in the words of the wire: what kind of failure, in one sentence that says what to do where something can be done. */
import type { Target, WireErrorKind } from './transport.ts'

export interface Failure {
  readonly kind: WireErrorKind
  /** A sentence without a full stop; names the authority, never the path or a header. */
  readonly message: string
  readonly code: string
}

/** How far a request had come on its connection. */
export type Phase = 'connecting' | 'securing' | 'waiting' | 'receiving'

const CLOSED: Readonly<Record<Phase, string>> = {
  connecting: 'while it was being opened',
  securing: 'during the TLS handshake',
  waiting: 'before it replied',
  receiving: 'in the middle of its reply',
}

const LATE: Readonly<Record<Phase, string>> = {
  connecting: 'accept the connection',
  securing: 'finish the TLS handshake',
  waiting: 'reply',
  receiving: 'finish its reply',
}

interface NodeError extends Error {
  readonly code?: string
  /** OpenSSL's own words. */
  readonly reason?: string
}

type Explain = (target: Target) => readonly [kind: WireErrorKind, message: string]

const DNS: Explain = ({ hostname }) => ['dns', `the name ${hostname} could not be resolved`]
const UNREACHABLE: Explain = ({ authority }) => ['unreachable', `there is no route to ${authority}`]

const EXPLANATIONS: Readonly<Record<string, Explain>> = {
  ECONNREFUSED: ({ authority }) => ['refused', `${authority} refused the connection`],
  ETIMEDOUT: ({ authority }) => [
    'timeout',
    `${authority} did not answer in the time the operating system allows`,
  ],
  ENOTFOUND: DNS,
  EAI_AGAIN: DNS,
  EAI_FAIL: DNS,
  EAI_NODATA: DNS,
  EAI_NONAME: DNS,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  EHOSTDOWN: UNREACHABLE,
  ENETDOWN: UNREACHABLE,
  EADDRNOTAVAIL: ({ authority }) => [
    'other',
    `no local port is free for another connection to ${authority}; keep connections open or widen the port range`,
  ],
  EMFILE: ({ authority }) => [
    'other',
    `the limit of open files leaves none for another connection to ${authority}; raise it with ulimit -n`,
  ],
}

/** True when the other side, or something on the way, cut the connection. */
export function isReset(error: NodeError): boolean {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE'
}

/**
 * Explains an error of a socket that was no reset.
 *
 * @param isCertificate the handshake failed because the certificate was not accepted.
 */
export function explain(error: NodeError, target: Target, phase: Phase, isCertificate: boolean): Failure {
  const code = error.code ?? ''
  if (isCertificate) return { kind: 'tls', code, message: certificateMessage(error, target) }
  const explanation = EXPLANATIONS[code]
  if (explanation !== undefined) {
    const [kind, message] = explanation(target)
    return { kind, code, message }
  }
  const reason = error.reason ?? (code === '' ? error.message : code)
  if (phase === 'securing')
    return { kind: 'tls', code, message: `the TLS handshake with ${target.authority} failed: ${reason}` }
  return { kind: 'other', code, message: `the connection to ${target.authority} failed: ${reason}` }
}

function certificateMessage(error: NodeError, target: Target): string {
  const accept = 'to accept it all the same set insecureSkipTLSVerify: true in options'
  return `the certificate of ${target.authority} is not trusted (${error.code ?? error.message}); ${accept}`
}

/** The connection ended although the reply was still to come. */
export function closedEarly(target: Target, phase: Phase): Failure {
  return {
    kind: 'reset',
    code: 'ECONNRESET',
    message: `${target.authority} closed the connection ${CLOSED[phase]}`,
  }
}

/** An idle connection turned out to be closed, and the request must not be sent twice. */
export function closedIdle(target: Target, method: string): Failure {
  const doubt = `whether it processed the ${method} request is not known, so it was not sent again`
  return {
    kind: 'reset',
    code: 'ECONNRESET',
    message: `${target.authority} closed an idle connection; ${doubt}`,
  }
}

export function malformed(target: Target, fault: string): Failure {
  return { kind: 'protocol', code: 'BAD_RESPONSE', message: `the reply of ${target.authority} ${fault}` }
}

/** The deadline passed. */
export function timedOut(target: Target, phase: Phase): Failure {
  return {
    kind: 'timeout',
    code: 'REQUEST_TIMEOUT',
    message: `${target.authority} did not ${LATE[phase]} in time`,
  }
}

/** @param why completes the sentence: `because …`. */
export function aborted(target: Target, why: string): Failure {
  return {
    kind: 'aborted',
    code: 'ABORTED',
    message: `the request to ${target.authority} was aborted ${why}`,
  }
}
