/** Replies that try where a body begins and ends: RFC 9112 sections 2.2, 5, 6, 7 and 9, case by case. */
import { type Accepted, CHUNKED, OK, type Refused } from './replies.ts'

const INTERIM = 'HTTP/1.1 100 Continue\r\n\r\n'
const EMPTY = `${OK}Content-Length: 0\r\n\r\n`
const TWO = 'Content-Length: 2\r\n'

export const FRAMED: readonly Accepted[] = [
  {
    name: 'the same length three times, with zeros',
    wire: `${OK}${TWO}${TWO}Content-Length: 002\r\n\r\nhi`,
    body: 'hi',
  },
  {
    name: 'the same length in lists of two headers',
    wire: `${OK}Content-Length: 2,2\r\nContent-Length: 2\t, 2\r\n\r\nhi`,
    body: 'hi',
  },
  {
    name: 'the largest length there is, for HEAD',
    wire: `${OK}Content-Length: 9007199254740991\r\n\r\n`,
    method: 'HEAD',
  },
  {
    name: '204 with chunks has no body',
    wire: 'HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    status: 204,
    leftover: '0\r\n\r\n',
  },
  {
    name: '304 with chunks has no body',
    wire: 'HTTP/1.1 304 No\r\nTransfer-Encoding: chunked\r\n\r\n',
    status: 304,
  },
  { name: '304 without a length has no body', wire: 'HTTP/1.1 304 No\r\n\r\nx', status: 304, leftover: 'x' },
  {
    name: '205 may have one',
    wire: 'HTTP/1.1 205 Reset\r\nContent-Length: 2\r\n\r\nhi',
    status: 205,
    body: 'hi',
  },
  { name: 'HEAD without a length keeps the connection', wire: `${OK}\r\n`, method: 'HEAD' },
  { name: 'a chunk size of eight digits', wire: `${CHUNKED}00000002\r\nhi\r\n00000000\r\n\r\n`, body: 'hi' },
  { name: 'an empty chunk extension', wire: `${CHUNKED}2;\r\nhi\r\n0;\r\n\r\n`, body: 'hi' },
  { name: 'quotes in a chunk extension', wire: `${CHUNKED}2;a="\\";b"\r\nhi\r\n0\r\n\r\n`, body: 'hi' },
  {
    name: 'a chunk that looks like the last one',
    wire: `${CHUNKED}5\r\n0\r\n\r\n\r\n0\r\n\r\n`,
    body: '0\r\n\r\n',
  },
  {
    name: 'a body that looks like a reply',
    wire: `${OK}Content-Length: ${EMPTY.length}\r\n\r\n${EMPTY}`,
    body: EMPTY,
  },
  {
    name: 'trailers say nothing about framing',
    wire: `${CHUNKED}0\r\nTransfer-Encoding: gzip\r\nConnection: close\r\n\r\n`,
  },
  {
    name: 'a trailer twice, and one empty',
    wire: `${CHUNKED}0\r\nA: 1\r\nA: 2\r\nB:\r\n\r\nX`,
    leftover: 'X',
  },
  {
    name: 'an interim reply with chunks has no body',
    wire: `HTTP/1.1 103 E\r\nTransfer-Encoding: chunked\r\n\r\n${EMPTY}`,
  },
  {
    name: 'interim replies of every kind',
    wire: `${INTERIM}HTTP/1.1 102 P\r\n\r\nHTTP/1.1 199 ?\r\n\r\n${EMPTY}`,
  },
  {
    name: 'an interim reply that closes nothing',
    wire: `HTTP/1.1 103 E\r\nConnection: close\r\n\r\n${EMPTY}`,
  },
  { name: 'as many interim replies as allowed', wire: INTERIM.repeat(32) + EMPTY },
  {
    name: 'close wins over keep-alive',
    wire: `${OK}Connection: keep-alive, close\r\nContent-Length: 0\r\n\r\n`,
    persistent: false,
  },
  {
    name: 'close behind empty list items',
    wire: `${OK}Connection: , ,close\r\nContent-Length: 0\r\n\r\n`,
    persistent: false,
  },
  {
    name: 'HTTP/1.0 with close and keep-alive',
    wire: 'HTTP/1.0 200 OK\r\nConnection: close, keep-alive\r\nContent-Length: 0\r\n\r\n',
    persistent: false,
  },
  {
    name: 'HTTP/1.0 until the end, although kept alive',
    wire: 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nall',
    closes: true,
    body: 'all',
    persistent: false,
  },
  {
    name: 'until the end, with line ends and NUL',
    wire: `${OK}\r\n\r\n\0\r\n`,
    closes: true,
    body: '\r\n\0\r\n',
    persistent: false,
  },
  {
    name: 'three replies at once',
    wire: `${OK}${TWO}\r\nhi${EMPTY}${EMPTY}`,
    body: 'hi',
    leftover: EMPTY + EMPTY,
  },
  { name: 'an empty line behind the body', wire: `${OK}${TWO}\r\nhi\r\n`, body: 'hi', leftover: '\r\n' },
  { name: 'a space without a reason', wire: 'HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n' },
]

