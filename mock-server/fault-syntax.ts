/** Faults as text: `KIND[:ARGUMENT][:SHARE][@FROM..TO][/EVERY][#NUMBER…]`. */
import { formatDuration, parseDurationUs } from '../src/core/units.ts'
import type { FaultCondition, FaultConfig, FaultEffect } from './faults.ts'

/** How one kind of fault is written. */
interface KindSyntax {
  readonly example: string
  readonly meaning: string
  /** Reads what stands between the colons, the share not included. @returns `undefined` when it makes no sense. */
  readonly read: (args: readonly string[]) => FaultEffect | undefined
}

const SYNTAX: ReadonlyMap<string, KindSyntax> = new Map<string, KindSyntax>([
  [
    'error',
    {
      example: 'error:503',
      meaning: 'an error (408, 409, 413, 500 to 599) instead of the reply',
      read: readError,
    },
  ],
  ['reset', { example: 'reset', meaning: 'the connection is reset', read: bare({ kind: 'reset' }) }],
  ['stall', { example: 'stall or stall:2s', meaning: 'no reply, or one that much later', read: readStall }],
  [
    'slow-body',
    { example: 'slow-body:1000', meaning: 'the body trickles, in bytes per second', read: readSlowBody },
  ],
  [
    'close-mid-body',
    {
      example: 'close-mid-body',
      meaning: 'closed after half of the body',
      read: bare({ kind: 'close-mid-body' }),
    },
  ],
  [
    'malformed',
    { example: 'malformed', meaning: 'what comes is no HTTP', read: bare({ kind: 'malformed' }) },
  ],
])

/** Those of servers, and those of clients that no request of a client's own brings about in every service. */
const ERROR_STATUS = /^(?:5\d\d|408|409|413)$/

const PAUSE_EXAMPLE = 'pause:1s@10s'

/** Every kind of fault and every condition with an example and what it does, for help texts. */
export const FAULT_TABLE: readonly (readonly [example: string, meaning: string])[] = [
  ...[...SYNTAX.values()].map(({ example, meaning }) => [example, meaning] as const),
  [PAUSE_EXAMPLE, 'every reply due from 10s to 11s of the mock’s time leaves at 11s'],
  ['reset:0.01', 'any kind but pause, for that share of the admitted requests'],
  ['reset@10s..20s, reset@10s..', '… for those admitted from 10s to 20s, or from 10s on'],
  ['reset/100', '… for every 100th'],
  ['reset#3#7', '… for the 3rd and the 7th; share, time and number may be combined'],
]

