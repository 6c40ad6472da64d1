import { csvFile, number, SCHEMA_VERSION, text, type Column } from '../../run-files/csv.ts'
import type { ClaimRow } from './claim.ts'
import type { Verification } from './verification.ts'

interface Row {
  readonly engine: string
  readonly caseName: string
  readonly row: ClaimRow
}

const COLUMNS: readonly Column<Row>[] = [
  text('schema_version', () => String(SCHEMA_VERSION)),
  text('engine', ({ engine }) => engine),
  text('case', ({ caseName }) => caseName),
  text('claim', ({ row }) => row.claim),
  number('truth', ({ row }) => row.truth),
  number('measured', ({ row }) => row.measured),
  number('error', ({ row }) => row.error),
  number('allowed', ({ row }) => row.allowed),
  text('unit', ({ row }) => row.unit),
  text('result', ({ row }) => row.result),
  text('reason', ({ row }) => row.doubt),
]

/** One row per claim; the four figures have the unit that the row names. */
export function verifyCsv({ engine, cases }: Verification): string {
  const rows = cases.flatMap(({ name, rows: claims }) =>
    claims.map((row): Row => ({ engine, caseName: name, row })),
  )
  return csvFile(COLUMNS, rows)
}