const OTHER_CODING = 'has a Transfer-Encoding other than chunked'
const BOTH = 'has both Content-Length and Transfer-Encoding'
const BAD_LENGTH = 'has a malformed Content-Length'
const TWO_LENGTHS = 'has two different Content-Lengths'
const BAD_CHUNK = 'has a malformed chunk'
const FOLDED = 'has a header folded over two lines'
const CONTROL = 'has a control character in its head'
const LINE_END = 'has a line that ends without a carriage return'
const BAD_NAME = 'has a malformed header name'

const coded = (coding: string): string => `${OK}Transfer-Encoding: ${coding}\r\n\r\n0\r\n\r\n`
const sized = (length: string): string => `${OK}Content-Length: ${length}\r\n\r\nhi`

export const MISFRAMED: readonly Refused[] = [
  { name: 'chunked before another coding', wire: coded('chunked, gzip'), fault: OTHER_CODING },
  { name: 'only another coding', wire: coded('gzip'), fault: OTHER_CODING },
  { name: 'identity', wire: coded('identity'), fault: OTHER_CODING },
  { name: 'chunked with a parameter', wire: coded('chunked;q=1'), fault: OTHER_CODING },
  { name: 'chunked in quotes', wire: coded('"chunked"'), fault: OTHER_CODING },
  { name: 'chunked and nothing', wire: coded('chunked,'), fault: OTHER_CODING },
  { name: 'chunked with a letter before', wire: coded('xchunked'), fault: OTHER_CODING },
  {
    name: 'codings in two headers',
    wire: `${OK}Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n`,
    fault: OTHER_CODING,
  },
  {
    name: 'coding before length',
    wire: `${OK}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
    fault: BOTH,
  },
  {
    name: 'length 0 and coding',
    wire: `${OK}Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n`,
    fault: BOTH,
  },
  {
    name: 'length and an unknown coding',
    wire: `${OK}Content-Length: 2\r\nTransfer-Encoding: x\r\n\r\n`,
    fault: BOTH,
  },
  {
    name: 'length and coding in reply to HEAD',
    wire: `${OK}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`,
    method: 'HEAD',
    fault: BOTH,
  },
  {
    name: 'length and coding of 204',
    wire: 'HTTP/1.1 204 No\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n',
    fault: BOTH,
  },
  {
    name: 'a third length that differs',
    wire: `${OK}${TWO}${TWO}Content-Length: 3\r\n\r\nhi`,
    fault: TWO_LENGTHS,
  },
  { name: 'lengths 2 and 20', wire: sized('2, 20'), fault: TWO_LENGTHS },
  { name: 'a length with a comma behind', wire: sized('2,'), fault: BAD_LENGTH },
  { name: 'a length with a comma before', wire: sized(',2'), fault: BAD_LENGTH },
  { name: 'a length with a fraction', wire: sized('2.0'), fault: BAD_LENGTH },
  { name: 'a length with an exponent', wire: sized('2e0'), fault: BAD_LENGTH },
  { name: 'a length with a blank inside', wire: sized('1 2'), fault: BAD_LENGTH },
  { name: 'a length with a semicolon', wire: sized('2;'), fault: BAD_LENGTH },
  { name: 'a length with a no-break space', wire: sized('2\xa0'), fault: BAD_LENGTH },
  { name: 'a length of a thousand digits', wire: sized('9'.repeat(1_000)), fault: BAD_LENGTH },
  {
    name: 'a malformed length of 204',
    wire: 'HTTP/1.1 204 No\r\nContent-Length: x\r\n\r\n',
    fault: BAD_LENGTH,
  },
  {
    name: 'a malformed length of an interim reply',
    wire: `HTTP/1.1 103 E\r\nContent-Length: x\r\n\r\n${EMPTY}`,
    fault: BAD_LENGTH,
  },
  { name: 'a chunk size with 0x', wire: `${CHUNKED}0x2\r\nhi\r\n`, fault: BAD_CHUNK },
  { name: 'a signed chunk size', wire: `${CHUNKED}+2\r\nhi\r\n`, fault: BAD_CHUNK },
  { name: 'a blank before the chunk size', wire: `${CHUNKED} 2\r\nhi\r\n`, fault: BAD_CHUNK },
  { name: 'an extension without a size', wire: `${CHUNKED};a=b\r\n`, fault: BAD_CHUNK },
  { name: 'bare LF after an extension', wire: `${CHUNKED}2;a\nhi\r\n`, fault: BAD_CHUNK },
  { name: 'two carriage returns after a size', wire: `${CHUNKED}2\r\r\nhi\r\n`, fault: BAD_CHUNK },
  { name: 'bare LF after a chunk', wire: `${CHUNKED}2\r\nhi\n0\r\n\r\n`, fault: BAD_CHUNK },
  { name: 'no line end after a chunk', wire: `${CHUNKED}2\r\nhi0\r\n\r\n`, fault: BAD_CHUNK },
  { name: 'an empty line after a chunk', wire: `${CHUNKED}2\r\nhi\r\n\r\n0\r\n\r\n`, fault: BAD_CHUNK },
  { name: 'bare LF after the last chunk', wire: `${CHUNKED}0\n\r\n`, fault: BAD_CHUNK },
  { name: 'bare LF at the end of the trailers', wire: `${CHUNKED}0\r\n\n`, fault: BAD_NAME },
  { name: 'bare LF after a trailer', wire: `${CHUNKED}0\r\nA: b\n\r\n`, fault: LINE_END },
  { name: 'a folded trailer', wire: `${CHUNKED}0\r\nA: b\r\n\tc\r\n\r\n`, fault: FOLDED },
  { name: 'NUL in a trailer', wire: `${CHUNKED}0\r\nA: \0\r\n\r\n`, fault: CONTROL },
  { name: 'a reply instead of trailers', wire: `${CHUNKED}0\r\n${EMPTY}`, fault: BAD_NAME },
  { name: 'a folded first header', wire: `${OK} A: b\r\n\r\n`, fault: FOLDED },
  { name: 'a header folded with a tab', wire: `${OK}A: b\r\n\tc\r\n\r\n`, fault: FOLDED },
  { name: 'a folded length', wire: `${OK}Content-Length:\r\n 2\r\n\r\nhi`, fault: BAD_LENGTH },
  { name: 'a tab before the colon', wire: `${OK}Content-Length\t: 2\r\n\r\nhi`, fault: BAD_NAME },
  { name: 'a vertical tab in a value', wire: `${OK}A: b\x0bc\r\n\r\n`, fault: CONTROL },
  { name: 'NUL in a name', wire: `${OK}A\0: b\r\n\r\n`, fault: BAD_NAME },
  { name: 'bare LF at the end of the head', wire: `${OK}A: b\r\n\n`, fault: BAD_NAME },
  {
    name: 'a tab before the status',
    wire: 'HTTP/1.1\t200 OK\r\n\r\n',
    fault: 'does not start with "HTTP/1.1" or "HTTP/1.0"',
  },
  { name: 'a tab after the status', wire: 'HTTP/1.1 200\tOK\r\n\r\n', fault: 'has a malformed status' },
  {
    name: 'an empty line between replies',
    wire: `${INTERIM}\r\n${EMPTY}`,
    fault: 'does not start with "HTTP/1.1" or "HTTP/1.0"',
  },
  {
    name: 'a switch of protocols after 100',
    wire: `${INTERIM}HTTP/1.1 101 Switching\r\n\r\n`,
    fault: 'switches protocols, which was not asked for',
  },
  { name: 'too many interim replies', wire: INTERIM.repeat(33), fault: 'has more than 32 interim replies' },
]