const FAULT = /^([a-z-]+)((?::[^:@/#]+)*)(?:@([^/#]+))?(?:\/(\d+))?((?:#\d+)*)$/

/** Reads a fault as `FAULT_TABLE` shows them. @returns the fault, or what is wrong with the text. */
export function parseFault(text: string): FaultConfig | string {
  const parts = splitFault(text)
  if (parts === undefined) return notAFault(text)
  if (parts.kind === 'pause') return readPause(text, parts)
  const syntax = SYNTAX.get(parts.kind)
  if (syntax === undefined) return notAFault(text)
  const effect = syntax.read(parts.args)
  if (effect === undefined) return `"${text}" is not how ${parts.kind} is written: ${syntax.example}`
  const condition = readCondition(parts)
  return typeof condition === 'string' ? condition : { ...effect, ...condition }
}

/** A fault text taken apart, nothing of it read yet. */
interface FaultParts {
  readonly kind: string
  /** What stands between the colons, but for the share. */
  readonly args: readonly string[]
  readonly ratio: string | undefined
  readonly schedule: string | undefined
  readonly every: string | undefined
  readonly numbers: readonly string[]
}

function splitFault(text: string): FaultParts | undefined {
  const match = FAULT.exec(text)
  if (match === null) return undefined
  const [, kind = '', argsText = '', schedule, every, numbersText = ''] = match
  const args = argsText.split(':').slice(1)
  const ratio = isRatio(args.at(-1)) ? args.pop() : undefined
  return { kind, args, ratio, schedule, every, numbers: numbersText.split('#').slice(1) }
}

/** The syntax that `parseFault` reads. */
export function formatFault(config: FaultConfig): string {
  if (config.kind === 'pause')
    return `pause:${formatDuration(config.durationUs)}@${formatDuration(config.fromUs)}`
  const { ratio, fromUs, toUs, every, numbers } = config
  const args = [config.kind, ...formatArguments(config), ...(ratio === undefined ? [] : [String(ratio)])]
  return [
    args.join(':'),
    fromUs === undefined
      ? ''
      : `@${formatDuration(fromUs)}..${toUs === undefined ? '' : formatDuration(toUs)}`,
    every === undefined ? '' : `/${every}`,
    ...(numbers ?? []).map((number) => `#${number}`),
  ].join('')
}

function formatArguments(effect: FaultEffect): string[] {
  if (effect.kind === 'error') return [String(effect.status)]
  if (effect.kind === 'slow-body') return [String(effect.bytesPerS)]
  if (effect.kind === 'stall' && effect.durationUs !== undefined) return [formatDuration(effect.durationUs)]
  return []
}

/** A share has a decimal point, which tells it from a status and from bytes per second. */
function isRatio(text: string | undefined): boolean {
  return text !== undefined && /^(?:0?\.\d+|1\.0+)$/.test(text) && Number(text) > 0
}

function bare(effect: FaultEffect): KindSyntax['read'] {
  return (args) => (args.length === 0 ? effect : undefined)
}

function readError([status = '', ...rest]: readonly string[]): FaultEffect | undefined {
  return ERROR_STATUS.test(status) && rest.length === 0
    ? { kind: 'error', status: Number(status) }
    : undefined
}

function readStall([duration, ...rest]: readonly string[]): FaultEffect | undefined {
  if (duration === undefined) return { kind: 'stall' }
  const durationUs = readDuration(duration)
  return durationUs === undefined || rest.length > 0 ? undefined : { kind: 'stall', durationUs }
}

function readSlowBody([rate = '', ...rest]: readonly string[]): FaultEffect | undefined {
  const bytesPerS = /^\d{1,9}$/.test(rate) ? Number(rate) : 0
  return bytesPerS === 0 || rest.length > 0 ? undefined : { kind: 'slow-body', bytesPerS }
}

function readPause(
  text: string,
  { args, schedule, ratio, every, numbers }: FaultParts,
): FaultConfig | string {
  const durationUs = readDuration(args[0])
  const fromUs = readDuration(schedule)
  const isForSome = ratio !== undefined || every !== undefined || numbers.length > 0
  if (durationUs === undefined || fromUs === undefined || args.length > 1 || isForSome) {
    return `"${text}" is not how pause is written: ${PAUSE_EXAMPLE} (a duration, and when it begins)`
  }
  return { kind: 'pause', fromUs, durationUs }
}

function readCondition({ ratio, schedule, every, numbers }: FaultParts): FaultCondition | string {
  const times = schedule === undefined ? {} : readSchedule(schedule)
  if (typeof times === 'string') return times
  if (every !== undefined && Number(every) === 0) return 'a fault for every 0th request hits none; write /100'
  const listed = numbers.map(Number)
  if (listed.includes(0)) return 'requests are numbered from 1; write #3#7'
  return {
    ...(ratio !== undefined && { ratio: Number(ratio) }),
    ...times,
    ...(every !== undefined && { every: Number(every) }),
    ...(listed.length > 0 && { numbers: listed }),
  }
}

function readSchedule(text: string): FaultCondition | string {
  const [from, to, ...rest] = text.split('..')
  const fromUs = readDuration(from)
  const toUs = to === '' ? Infinity : readDuration(to)
  if (fromUs === undefined || toUs === undefined || rest.length > 0) {
    return `"${text}" is no span of time; write @10s..20s, or @10s.. without an end (a pause of everything is ${PAUSE_EXAMPLE})`
  }
  if (toUs <= fromUs) return `the span ${text} ends before it begins`
  return { fromUs, ...(toUs < Infinity && { toUs }) }
}

/** A duration with its unit, so that no plain number is mistaken for one. */
function readDuration(text: string | undefined): number | undefined {
  return text !== undefined && /[a-zµμ]$/.test(text) ? parseDurationUs(text) : undefined
}

function notAFault(text: string): string {
  const kinds = [...SYNTAX.values()].map(({ example }) => example)
  return `"${text}" is no fault; faults: ${[...kinds, PAUSE_EXAMPLE].join(', ')}, each for some requests as in reset:0.01, reset@10s..20s, reset/100, reset#3#7`
}
