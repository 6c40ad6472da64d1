import { isNamed } from '../../core/field-name.ts'
import { readFile } from 'node:fs/promises'
import { validateHeaderName, validateHeaderValue } from 'node:http'
import { resolve } from 'node:path'
import { z } from 'zod'
import { EXIT, UserError, type Fault } from '../../core/errors.ts'
import { check, strict } from '../../script/option-schema.ts'
import type { HeaderPair } from '../flags.ts'
import { isMethod, METHODS, type ClosedCall } from './request.ts'

interface FileCall {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | object | undefined
}

/** Values may be secrets: no message repeats one. */
const text = z.string({ error: 'must be a text' })

const headerName = z.string().refine((name) => passes(() => validateHeaderName(name)))
const headerValue = text.refine((value) => passes(() => validateHeaderValue('name', value)), {
  error: 'must be a text that may stand in a header, on one line',
})

/** @param base what a relative URL is relative to; the URL itself where the file has none. */
function schemaOf(base: URL | undefined): z.ZodType<FileCall> {
  return strict({
    url: text.default('').refine((url) => isHttpUrl(url, base?.href), {
      error: 'must be a URL: an absolute one, or relative to the one on the command line',
    }),
    method: text
      .default('GET')
      .refine(isMethod, { error: `must be a method that autocannon sends: ${METHODS.join(', ')}` }),
    headers: z
      .record(headerName, headerValue, {
        error: ({ code }) => (code === 'invalid_key' ? 'is no name of a header' : 'must be an object'),
      })
      .default({}),
    body: z
      .union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())], {
        error: 'must be a text, or an object or a list to be sent as JSON',
      })
      .optional(),
  })
}

function isHttpUrl(url: string, base: string | undefined): boolean {
  return URL.canParse(url, base) && /^https?:$/.test(new URL(url, base).protocol)
}

function passes(validate: () => void): boolean {
  try {
    validate()
    return true
  } catch {
    return false
  }
}

/**
 * Reads `{"url": …, "method": …, "headers": {…}, "body": …}`. A body that is an object or a list is sent as JSON.
 *
 * @throws UserError (usage) with every fault of the file.
 */
export async function readRequestFile(path: string, cwd: string, base: URL | undefined): Promise<ClosedCall> {
  const { value, faults } = check(schemaOf(base), await readJson(path, cwd), path)
  if (value === undefined) throw new UserError(EXIT.usage, faults)
  const call = { url: new URL(value.url, base), method: value.method.toUpperCase() }
  const headers = Object.entries(value.headers)
  const { body } = value
  if (body === undefined || typeof body === 'string') return { ...call, headers, body }
  const hasType = headers.some(([name]) => isNamed(name, 'content-type'))
  const type: HeaderPair[] = hasType ? [] : [['Content-Type', 'application/json']]
  return { ...call, headers: [...headers, ...type], body: JSON.stringify(body) }
}

async function readJson(path: string, cwd: string): Promise<unknown> {
  let content: string
  try {
    content = await readFile(resolve(cwd, path), 'utf8')
  } catch (error) {
    const what = `cannot be read (${String((error as NodeJS.ErrnoException).code)})`
    throw unusable({ where: path, what, todo: 'check the path given with --request' }, error)
  }
  try {
    return JSON.parse(content)
  } catch {
    // The parser's message quotes the text around the fault, and that may be a key.
    const todo = 'write {"url": …, "method": …, "headers": {…}, "body": …}'
    throw unusable({ where: path, what: 'is no JSON', todo })
  }
}

function unusable(fault: Fault, cause?: unknown): UserError {
  return new UserError(EXIT.usage, [fault], { cause })
}
