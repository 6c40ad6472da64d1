import { createHash } from 'node:crypto'
import type { Credentials } from './target.ts'

/** What the challenge is answered for. */
interface DigestRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly credentials: Credentials
  /** A text that was not used before. */
  readonly clientNonce: string
}

type Challenge = Readonly<Record<string, string>>

/** The strongest first. */
const ALGORITHMS = [
  { name: 'SHA-256', hash: 'sha256' },
  { name: 'MD5', hash: 'md5' },
] as const

/** Every connection asks anew, so that each nonce is used once. */
const NONCE_COUNT = '00000001'

/**
 * The `Authorization` that answers the `WWW-Authenticate` headers of a reply (RFC 7616): MD5 and SHA-256, each also as
 * `-sess`, with `qop=auth` or, for old servers, without. `undefined` when there is no challenge that can be answered.
 */
export function answerDigest(headers: readonly string[], request: DigestRequest): string | undefined {
  const challenges = headers.flatMap(digestChallenges)
  for (const algorithm of ALGORITHMS) {
    const challenge = challenges.find((each) => isAnswerable(each, algorithm.name))
    if (challenge !== undefined) return authorization(challenge, algorithm.hash, request)
  }
  return undefined
}

function isAnswerable(challenge: Challenge, algorithm: string): boolean {
  const { nonce, qop } = challenge
  const asked = (challenge['algorithm'] ?? 'MD5').toUpperCase().replace(/-SESS$/, '')
  return asked === algorithm && nonce !== undefined && (qop === undefined || offersAuth(qop))
}

function offersAuth(qop: string): boolean {
  return qop.split(',').some((each) => each.trim() === 'auth')
}

function authorization(challenge: Challenge, hashName: string, request: DigestRequest): string {
  const { method, path, credentials, clientNonce } = request
  const { realm = '', nonce = '', qop, opaque, algorithm } = challenge
  const hash = (...parts: readonly string[]): string =>
    createHash(hashName).update(parts.join(':')).digest('hex')
  const user = hash(credentials.username, realm, credentials.password)
  const isSession = algorithm?.toLowerCase().endsWith('-sess') === true
  const secret = isSession ? hash(user, nonce, clientNonce) : user
  const subject = hash(method, path)
  const response =
    qop === undefined
      ? hash(secret, nonce, subject)
      : hash(secret, nonce, NONCE_COUNT, clientNonce, 'auth', subject)
  const fields = [
    `username=${quoted(credentials.username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(path)}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(qop === undefined && !isSession ? [] : [`cnonce=${quoted(clientNonce)}`]),
    ...(qop === undefined ? [] : ['qop=auth', `nc=${NONCE_COUNT}`]),
    `response="${response}"`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
  ]
  return `Digest ${fields.join(', ')}`
}

/** One header may hold several challenges, of several schemes. */
function digestChallenges(header: string): Challenge[] {
  const starts = [...header.matchAll(/(?:^|,)\s*(\w+)\s+(?=\w+\s*=)/g)]
  return starts.flatMap((start, index) => {
    if (start[1]?.toLowerCase() !== 'digest') return []
    return [parameters(header.slice(start.index + start[0].length, starts[index + 1]?.index))]
  })
}

function parameters(text: string): Challenge {
  const found = [...text.matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)]
  return Object.fromEntries(
    found.map(([, name = '', inQuotes, bare = '']) => [
      name.toLowerCase(),
      inQuotes === undefined ? bare : inQuotes.replaceAll(/\\(.)/g, '$1'),
    ]),
  )
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}
