/** How connections are made: k6's options of the same names, checked and with defaults. Plain data: it crosses to the worker as is. */

export type DnsSelect = 'first' | 'random' | 'roundRobin'
export type DnsPolicy = 'preferIPv4' | 'preferIPv6' | 'onlyIPv4' | 'onlyIPv6' | 'any'

export interface DnsPlan {
  /** For how long resolved addresses are used again; 0: never, `Infinity`: for the whole run. */
  readonly ttlUs: number
  /** Which of a name's addresses a new connection takes. */
  readonly select: DnsSelect
  /** Which of a name's addresses may be taken. */
  readonly policy: DnsPolicy
}

/** Versions as OpenSSL and Node name them. */
export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'

export interface ClientCertificate {
  /** Servers that get it, in lower case, with a wildcard at the front if need be; none: every server. */
  readonly domains: readonly string[]
  /** Under a name that keeps all of it out of files. */
  readonly credentials: {
    readonly cert: string
    readonly key: string
    readonly password: string | undefined
  }
}

export interface TlsPlan {
  /** Where several would do, the first is offered. */
  readonly certificates: readonly ClientCertificate[]
  /** `undefined`: what Node allows. */
  readonly versions: { readonly min: TlsVersion; readonly max: TlsVersion } | undefined
  /** OpenSSL's names, for TLS up to 1.2; none: Node's own choice. As in k6, those of TLS 1.3 are always allowed. */
  readonly ciphers: readonly string[]
}

export interface ConnectionPlan {
  /** From a host, `host:port` or `*` and the end of a host to an address or `address:port`; all in lower case. */
  readonly hosts: Readonly<Record<string, string>>
  readonly dns: DnsPlan
  readonly tls: TlsPlan
  /** A connection for every request. */
  readonly noConnectionReuse: boolean
  /** A VU's connections are closed when its iteration ends. */
  readonly noVUConnectionReuse: boolean
  /** Ranges in CIDR notation, or single addresses. */
  readonly blacklistIPs: readonly string[]
  /** Host names in lower case, with a `*` at the front if need be. */
  readonly blockHostnames: readonly string[]
}
