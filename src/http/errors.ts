/** Node's errors in the words of the wire: what kind of failure, in one sentence that says what to do where something can be done. */
import type { Target, WireErrorKind } from './transport.ts'

/** The server that is spoken to: the target, or a proxy on the way to it. */
export type Peer = Pick<Target, 'hostname' | 'authority'>

export interface Failure {
  readonly kind: WireErrorKind
  /** A sentence without a full stop; names the authority, never the path or a header. */
  readonly message: string
  readonly code: string
}

/** How far a request had come on its connection. */
export type Phase =
  | 'resolving'
  | 'connecting'
  | 'tunnelling'
  | 'securing'
  | 'sending'
  | 'waiting'
  | 'receiving'

const CLOSED: Readonly<Record<Phase, string>> = {
  resolving: 'while it was being opened',
  connecting: 'while it was being opened',
  tunnelling: 'before it opened a tunnel',
  securing: 'during the TLS handshake',
  sending: 'before it replied',
  waiting: 'before it replied',
  receiving: 'in the middle of its reply',
}

const LATE: Readonly<Record<Exclude<Phase, 'resolving'>, string>> = {
  connecting: 'accept the connection',
  tunnelling: 'open a tunnel',
  securing: 'finish the TLS handshake',
  sending: 'take the whole request',
  waiting: 'reply',
  receiving: 'finish its reply',
}

interface NodeError extends Error {
  readonly code?: string
  /** OpenSSL's own words. */
  readonly reason?: string
}

type Explain = (peer: Peer) => readonly [kind: WireErrorKind, message: string]

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

/** Of errors that say that this machine has run out of something that connections need. */
const SHORTAGES: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'])

/** True when the target has nothing to do with the failure. */
export function isShortage(code: string): boolean {
  return SHORTAGES.has(code)
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
export function explain(error: NodeError, peer: Peer, phase: Phase, isCertificate: boolean): Failure {
  const code = error.code ?? ''
  if (isCertificate) return { kind: 'tls', code, message: certificateMessage(error, peer) }
  const explanation = EXPLANATIONS[code]
  if (explanation !== undefined) {
    const [kind, message] = explanation(peer)
    return { kind, code, message }
  }
  const reason = error.reason ?? (code === '' ? error.message : code)
  if (phase === 'securing')
    return { kind: 'tls', code, message: `the TLS handshake with ${peer.authority} failed: ${reason}` }
  // With TLS 1.3 the server refuses the client's certificate only after the handshake.
  const kind = code.startsWith('ERR_SSL_') ? 'tls' : 'other'
  return { kind, code, message: `the connection to ${peer.authority} failed: ${reason}` }
}

function certificateMessage(error: NodeError, peer: Peer): string {
  const accept = 'to accept it all the same set insecureSkipTLSVerify: true in options'
  return `the certificate of ${peer.authority} is not trusted (${error.code ?? error.message}); ${accept}`
}

/** The connection ended although the reply was still to come. */
export function closedEarly(peer: Peer, phase: Phase): Failure {
  return {
    kind: 'reset',
    code: 'ECONNRESET',
    message: `${peer.authority} closed the connection ${CLOSED[phase]}`,
  }
}

/** An idle connection turned out to be closed, and the request must not be sent twice. */
export function closedIdle(peer: Peer, method: string): Failure {
  const doubt = `whether it processed the ${method} request is not known, so it was not sent again`
  return {
    kind: 'reset',
    code: 'ECONNRESET',
    message: `${peer.authority} closed an idle connection; ${doubt}`,
  }
}

export function malformed(peer: Peer, fault: string): Failure {
  return { kind: 'protocol', code: 'BAD_RESPONSE', message: `the reply of ${peer.authority} ${fault}` }
}

/** The deadline passed. */
export function timedOut(peer: Peer, phase: Phase): Failure {
  const message =
    phase === 'resolving'
      ? `the name ${peer.hostname} was not resolved in time`
      : `${peer.authority} did not ${LATE[phase]} in time`
  return { kind: 'timeout', code: 'REQUEST_TIMEOUT', message }
}

/** @param why completes the sentence: `because …`. */
export function aborted(peer: Peer, why: string): Failure {
  return {
    kind: 'aborted',
    code: 'ABORTED',
    message: `the request to ${peer.authority} was aborted ${why}`,
  }
}

/** The option `blockHostnames` forbids the name. The message begins as k6's does. */
export function blockedName(hostname: string, pattern: string): Failure {
  const why = `${hostname} matches ${pattern} of options.blockHostnames`
  return { kind: 'blocked_hostname', code: 'BLOCKED_HOSTNAME', message: `hostname is blocked: ${why}` }
}

/** The option `blacklistIPs` forbids the address. The message begins as k6's does. */
export function blacklisted(address: string, range: string): Failure {
  const why = `${address} is in ${range} of options.blacklistIPs`
  return { kind: 'blocked_address', code: 'BLACKLISTED_IP', message: `ip is blacklisted: ${why}` }
}

/** The proxy did not open a tunnel. @param fault what it did instead: `answered with status 407`. */
export function noTunnel(proxy: Peer, target: Peer, fault: string): Failure {
  const message = `${proxy.authority} opened no tunnel to ${target.authority}: it ${fault}`
  return { kind: 'other', code: 'NO_TUNNEL', message }
}

/** The environment names a proxy of another kind. Its URL may hold a password, so it is not repeated. */
export function unusableProxy(target: Peer): Failure {
  const todo = 'set HTTP_PROXY and HTTPS_PROXY to an http:// URL, or name the host in NO_PROXY'
  const message = `the proxy for ${target.authority} cannot be used; ${todo}`
  return { kind: 'other', code: 'UNUSABLE_PROXY', message }
}
