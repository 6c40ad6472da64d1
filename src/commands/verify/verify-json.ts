import type { ExitCode } from '../../core/errors.ts'
import { SCHEMA_VERSION } from '../../run-files/csv.ts'
import type { Verification } from './verification.ts'

/** Everything that came out, for programs; what is not applicable is absent. */
export function verifyJson({ engine, shown, cases }: Verification, exitCode: ExitCode): string {
  const written = { schemaVersion: SCHEMA_VERSION, engine, engineVersion: shown, exitCode, cases }
  return `${JSON.stringify(written, null, 2)}\n`
}
