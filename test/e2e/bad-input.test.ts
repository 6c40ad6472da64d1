/** Everything a user can get wrong: one message that says where, what and what to do; the documented code; no half-written run. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { headroom, temporaryFolder, type CommandEnd } from './command.ts'
import { runDirectories } from './run-output.ts'
import { scriptText, type ScriptParts } from './script.ts'

/** A run in a folder with a good script and some bad ones. */
async function attempt(...argv: readonly string[]): Promise<CommandEnd & { readonly runCount: number }> {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'good.ts'), scriptText({ mock: 'custom' }))
  writeFileSync(join(folder, 'no-mock.ts'), scriptText({}))
  writeFileSync(
    join(folder, 'throws.ts'),
    'const nothing = undefined\n\nnothing.name\nexport default () => {}\n',
  )
  writeFileSync(join(folder, 'syntax.ts'), 'export default function () {\n  const = 1\n}\n')
  writeFileSync(join(folder, 'empty.ts'), '')
  writeFileSync(
    join(folder, 'node.ts'),
    "import { readFileSync } from 'node:fs'\nexport default () => readFileSync('x')\n",
  )
  writeFileSync(join(folder, 'bad.json'), '{"resources":[{"profile":"nowhere","speed":1}]}')
  writeFileSync(join(folder, 'broken.json'), '{')
  writeFileSync(join(folder, 'file'), '')
  mkdirSync(join(folder, 'directory'))
  const end = await headroom(argv, { cwd: folder })
  return { ...end, runCount: runDirectories(join(folder, 'results')).length }
}

/** Code, and what the message must name: the place first, then what to do. */
const FAULTS: readonly (readonly [line: string, exitCode: number, patterns: readonly RegExp[]])[] = [
  ['run missing.ts', 2, [/^missing\.ts: no such script/, /check the path/]],
  ['run directory', 2, [/^directory: /, /check the path/]],
  ['run throws.ts --virtual', 107, [/^throws\.ts:3(:\d+)?: .*TypeError/]],
  ['run syntax.ts', 107, [/^syntax\.ts:2:\d+: /]],
  ['run node.ts', 107, [/^node\.ts:1: node:fs is a module of Node/, /remove the import/]],
  [
    'run empty.ts --target mock:custom',
    104,
    [/^options: the script exports no function/, /export a function/],
  ],
  ['run no-mock.ts', 2, [/^--target: /, /give --target .* or --target mock:PROFILE/]],
  ['run good.ts --target localhost:80', 2, [/^--target: .*"localhost:80"/, /give an absolute URL/]],
  ['run good.ts --target ftp://example.com', 2, [/^--target: /, /give an absolute URL/]],
  ['run good.ts --target http://user:secret@example.com', 2, [/^--target: .*credentials/, /-e KEY=/]],
  [
    'run good.ts --target http://127.0.0.1:1',
    5,
    [/http:\/\/127\.0\.0\.1:1: connection refused/, /check the URL/],
  ],
  [
    'run good.ts --target http://nowhere.invalid',
    5,
    [/the name nowhere\.invalid is not known/, /check the URL/],
  ],
  ['run good.ts --target mock:nowhere', 2, [/^--target: unknown profile "nowhere"/, /profiles: .*custom/]],
  ['run good.ts --target mock:custom,speed=1', 2, [/^--target: unknown key "speed"/, /known keys:\s+tps/]],
  ['run good.ts --target http://127.0.0.1:1 --virtual', 2, [/^--virtual: /, /leave --target out/]],
  ['run good.ts --out file --virtual', 2, [/file: cannot write results/, /--out DIR/]],
  ['run good.ts --out file/below --virtual', 2, [/file.below: cannot write results/, /--out DIR/]],
  ['run good.ts --vus many --duration 3s', 2, [/^--vus: must be a whole number .*"many"/]],
  ['run good.ts --vus 3', 2, [/^--vus: the script has scenarios/, /give a duration or iterations/]],
  ['run good.ts --stage 5s', 2, [/^--stage\[0\]\.target: is required/]],
  ['run good.ts --iterations 3 --stage 5s:1', 2, [/^--stage: cannot be used together with --iterations/]],
  ['run good.ts --config missing.json', 2, [/^missing\.json: cannot be read \(ENOENT\)/, /--config/]],
  ['run good.ts --config broken.json', 104, [/^broken\.json: is no JSON/, /"vus": 10/]],
  ['run good.ts --config bad.json', 104, [/^bad\.json: resources: unknown option/]],
  ['run good.ts --vus 2 --duration soon', 2, [/^--duration: .*"soon"/, /such as '30s'/]],
  ['run good.ts --seed -1', 2, [/--seed/, /whole number/]],
  ['run good.ts --max-requests 0', 2, [/--max-requests/, /whole number from 1/]],
  ['run good.ts -e hush', 2, [/^-e: /, /NAME=VALUE/]],
  ['run good.ts --virtal', 2, [/unknown option '--virtal'/, /Did you mean --virtual\?/]],
  ['run', 2, [/missing required argument 'script'/, /--help/]],
  ['run good.ts other.ts', 2, [/too many arguments/, /--help/]],
  ['rum good.ts', 2, [/unknown command 'rum'/, /Did you mean run\?/]],
  ['mock nowhere', 2, [/unknown profile "nowhere"/, /profiles: .*custom/]],
  ['mock --port 65536', 2, [/--port.*'65536' is invalid/, /0 to 65535/]],
  ['mock custom --config bad.json', 2, [/^--config: /, /give one of them/]],
  ['mock --config missing.json', 2, [/^missing\.json: cannot be read \(ENOENT\)/, /--config/]],
  ['mock --config broken.json', 2, [/^broken\.json: is no JSON/, /mend the file/]],
  [
    'mock --config bad.json',
    2,
    [/bad\.json\.resources\[0\]\.profile: no such profile/, /unknown key "speed"/],
  ],
  ['mock --host 203.0.113.1', 2, [/cannot be opened/, /127\.0\.0\.1/]],
  ['saturate nowhere', 2, [/'nowhere' is invalid/, /absolute URL/]],
  ['saturate http://127.0.0.1:1/', 5, [/connection refused/, /check the URL/]],
  ['saturate http://127.0.0.1:1/ --duration 10ms', 2, [/--duration/, /at least 1s/]],
  ['saturate http://127.0.0.1:1/ -H hush', 2, [/^-H, --header: /, /"Name: value"/]],
  ['saturate http://127.0.0.1:1/ --method GE-T', 2, [/--method/, /such as GET/]],
]

