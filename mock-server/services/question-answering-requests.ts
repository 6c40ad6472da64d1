/** Bodies of question answering: azure-rest-api-specs Language/stable/2021-10-01/questionanswering.json. */
import { type Answer, answerOf, findAnswers } from './answers.ts'
import {
  faultInMembers,
  isAbsent,
  isBoolean,
  isNumber,
  isObject,
  isText,
  isWhole,
  type JsonObject,
  type MemberRule,
  parseJson,
} from './json-body.ts'

const MAX_QUESTION_CHARS = 1_000
const MAX_TEXT_RECORDS = 5
const MAX_TEXT_CHARS = 5_120
const MAX_SPANS = 10

export interface KnowledgeBaseQuery {
  readonly answers: readonly Answer[]
  /** How many of the answers say which of their words matter most. */
  readonly spanCount: number
}

export interface TextRecord {
  readonly id: string
  readonly text: string
}

export interface TextQuery {
  readonly question: string
  readonly records: readonly TextRecord[]
}

const QUESTION: MemberRule = {
  name: 'question',
  isValid: (value) => isText(value, MAX_QUESTION_CHARS),
  what: `a string of 1 to ${MAX_QUESTION_CHARS} characters`,
}

const SPAN_RULES: readonly MemberRule[] = [
  { name: 'enable', isValid: isBoolean, what: 'true or false' },
  { name: 'confidenceScoreThreshold', isValid: isRatio, what: 'a number from 0 to 1' },
  {
    name: 'topAnswersWithSpan',
    isValid: (value) => isWhole(value, 1, MAX_SPANS),
    what: `a whole number from 1 to ${MAX_SPANS}`,
  },
]

const QUERY_RULES: readonly MemberRule[] = [
  QUESTION,
  { name: 'qnaId', isValid: Number.isSafeInteger, what: 'a whole number' },
  { name: 'top', isValid: (value) => isWhole(value, 1, Infinity), what: 'a whole number from 1' },
  { name: 'userId', isValid: (value) => typeof value === 'string', what: 'a string' },
  { name: 'confidenceScoreThreshold', isValid: isRatio, what: 'a number from 0 to 1' },
  {
    name: 'context',
    isValid: (value) => isObject(value) && Number.isSafeInteger(value['previousQnaId']),
    what: 'an object with a whole number previousQnaId',
  },
  {
    name: 'rankerType',
    isValid: (value) => value === 'Default' || value === 'QuestionOnly',
    what: 'Default or QuestionOnly',
  },
  { name: 'filters', isValid: isObject, what: 'an object' },
  { name: 'answerSpanRequest', isValid: isObject, what: 'an object' },
  { name: 'includeUnstructuredSources', isValid: isBoolean, what: 'true or false' },
]

interface Query {
  readonly question?: string | null
  readonly qnaId?: number | null
  readonly top?: number | null
  readonly confidenceScoreThreshold?: number | null
  readonly answerSpanRequest?: JsonObject | null
}

/** Reads the body of a query to a knowledge base. @returns what it asks for, or what is wrong with it. */
export function parseKnowledgeBaseQuery(body: Uint8Array): KnowledgeBaseQuery | string {
  const json = parseJson(body)
  if (!isObject(json)) return 'The body must be a JSON object.'
  const fault = faultInMembers(json, QUERY_RULES)
  if (fault !== undefined) return fault
  const query = json as Query
  const spanFault = faultInMembers(query.answerSpanRequest ?? {}, SPAN_RULES)
  if (spanFault !== undefined) return `answerSpanRequest.${spanFault}`
  const answers = answersTo(query)
  if (answers === undefined) return 'The body must have a question or a qnaId.'
  return { answers, spanCount: spanCountOf(query.answerSpanRequest ?? {}) }
}

function answersTo({ question, qnaId, top, confidenceScoreThreshold }: Query): Answer[] | undefined {
  if (!isAbsent(qnaId)) return [answerOf(qnaId)].filter((answer) => answer !== undefined)
  if (isAbsent(question)) return undefined
  return findAnswers(question, top ?? 1, confidenceScoreThreshold ?? 0)
}

function spanCountOf(request: JsonObject): number {
  const { enable, topAnswersWithSpan } = request as {
    enable?: boolean | null
    topAnswersWithSpan?: number | null
  }
  return enable === true ? (topAnswersWithSpan ?? 1) : 0
}

/** Reads the body of a query to texts that it brings along. @returns what it asks for, or what is wrong with it. */
export function parseTextQuery(body: Uint8Array): TextQuery | string {
  const json = parseJson(body)
  if (!isObject(json) || !QUESTION.isValid(json['question'])) {
    return `The body must be a JSON object whose question is ${QUESTION.what}.`
  }
  const { question, records } = json as { question: string; records?: unknown }
  if (!Array.isArray(records) || records.length === 0 || records.length > MAX_TEXT_RECORDS) {
    return `records must be an array of 1 to ${MAX_TEXT_RECORDS} texts.`
  }
  if (records.every(isTextRecord)) return { question, records }
  return `Each of records must have an id and a text of 1 to ${MAX_TEXT_CHARS} characters.`
}

function isTextRecord(record: unknown): record is TextRecord {
  return isObject(record) && isText(record['id']) && isText(record['text'], MAX_TEXT_CHARS)
}

function isRatio(value: unknown): boolean {
  return isNumber(value, 0, 1)
}
