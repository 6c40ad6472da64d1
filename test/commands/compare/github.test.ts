import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { githubStep, type GithubReport } from '../../../src/commands/compare/github.ts'
import type { Io } from '../../../src/commands/io.ts'
import { plainStyler } from '../../../src/report/style.ts'

const REPORT: GithubReport = { markdown: '## ok\n', annotations: [], isCandidate: false }

interface Terminal extends Io {
  readonly written: () => string
}

function terminal(env: Io['env']): Terminal {
  let text = ''
  const stream = { isTTY: false, columns: undefined, style: plainStyler }
  return {
    stdout: { ...stream, write: (part) => void (text += part) },
    stderr: { ...stream, write: () => {} },
    env,
    cwd: '/',
    onInterrupt: () => () => {},
    quit: () => {},
    written: () => text,
  }
}

interface Step extends Terminal {
  readonly summary: () => string
  readonly output: () => string
}

/** A step as GitHub begins it: both files are there. */
function step(): Step {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [summaryPath, outputPath] = [join(folder, 'summary.md'), join(folder, 'output')]
  writeFileSync(summaryPath, '')
  writeFileSync(outputPath, '')
  return {
    ...terminal({ GITHUB_STEP_SUMMARY: summaryPath, GITHUB_OUTPUT: outputPath }),
    summary: () => readFileSync(summaryPath, 'utf8'),
    output: () => readFileSync(outputPath, 'utf8'),
  }
}

describe('a step on GitHub', () => {
  it('gets summary, output and annotations, added to what it has said before', async () => {
    const io = step()
    const github = githubStep(io)
    await github.tell({ ...REPORT, annotations: ['::notice title=a::b', '::notice title=c::d'] })
    await github.tell({ ...REPORT, markdown: '## FAIL\n', isCandidate: true })
    expect(io.summary()).toBe('## ok\n## FAIL\n')
    expect(io.output()).toBe('candidate=false\ncandidate=true\n')
    expect(io.written()).toBe('::notice title=a::b\n::notice title=c::d\n')
  })

  it.each([
    [{}, ['GITHUB_STEP_SUMMARY', 'GITHUB_OUTPUT']],
    [{ GITHUB_OUTPUT: '/x' }, ['GITHUB_STEP_SUMMARY']],
    [{ GITHUB_STEP_SUMMARY: '/x', GITHUB_OUTPUT: '' }, ['GITHUB_OUTPUT']],
  ])('is not there without its variables: %j', (env, variables) => {
    const faults = variables.map((name) => expect.objectContaining({ what: `${name} is not set` }))
    expect(() => githubStep(terminal(env))).toThrow(
      expect.objectContaining({ name: 'UserError', exitCode: 2, faults }),
    )
  })

  it('names the variable whose file cannot be written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headroom-test-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const github = githubStep(terminal({ GITHUB_STEP_SUMMARY: folder, GITHUB_OUTPUT: folder }))
    await expect(github.tell(REPORT)).rejects.toThrow(/^--github: GITHUB_STEP_SUMMARY: EISDIR/)
  })
})

describe('a long summary', () => {
  const line = `${'| … '.repeat(200)}|\n`

  it('stays as it is up to 60 kB', async () => {
    const io = step()
    const markdown = 'é'.repeat(29_999)
    await githubStep(io).tell({ ...REPORT, markdown })
    expect(io.summary()).toBe(markdown)
  })

  it('is cut after a whole line, and says so', async () => {
    const io = step()
    await githubStep(io).tell({ ...REPORT, markdown: line.repeat(200) })
    const summary = io.summary()
    expect(Buffer.byteLength(summary)).toBeLessThan(60_000)
    expect(Buffer.byteLength(summary)).toBeGreaterThan(57_000)
    expect(summary).toMatch(/^(?:(?:\| … ){200}\|\n)+\n\*Cut here: .*\*\n$/)
  })

  it('leaves no folded part open, which would hide the remark', async () => {
    const io = step()
    const folded = '<details><summary>a</summary>\n\nb\n</details>\n<details open><summary>c</summary>\n'
    await githubStep(io).tell({ ...REPORT, markdown: folded + line.repeat(200) })
    expect(io.summary().match(/<details/g)).toHaveLength(2)
    expect(io.summary().match(/<\/details>/g)).toHaveLength(2)
    expect(io.summary()).toMatch(/<\/details>\n\n\*Cut here/)
  })
})
