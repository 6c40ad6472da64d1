/** HTTP's own authentication: basic (RFC 7617) and digest (RFC 7616, MD5 with qop=auth). */
import { createHash } from 'node:crypto'
import type { Reply } from './routes.ts'

const USER = 'ada'
const PASSWORD = 'secret'
const REALM = 'shop'
const NONCE = '5f1a9c'

export function basicReply(authorization: string | undefined): Reply {
  const expected = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`
  if (authorization === expected) return { status: 200, body: { user: USER } }
  return { status: 401, headers: { 'www-authenticate': `Basic realm="${REALM}"` } }
}

export function digestReply(authorization: string | undefined, method: string, path: string): Reply {
  if (authorization !== undefined && isRight(authorization, method, path)) {
    return { status: 200, body: { user: USER } }
  }
  const challenge = `Digest realm="${REALM}", nonce="${NONCE}", qop="auth", algorithm=MD5, opaque="0"`
  return { status: 401, headers: { 'www-authenticate': challenge } }
}

function isRight(authorization: string, method: string, path: string): boolean {
  const given = new Map(
    [...authorization.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)].map(([, key, quoted, bare]) => [
      key,
      quoted ?? bare,
    ]),
  )
  const first = md5(`${USER}:${REALM}:${PASSWORD}`)
  const second = md5(`${method}:${path}`)
  const middle = `${NONCE}:${given.get('nc')}:${given.get('cnonce')}:auth`
  return given.get('response') === md5(`${first}:${middle}:${second}`)
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
