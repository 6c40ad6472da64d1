import { isIP } from 'node:net'
import {
  type ConnectionOptions,
  createSecureContext,
  type SecureContext,
  type SecureContextOptions,
} from 'node:tls'
import type { ClientCertificate, TlsPlan } from '../core/connection-plan.ts'
import { NameTable } from './name-table.ts'

/** In k6 the suites of TLS 1.3 cannot be chosen: all of them are always allowed. */
const TLS_1_3_CIPHERS = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256']

/** Older versions than TLS 1.2 sign with SHA-1, which OpenSSL allows at its lowest security level only. */
const ANY_SECURITY = '@SECLEVEL=0'

/** How TLS is spoken with each server. Contexts (trusted certificates, the client's own) are shared and made once. */
export class SecureContexts {
  readonly #plan: TlsPlan
  readonly #verifiesCertificates: boolean
  readonly #byDomain: NameTable<ClientCertificate>
  readonly #forAll: ClientCertificate | undefined
  readonly #contexts = new Map<ClientCertificate | undefined, SecureContext>()

  constructor(plan: TlsPlan, verifiesCertificates: boolean) {
    this.#plan = plan
    this.#verifiesCertificates = verifiesCertificates
    // A later entry replaces an earlier one of the same domain, and the first is to win.
    const certificates = plan.certificates.toReversed()
    this.#byDomain = new NameTable(
      certificates.flatMap((certificate) =>
        certificate.domains.map((domain) => [domain, certificate] as const),
      ),
    )
    this.#forAll = plan.certificates.find(({ domains }) => domains.length === 0)
  }

  /**
   * @param host name or address, without brackets.
   * @param session of an earlier connection, so that the handshake can be a short one.
   */
  optionsFor(host: string, session: Buffer | undefined): ConnectionOptions {
    const options: ConnectionOptions = {
      secureContext: this.#contextOf(this.#byDomain.find(host)?.value ?? this.#forAll),
      rejectUnauthorized: this.#verifiesCertificates,
      ALPNProtocols: ['http/1.1'],
    }
    if (session !== undefined) options.session = session
    // An address is no server name (RFC 6066 section 3).
    if (isIP(host) === 0) options.servername = host
    return options
  }

  #contextOf(certificate: ClientCertificate | undefined): SecureContext {
    let context = this.#contexts.get(certificate)
    if (context === undefined) {
      context = createSecureContext({ ...protocolOptions(this.#plan), ...identityOptions(certificate) })
      this.#contexts.set(certificate, context)
    }
    return context
  }
}

function protocolOptions({ versions, ciphers }: TlsPlan): SecureContextOptions {
  const isOld = versions?.min === 'TLSv1' || versions?.min === 'TLSv1.1'
  const names = ciphers.length === 0 ? ['DEFAULT'] : [...TLS_1_3_CIPHERS, ...ciphers]
  const needsCiphers = ciphers.length > 0 || isOld
  return {
    ...(versions !== undefined && { minVersion: versions.min, maxVersion: versions.max }),
    ...(needsCiphers && { ciphers: `${names.join(':')}${isOld ? ANY_SECURITY : ''}` }),
  }
}

function identityOptions(certificate: ClientCertificate | undefined): SecureContextOptions {
  if (certificate === undefined) return {}
  const { cert, key, password } = certificate.credentials
  return { cert, key, ...(password !== undefined && { passphrase: password }) }
}
