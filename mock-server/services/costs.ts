/** What a request costs in units that have to be read from its body. */
import type { MockRequest } from '../exchange.ts'
import type { Unit } from '../rule.ts'
import { parseJson } from './json-body.ts'
import { queryOf } from './query.ts'
import { plainCost } from './service.ts'

/** Members of a JSON body whose strings are the text that a service is asked to work on, in lower case. */
const TEXT_KEYS = new Set(['text', 'content', 'prompt', 'input', 'question', 'query', 'utterance'])

/** A common rule of thumb for English text: no tokenizer is imitated. */
const CHARACTERS_PER_TOKEN = 4

type Counter = (request: MockRequest) => number

const COUNTERS: Partial<Record<Unit, Counter>> = {
  /** Translator charges the text once for every target language. */
  characters: (request) => charactersIn(request) * targetCount(request),
  records: (request) => recordsIn(parseJson(request.body)),
  /** Azure OpenAI reserves the longest reply that was asked for. */
  tokens: (request) =>
    Math.ceil(charactersIn(request) / CHARACTERS_PER_TOKEN) + maxTokens(parseJson(request.body)),
}

/**
 * Counts every unit of a request to a service whose API is not imitated: characters in the strings that look like text (all
 * characters of a body without any), records in `documents` or in an array, tokens by rule of thumb plus `max_tokens`.
 */
export function bodyCost(request: MockRequest): (unit: Unit) => number {
  const plain = plainCost(request)
  const counted = new Map<Unit, number>()
  return (unit) => {
    const counter = COUNTERS[unit]
    if (counter === undefined) return plain(unit)
    let count = counted.get(unit)
    if (count === undefined) {
      count = counter(request)
      counted.set(unit, count)
    }
    return count
  }
}

function charactersIn(request: MockRequest): number {
  const count = textLength(parseJson(request.body))
  return count > 0 ? count : new TextDecoder().decode(request.body).length
}

/** Without recursion: how deep a body is nested is not ours to choose. */
function textLength(json: unknown): number {
  let count = 0
  const open: unknown[] = [json]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null) continue
    for (const [key, member] of Object.entries(value)) {
      if (typeof member === 'string' && TEXT_KEYS.has(key.toLowerCase())) count += member.length
      else open.push(member)
    }
  }
  return count
}

function targetCount(request: MockRequest): number {
  return Math.max(1, queryOf(request).getAll('to').length)
}

function recordsIn(json: unknown): number {
  if (Array.isArray(json)) return json.length
  const documents = member(json, 'documents')
  return Array.isArray(documents) ? documents.length : 1
}

function maxTokens(json: unknown): number {
  const count = member(json, 'max_tokens')
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 0
}

function member(json: unknown, key: string): unknown {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[key] : undefined
}
