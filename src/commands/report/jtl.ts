import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { EXIT, UserError } from '../../core/errors.ts'
import { ALL_NAMES } from '../../measure/names.ts'
import { csvRows } from '../../run-files/csv-reader.ts'
import { jtl } from '../../run-files/formats/jtl.ts'
import type { RunReader } from '../../run-files/run-reader.ts'

/** results.jtl of a run that kept its requests. @throws UserError (usage) for any other. */
export async function jtlReport(run: RunReader): Promise<AsyncIterable<string>> {
  const path = join(run.path, 'requests.csv.gz')
  await assertKept(path)
  const seconds = await run.seconds(ALL_NAMES)
  const inflight = new Map(seconds.map(({ second, inflightMaxCount }) => [second, inflightMaxCount]))
  return jtl(csvRows(path), inflight)
}

async function assertKept(path: string): Promise<void> {
  try {
    await access(path)
  } catch (cause) {
    const what = 'is not there, and a JTL file has a line for every request'
    const todo = 'Run again with headroom run --raw, which keeps them.'
    throw new UserError(EXIT.usage, [{ where: path, what, todo }], { cause })
  }
}
