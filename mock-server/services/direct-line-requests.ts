/** Routes and bodies of Direct Line 3.0 (microsoft/botframework-sdk, directline-3.0.json, and bot-docs). */
import type { MockRequest } from '../exchange.ts'
import type { Activity } from './conversations.ts'
import { isObject, isText, parseJson } from './json-body.ts'
import { parameter } from './query.ts'

export type DirectLineOperation =
  | 'generate-token'
  | 'refresh-token'
  | 'start-conversation'
  | 'reconnect'
  | 'send-activity'
  | 'get-activities'
  | 'upload'
  | 'stream'

/** A path with what each method does there. */
export interface DirectLineRoute {
  readonly operations: Readonly<Record<string, DirectLineOperation>>
  /** `''`: the path names none. */
  readonly conversationId: string
}

/** What is wrong with a request, under a code of Direct Line's. */
export interface DirectLineFault {
  readonly status: number
  readonly code: string
  readonly message: string
}

/** What a user sends. */
export interface Sent {
  readonly activity: Activity
}

const BASE = '/v3/directline/'
const FIXED_ROUTES: ReadonlyMap<string, DirectLineRoute['operations']> = new Map([
  ['tokens/generate', { POST: 'generate-token' }],
  ['tokens/refresh', { POST: 'refresh-token' }],
  ['conversations', { POST: 'start-conversation' }],
])
const CONVERSATION_ROUTES: ReadonlyMap<string, DirectLineRoute['operations']> = new Map([
  ['', { GET: 'reconnect' }],
  ['activities', { GET: 'get-activities', POST: 'send-activity' }],
  ['upload', { POST: 'upload' }],
  ['stream', { GET: 'stream' }],
])
const CONVERSATION_PATH = /^conversations\/([^/]+)(?:\/([^/]+))?$/

/** @param path without the query. */
export function matchDirectLineRoute(path: string): DirectLineRoute | undefined {
  if (!path.startsWith(BASE)) return undefined
  const rest = path.slice(BASE.length)
  const fixed = FIXED_ROUTES.get(rest)
  if (fixed !== undefined) return { operations: fixed, conversationId: '' }
  const [, conversationId = '', member = ''] = CONVERSATION_PATH.exec(rest) ?? []
  const operations = conversationId === '' ? undefined : CONVERSATION_ROUTES.get(member)
  return operations && { operations, conversationId }
}

/** Reads an activity that a user sends. */
export function parseActivity(request: MockRequest): Sent | DirectLineFault {
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/json\s*(?:;|$)/i.test(type)) return unsupported('application/json')
  const json = parseJson(request.body)
  if (!isObject(json)) return badArgument('The request body must be an activity as a JSON object')
  return checkActivity(json)
}

/** Tokens and conversations may be asked for with options for the user, all of which are ignored. */
export function faultInOptions({ body }: MockRequest): DirectLineFault | undefined {
  const isFine = body.length === 0 || isObject(parseJson(body))
  return isFine ? undefined : badArgument('The request body must be a JSON object')
}

/** @returns how many activities have been seen; none without a watermark. */
export function parseWatermark(query: URLSearchParams): number | DirectLineFault {
  const text = parameter(query, 'watermark') ?? ''
  return /^\d{0,15}$/.test(text) ? Number(text) : badArgument('Invalid watermark')
}

/** Reads an upload: one file as it is, or a form with several and, if need be, the activity that they go with. */
export function parseUpload(request: MockRequest, query: URLSearchParams): Sent | DirectLineFault {
  const parts = partsOf(request)
  if ('code' in parts) return parts
  const activityPart = parts.find((part) => part.type === ACTIVITY_TYPE)
  const written = activityPart === undefined ? {} : parseJson(activityPart.body)
  if (!isObject(written)) return badArgument('The activity of an upload must be a JSON object')
  const files = parts.filter((part) => part !== activityPart)
  if (files.length === 0) return badArgument('An upload must have a file')
  const userId = parameter(query, 'userid')
  const attachments = files.map(({ type, name }) => ({ contentType: type, name }))
  return checkActivity({
    type: 'message',
    ...(isText(userId) && { from: { id: userId } }),
    ...written,
    attachments,
  })
}

interface Part {
  readonly type: string
  readonly name: string
  readonly body: Uint8Array
}

const ACTIVITY_TYPE = 'application/vnd.microsoft.activity'

function partsOf({ headers, body }: MockRequest): readonly Part[] | DirectLineFault {
  const type = headers['content-type'] ?? ''
  if (!/^multipart\/form-data\b/i.test(type)) {
    const name = fileName(headers['content-disposition'] ?? '')
    return type === '' || name === undefined
      ? unsupported('multipart/form-data, or one file with its name')
      : [{ type, name, body }]
  }
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) return badArgument('The form has no boundary')
  // Latin-1 has a character for every byte: nothing of a binary file is lost while it is text.
  const [, ...parts] = `\r\n${Buffer.from(body).toString('latin1')}`.split(`\r\n--${boundary}`)
  const isClosed = parts.pop()?.startsWith('--') === true
  return isClosed ? parts.map(parsePart) : badArgument('The form does not end with its boundary')
}

function parsePart(text: string): Part {
  const end = text.indexOf('\r\n\r\n')
  const head = end === -1 ? text : text.slice(0, end)
  const [, type = 'application/octet-stream'] = /^content-type:\s*([^\r;]+)/im.exec(head) ?? []
  const name = fileName(/^content-disposition:(.*)$/im.exec(head)?.[1] ?? '') ?? ''
  return {
    type: type.trim().toLowerCase(),
    name,
    body: Buffer.from(end === -1 ? '' : text.slice(end + 4), 'latin1'),
  }
}

function fileName(disposition: string): string | undefined {
  return /;\s*filename="?([^";]+)/i.exec(disposition)?.[1]
}

function checkActivity(activity: Activity): Sent | DirectLineFault {
  const { type, from } = activity as { type?: unknown; from?: unknown }
  if (!isText(type)) return missing('type')
  const { id } = isObject(from) ? (from as { id?: unknown }) : {}
  return isText(id) ? { activity } : missing('from.id')
}

function missing(property: string): DirectLineFault {
  return { status: 400, code: 'MissingProperty', message: `The activity has no ${property}` }
}

function badArgument(message: string): DirectLineFault {
  return { status: 400, code: 'BadArgument', message }
}

function unsupported(wanted: string): DirectLineFault {
  return { status: 415, code: 'UnsupportedMediaType', message: `Send ${wanted}` }
}
