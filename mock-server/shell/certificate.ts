import { EXIT, UserError } from '../../src/core/errors.ts'
import { createSecureContext } from 'node:tls'

/** A private key and the certificate that goes with it, both PEM. */
export interface Certificate {
  readonly key: string
  readonly cert: string
}

const VALID_MS = 7 * 86_400_000

/** A certificate for `localhost` and the addresses of this machine, signed by itself and good for a week. */
export async function createSelfSigned(): Promise<Certificate> {
  // Loaded only when asked for: it takes longer than the rest of the mock.
  const { generate } = await import('selfsigned')
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + VALID_MS),
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  })
  return { key, cert }
}

/** @throws UserError (usage) when they are no PEM or do not belong together. */
export function checkCertificate({ key, cert }: Certificate): void {
  try {
    createSecureContext({ key, cert })
  } catch (error) {
    const what = `the key and certificate cannot be used: ${(error as Error).message}`
    const todo = 'give a private key and its certificate, both PEM and without a passphrase'
    throw new UserError(EXIT.usage, [{ where: 'tls', what, todo }], { cause: error })
  }
}
