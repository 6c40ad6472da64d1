#!/usr/bin/env node
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { processIo, type Io } from './commands/io.ts'
import { runCommandLine } from './commands/program.ts'

/** Runs one command line (without `node` and the script's path) and gives its exit code. */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return runCommandLine(argv, io)
}

const entry = process.argv[1]
if (entry !== undefined && realpathSync(entry) === fileURLToPath(import.meta.url)) {
  // The code is set, not forced, so that what is still in the pipes gets written.
  process.exitCode = await main(process.argv.slice(2), processIo())
}
