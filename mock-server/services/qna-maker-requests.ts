/** Bodies of QnA Maker calls: azure-rest-api-specs QnAMaker/stable/v4.0 and azure-docs QnAMaker/limits.md. */
import { type Answer, answerOf, findAnswers } from './answers.ts'
import {
  faultInMembers,
  isAbsent,
  isBoolean,
  isNumber,
  isObject,
  isText,
  isWhole,
  type MemberRule,
  parseJson,
} from './json-body.ts'

const MAX_QUESTION_CHARS = 1_000
const MAX_FEEDBACK_RECORDS = 1_000
const MAX_FILTER_NAME_CHARS = 100
const MAX_FILTER_VALUE_CHARS = 500

const QUERY_RULES: readonly MemberRule[] = [
  {
    name: 'question',
    isValid: (value) => isText(value, MAX_QUESTION_CHARS),
    what: `a string of 1 to ${MAX_QUESTION_CHARS} characters`,
  },
  { name: 'qnaId', isValid: isId, what: 'a whole number or the digits of one' },
  { name: 'top', isValid: (value) => isWhole(value, 1, Infinity), what: 'a whole number from 1' },
  { name: 'userId', isValid: (value) => typeof value === 'string', what: 'a string' },
  { name: 'isTest', isValid: isBoolean, what: 'true or false' },
  { name: 'scoreThreshold', isValid: (value) => isNumber(value, 0, 100), what: 'a number from 0 to 100' },
  { name: 'context', isValid: isObject, what: 'an object' },
  { name: 'rankerType', isValid: (value) => typeof value === 'string', what: 'a string' },
  {
    name: 'strictFilters',
    isValid: (value) => Array.isArray(value) && value.every(isFilter),
    what: `an array of a name (up to ${MAX_FILTER_NAME_CHARS} characters) and a value (up to ${MAX_FILTER_VALUE_CHARS})`,
  },
  {
    name: 'strictFiltersCompoundOperationType',
    isValid: (value) => value === 'AND' || value === 'OR',
    what: 'AND or OR',
  },
]

interface Query {
  readonly question?: string | null
  readonly qnaId?: number | string | null
  readonly top?: number | null
  readonly scoreThreshold?: number | null
}

/** Reads the body of generateAnswer. @returns the answers that it asks for, or what is wrong with it. */
export function parseGenerateAnswer(body: Uint8Array): Answer[] | string {
  const json = parseJson(body)
  if (!isObject(json)) return 'The body must be a JSON object.'
  const fault = faultInMembers(json, QUERY_RULES)
  if (fault !== undefined) return fault
  const { question, qnaId, top, scoreThreshold } = json as Query
  if (!isAbsent(qnaId)) return [answerOf(Number(qnaId))].filter((answer) => answer !== undefined)
  if (isAbsent(question)) return 'The body must have a question or a qnaId.'
  return findAnswers(question, top ?? 1, (scoreThreshold ?? 0) / 100)
}

/** Checks the body of train. @returns what is wrong with it. */
export function faultInTrain(body: Uint8Array): string | undefined {
  const json = parseJson(body)
  const records = isObject(json) ? json['feedbackRecords'] : undefined
  if (!Array.isArray(records)) return 'The body must be a JSON object with an array feedbackRecords.'
  if (records.length > MAX_FEEDBACK_RECORDS)
    return `feedbackRecords must not have more than ${MAX_FEEDBACK_RECORDS} elements.`
  return records.every(isFeedback)
    ? undefined
    : 'Each of feedbackRecords must have a userQuestion and a qnaId.'
}

function isFeedback(record: unknown): boolean {
  if (!isObject(record)) return false
  return isText(record['userQuestion'], MAX_QUESTION_CHARS) && isId(record['qnaId'])
}

function isFilter(filter: unknown): boolean {
  if (!isObject(filter)) return false
  return isText(filter['name'], MAX_FILTER_NAME_CHARS) && isText(filter['value'], MAX_FILTER_VALUE_CHARS)
}

function isId(value: unknown): boolean {
  return isWhole(value, 0, Number.MAX_SAFE_INTEGER) || (typeof value === 'string' && /^\d{1,9}$/.test(value))
}
