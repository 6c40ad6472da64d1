import type { Selection } from '../html/selection.ts'
import { defaultName } from './target.ts'

/** A request that a page's form or link asks for. */
export interface PageRequest {
  readonly method: string
  readonly url: string
  readonly body: Record<string, unknown> | undefined
  readonly params: unknown
}

interface FormArguments {
  readonly formSelector?: string
  readonly fields?: Readonly<Record<string, unknown>>
  readonly submitSelector?: string
  readonly params?: unknown
}

interface LinkArguments {
  readonly selector?: string
  readonly params?: unknown
}

/**
 * What `Response.submitForm` sends: the fields of a form as they stand, its submit button, and the fields given.
 *
 * @throws {Error} when the page has no such form
 */
export function submissionOf(page: Selection, pageUrl: string, args: unknown): PageRequest {
  const {
    formSelector = 'form',
    fields,
    submitSelector = '[type="submit"]',
    params,
  } = (args ?? {}) as FormArguments
  const form = page.find(formSelector).first()
  if (form.size() === 0) throw new Error(`there is no form "${formSelector}" in ${defaultName(pageUrl)}`)
  const button = form.find(submitSelector).first()
  const name = button.attr('name')
  const value = button.val()
  const pressed = name === undefined || value === undefined ? {} : { [name]: value }
  const values = { ...form.serializeObject(), ...pressed, ...fields }
  const method = (form.attr('method') ?? 'GET').toUpperCase()
  const url = new URL(form.attr('action') ?? pageUrl, pageUrl)
  if (method !== 'GET') return { method, url: url.href, body: values, params }
  const query = new URLSearchParams(url.searchParams)
  for (const [key, field] of Object.entries(values)) query.append(key, String(field))
  query.sort()
  url.search = query.toString()
  return { method, url: url.href, body: undefined, params }
}

/**
 * What `Response.clickLink` asks for.
 *
 * @throws {Error} when the page has no such link
 */
export function linkOf(page: Selection, pageUrl: string, args: unknown): PageRequest {
  const { selector = 'a[href]', params } = (args ?? {}) as LinkArguments
  const href = page.find(selector).first().attr('href')
  if (href === undefined) throw new Error(`there is no link "${selector}" in ${defaultName(pageUrl)}`)
  return { method: 'GET', url: new URL(href, pageUrl).href, body: undefined, params }
}
