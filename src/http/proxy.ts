import { BlockList, isIP } from 'node:net'
import { getProxyForUrl } from 'proxy-from-env'
import { bareHost, type Target } from './transport.ts'

/** A server that passes requests on. It is spoken to without TLS. */
export interface Proxy {
  readonly hostname: string
  readonly port: number
  /** `host:port`, for messages: without the user info. */
  readonly authority: string
  /** Value of Proxy-Authorization, from the user info. */
  readonly authorization: string | undefined
}

/** Gives the URL of the proxy for a server; `''` for one that is asked directly. */
export type ProxyLookup = (target: Target) => string

const DEFAULT_PORT = '80'

/** Where the environment may name a proxy. */
const VARIABLES = ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => [name, name.toUpperCase()])

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/**
 * The proxy that HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY name for a server. As in Go, and so in k6, this
 * machine itself is never asked through one, and one without a scheme speaks HTTP.
 */
export const proxyFromEnvironment: ProxyLookup = ({ protocol, hostname, authority }) => {
  if (isLoopback(bareHost(hostname))) return ''
  const url = getProxyForUrl(`${protocol}//${authority}`)
  // Where no scheme is given, the library takes that of the target.
  const hasScheme = VARIABLES.some((name) => process.env[name] === url)
  return hasScheme ? url : url.replace(/^https:/, 'http:')
}

function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true
  const family = isIP(host)
  return family !== 0 && LOOPBACK.check(host, family === 6 ? 'ipv6' : 'ipv4')
}

/** @returns `undefined` for what is no `http://` URL, the only kind of proxy that is supported. */
export function readProxy(text: string): Proxy | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.protocol !== 'http:') return undefined
  const { username, password, hostname } = url
  const port = url.port === '' ? DEFAULT_PORT : url.port
  return {
    hostname: bareHost(hostname),
    port: Number(port),
    authority: `${hostname}:${port}`,
    authorization: username === '' && password === '' ? undefined : basic(username, password),
  }
}

function basic(username: string, password: string): string {
  const credentials = `${percentDecoded(username)}:${percentDecoded(password)}`
  return `Basic ${Buffer.from(credentials).toString('base64')}`
}

/** What is not well encoded, such as a password with a bare `%`, is taken as it is. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
