import { appendFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { EXIT, UserError, type Fault } from '../../core/errors.ts'
import type { Io } from '../io.ts'

/**
 * GitHub refuses a step's summary above 1 MiB as a whole, and nobody reads that much.
 *
 * Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions, "Step isolation and limits".
 */
const MAX_SUMMARY_BYTES = 60_000
const CUT_REMARK = '\n\n*Cut here: the rest is in the files of the comparison.*\n'
/** For the remark, and the ends of folded parts before it. */
const RESERVED_BYTES = 1_000

/** What a comparison has to say to GitHub Actions. */
export interface GithubReport {
  /** For the page of the workflow run. */
  readonly markdown: string
  /** Workflow commands, one a line; see `nightsAnnotations` and `comparisonAnnotations`. */
  readonly annotations: readonly string[]
  /** The output `candidate` of the step: whether there is a regression that a run on another machine is to confirm. */
  readonly isCandidate: boolean
}

/** A step of a job on GitHub Actions. */
export interface GithubStep {
  /**
   * Appends to the step's summary and outputs, and writes the annotations to stdout.
   *
   * @throws UserError (usage) when one of the step's files cannot be written
   */
  tell(report: GithubReport): Promise<void>
}

/**
 * The step that this process is part of. Ask for it before anything is read, so that a missing variable is told at once.
 *
 * @throws UserError (usage) when GITHUB_STEP_SUMMARY or GITHUB_OUTPUT is not set
 */
export function githubStep({ env, stdout, cwd }: Io): GithubStep {
  const { GITHUB_STEP_SUMMARY: summaryPath = '', GITHUB_OUTPUT: outputPath = '' } = env
  const faults = [
    ...missing('GITHUB_STEP_SUMMARY', summaryPath, 'the summary of the step'),
    ...missing('GITHUB_OUTPUT', outputPath, 'the outputs of the step'),
  ]
  if (faults.length > 0) throw new UserError(EXIT.usage, faults)
  return {
    tell: async ({ markdown, annotations, isCandidate }) => {
      await append('GITHUB_STEP_SUMMARY', resolve(cwd, summaryPath), cutMarkdown(markdown))
      await append('GITHUB_OUTPUT', resolve(cwd, outputPath), `candidate=${isCandidate}\n`)
      stdout.write(annotations.map((line) => `${line}\n`).join(''))
    },
  }
}

function missing(variable: string, value: string, content: string): Fault[] {
  if (value !== '') return []
  const what = `${variable} is not set`
  return [
    { where: '--github', what, todo: `Elsewhere than on GitHub set it to a file that is to get ${content}.` },
  ]
}

async function append(variable: string, path: string, text: string): Promise<void> {
  try {
    await appendFile(path, text)
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    const todo = 'Set it to a file that can be written.'
    throw new UserError(EXIT.usage, [{ where: `--github: ${variable}`, what, todo }], { cause })
  }
}

/** Whole lines, below 60 kB in UTF-8; what is cut off within a folded part leaves it closed. */
function cutMarkdown(markdown: string): string {
  if (Buffer.byteLength(markdown) < MAX_SUMMARY_BYTES) return markdown
  const lines: string[] = []
  let leftBytes = MAX_SUMMARY_BYTES - RESERVED_BYTES
  for (const line of markdown.split('\n')) {
    leftBytes -= Buffer.byteLength(line) + 1
    if (leftBytes < 0) break
    lines.push(line)
  }
  const kept = lines.join('\n')
  const openCount = kept.split('<details').length - kept.split('</details>').length
  return `${kept}${'\n</details>'.repeat(openCount)}${CUT_REMARK}`
}