describe('a fault of the user', () => {
  it.each(FAULTS)('%s: code %i', async (line, exitCode, patterns) => {
    const end = await attempt(...line.split(' '))
    for (const pattern of patterns) expect(end.stderr).toMatch(pattern)
    expect(end.exitCode).toBe(exitCode)
    expect(end.stderr).not.toMatch(/^ +at |internal error/m)
    expect(end.stdout).toBe('')
    expect(end.runCount).toBe(0)
  })

  it.each([
    'run good.ts -e hush',
    'saturate http://127.0.0.1:1/ -H hush',
    'run good.ts --target http://u:hush@h',
  ])('what may be a key is not repeated: %s', async (line) => {
    const end = await attempt(...line.split(' '))
    expect(end.exitCode).toBe(2)
    expect(end.stderr).not.toContain('hush')
  })

  it('shows a stack trace when asked to', async () => {
    const end = await attempt('run', 'throws.ts', '--virtual', '--verbose')
    expect(end.exitCode).toBe(107)
    expect(end.stderr).toMatch(/^ +at /m)
  })

  it('a port in use is named, with what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const end = await attempt('mock', '--port', String(port))
    expect(end.exitCode).toBe(2)
    expect(end.stderr).toMatch(
      new RegExp(`^--port: port ${port} .*already in use\n +choose another with --port`),
    )
  })

  it('all faults of options, thresholds and mock come at once', async () => {
    const script: ScriptParts = {
      mock: 'custum,tps=fast',
      scenario: {
        executor: 'constant-arrival-rate',
        rate: -1,
        duration: 'ten',
        preAllocatedVUs: 5,
        maxVU: 5,
      },
      options: {
        tresholds: {},
        thresholds: {
          http_req_duration: ['p(95)<'],
          'http_req_failed{name:x': ['rate<1'],
          nope: ['rate<1'],
          http_reqs: ['p(95)<3'],
        },
      },
    }
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'script.ts'), scriptText(script))
    const end = await headroom(['run', 'script.ts', '--virtual'], { cwd: folder })
    expect(end.exitCode).toBe(104)
    const places = end.stderr.split('\n').filter((line) => line.startsWith('options.'))
    expect(places.map((line) => line.replace(/: .*/, ''))).toEqual([
      'options.tresholds',
      'options.scenarios.main.rate',
      'options.scenarios.main.duration',
      'options.scenarios.main.maxVU',
      "options.thresholds['http_req_duration']",
      "options.thresholds['http_req_failed{name:x']",
      "options.thresholds['nope']",
      "options.thresholds['http_reqs']",
      'options.ext.headroom.mock',
      'options.ext.headroom.mock.tps',
    ])
    expect(end.stderr).toMatch(/^10 faults:\n/)
    expect(runDirectories(join(folder, 'results'))).toEqual([])
  })
})
