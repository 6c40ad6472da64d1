import { RequestMistake } from './request-mistake.ts'

/** A token (RFC 6265 §4.1.1). */
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** More than the standard allows, as in practice, but nothing that would end the cookie or the header. */
// oxlint-disable-next-line no-control-regex
const VALUE = /^[\x20-\x3a\x3c-\x7e\x80-\xff]*$/

/** @throws {RequestMistake} for a cookie that no header can carry */
export function assertCookie(name: string, value: string): void {
  if (!NAME.test(name)) throw new RequestMistake(`not a name for a cookie: ${JSON.stringify(name)}`)
  if (!VALUE.test(value)) {
    throw new RequestMistake(`the value of cookie ${name} has a character that no cookie can carry`)
  }
}
