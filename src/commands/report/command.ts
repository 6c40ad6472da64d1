import { mkdir } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { EXIT, UserError } from '../../core/errors.ts'
import type { Io } from '../io.ts'
import type { Finish } from '../program.ts'
import { renderTable } from '../table.ts'
import { REPORT_FORMATS, type ReportFormat } from './formats.ts'
import { writeReports } from './write-reports.ts'

const HELP = `
Formats:
${renderTable(REPORT_FORMATS.map(({ name, fileName, description }) => [`  ${name}`, fileName, description]))}
The files are made from the run's directory alone and replace those that the run has left there.

Examples:
  headroom report results/20261121T021700Z-rank-1a2b3c4
  headroom report results/20261121T021700Z-rank-1a2b3c4 --format html --out public/

stdout gets the paths of the files.
`

interface Flags {
  format: readonly ReportFormat[]
  out?: string
}

/** `headroom report RUN`. */
export function reportCommand(io: Io, finish: Finish): Command {
  return new Command('report')
    .description('make reports from the directory of a run')
    .argument('<run>', 'directory of a run')
    .addOption(
      new Option('-f, --format <names>', 'what to make, with commas between')
        .argParser(formatsOf)
        .default(formatsOf('html'), 'html'),
    )
    .option('-o, --out <dir>', 'where the files go (default: into the directory of the run)')
    .addHelpText('after', HELP)
    .action(async (run: string, { format, out }: Flags) => {
      const runPath = resolve(io.cwd, run)
      const folder = out === undefined ? runPath : await folderAt(resolve(io.cwd, out))
      const paths = await writeReports(runPath, format, folder)
      io.stdout.write(paths.map((path) => `${relative(io.cwd, path)}\n`).join(''))
      finish(EXIT.pass)
    })
}

function formatsOf(text: string): ReportFormat[] {
  const known = REPORT_FORMATS.map(({ name }) => name)
  const names = [...new Set(text.split(',').map((name) => name.trim()))]
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    throw new InvalidArgumentError(`there is no ${unknown.join(', ')}; there is ${known.join(', ')}.`)
  }
  return REPORT_FORMATS.filter(({ name }) => names.includes(name))
}

async function folderAt(path: string): Promise<string> {
  try {
    await mkdir(path, { recursive: true })
    return path
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    const todo = 'Choose another place with --out DIR.'
    throw new UserError(EXIT.usage, [{ where: '--out', what, todo }], { cause })
  }
}
