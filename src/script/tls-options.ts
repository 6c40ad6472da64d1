import { createSecureContext, getCiphers } from 'node:tls'
import * as z from 'zod'
import type { ClientCertificate, TlsVersion } from '../core/connection-plan.ts'
import { hostNames } from './host-options.ts'
import { list, oneOf, strict, text } from './option-schema.ts'
import { suggest } from './suggest.ts'

/** Cipher suites by the names of Go's crypto/tls, which are k6's, with those of OpenSSL. */
const CIPHER_SUITES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    TLS_RSA_WITH_RC4_128_SHA: 'RC4-SHA',
    TLS_RSA_WITH_3DES_EDE_CBC_SHA: 'DES-CBC3-SHA',
    TLS_RSA_WITH_AES_128_CBC_SHA: 'AES128-SHA',
    TLS_RSA_WITH_AES_128_CBC_SHA256: 'AES128-SHA256',
    TLS_RSA_WITH_AES_256_CBC_SHA: 'AES256-SHA',
    TLS_RSA_WITH_AES_128_GCM_SHA256: 'AES128-GCM-SHA256',
    TLS_RSA_WITH_AES_256_GCM_SHA384: 'AES256-GCM-SHA384',
    TLS_ECDHE_RSA_WITH_RC4_128_SHA: 'ECDHE-RSA-RC4-SHA',
    TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA: 'ECDHE-RSA-DES-CBC3-SHA',
    TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: 'ECDHE-RSA-AES128-SHA',
    TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256: 'ECDHE-RSA-AES128-SHA256',
    TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: 'ECDHE-RSA-AES256-SHA',
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 'ECDHE-RSA-AES128-GCM-SHA256',
    TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 'ECDHE-RSA-AES256-GCM-SHA384',
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305: 'ECDHE-RSA-CHACHA20-POLY1305',
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-RSA-CHACHA20-POLY1305',
    TLS_ECDHE_ECDSA_WITH_RC4_128_SHA: 'ECDHE-ECDSA-RC4-SHA',
    TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: 'ECDHE-ECDSA-AES128-SHA',
    TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256: 'ECDHE-ECDSA-AES128-SHA256',
    TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: 'ECDHE-ECDSA-AES256-SHA',
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 'ECDHE-ECDSA-AES128-GCM-SHA256',
    TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 'ECDHE-ECDSA-AES256-GCM-SHA384',
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305: 'ECDHE-ECDSA-CHACHA20-POLY1305',
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-ECDSA-CHACHA20-POLY1305',
    TLS_AES_128_GCM_SHA256: 'TLS_AES_128_GCM_SHA256',
    TLS_AES_256_GCM_SHA384: 'TLS_AES_256_GCM_SHA384',
    TLS_CHACHA20_POLY1305_SHA256: 'TLS_CHACHA20_POLY1305_SHA256',
  }),
)

/** Names of suites, as OpenSSL's. */
export function cipherSuites(): z.ZodType<readonly string[]> {
  return list(text().transform(readCipherSuite))
}

function readCipherSuite(name: string, context: z.RefinementCtx): string {
  const cipher = CIPHER_SUITES.get(name)
  if (cipher !== undefined && getCiphers().includes(cipher.toLowerCase())) return cipher
  const isKnown = cipher !== undefined
  const what = isKnown
    ? 'is not in the OpenSSL of this Node: leave it out'
    : 'is no cipher suite that k6 knows'
  const advice = isKnown ? undefined : suggest(name, [...CIPHER_SUITES.keys()])
  context.addIssue({ code: 'custom', message: advice === undefined ? what : `${what}; ${advice}` })
  return z.NEVER
}

/** From the oldest. `undefined`: no longer in OpenSSL. */
const VERSIONS: Readonly<Record<string, TlsVersion | undefined>> = {
  'ssl3.0': undefined,
  'tls1.0': 'TLSv1',
  'tls1.1': 'TLSv1.1',
  'tls1.2': 'TLSv1.2',
  'tls1.3': 'TLSv1.3',
}
const NAMES = ['ssl3.0', 'tls1.0', 'tls1.1', 'tls1.2', 'tls1.3'] as const
type VersionName = (typeof NAMES)[number]

const OLDEST: TlsVersion = 'TLSv1'
/** Go's default, where only the newest is said. */
const DEFAULT_MIN: VersionName = 'tls1.2'

/** The only version allowed, or the oldest and the newest. */
export function tlsVersions(): z.ZodType<{ readonly min: TlsVersion; readonly max: TlsVersion }> {
  const name = oneOf(NAMES)
  const range = strict({ min: name.optional(), max: name.optional() })
  const given = z.preprocess((raw) => (typeof raw === 'string' ? { min: raw, max: raw } : raw), range)
  return given.transform(({ min, max = 'tls1.3' }, context) => {
    const newest = VERSIONS[max]
    const least = min ?? (NAMES.indexOf(max) < NAMES.indexOf(DEFAULT_MIN) ? max : DEFAULT_MIN)
    if (newest === undefined) return refuse(context, 'ssl3.0 is no longer in OpenSSL: allow tls1.0 or later')
    if (NAMES.indexOf(least) > NAMES.indexOf(max))
      return refuse(context, `allows nothing: ${least} is above ${max}`)
    return { min: VERSIONS[least] ?? OLDEST, max: newest }
  })
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message })
  return z.NEVER
}

/** Certificates of the client's own. What is wrong with one is told without a word of it. */
export function clientCertificates(): z.ZodType<readonly ClientCertificate[]> {
  const certificate = strict({
    domains: hostNames().default([]),
    cert: text(),
    key: text(),
    password: text().optional(),
  })
  return list(
    certificate.transform(({ domains, cert, key, password }, context) => {
      const fault = identityFault(cert, key, password)
      if (fault !== undefined) return refuse(context, fault)
      return { domains, credentials: { cert, key, password } }
    }),
  )
}

function identityFault(cert: string, key: string, passphrase: string | undefined): string | undefined {
  try {
    createSecureContext({ cert, key, ...(passphrase !== undefined && { passphrase }) })
    return undefined
  } catch (error) {
    const { reason, code } = error as { readonly reason?: string; readonly code?: string }
    return `cert, key and password do not go together (${reason ?? code ?? 'OpenSSL cannot read them'}): give both as PEM`
  }
}
