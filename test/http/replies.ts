/** Replies as bytes, written as latin1 text, and what is to be read from them (RFC 9112). */
import type { Given } from './parse.ts'

export const OK = 'HTTP/1.1 200 OK\r\n'
export const CHUNKED: string = `${OK}Transfer-Encoding: chunked\r\n\r\n`

export interface Accepted extends Given {
  readonly name: string
  readonly wire: string
  readonly status?: number
  readonly body?: string
  readonly persistent?: boolean
  readonly leftover?: string
}

export const ACCEPTED: readonly Accepted[] = [
  { name: 'Content-Length', wire: `${OK}Content-Length: 5\r\n\r\nhello`, body: 'hello' },
  { name: 'Content-Length 0', wire: `${OK}Content-Length: 0\r\n\r\n` },
  { name: 'no space around the value', wire: `${OK}content-LENGTH:2\r\n\r\nhi`, body: 'hi' },
  { name: 'blanks around the value', wire: `${OK}Content-Length: \t 2 \t\r\n\r\nhi`, body: 'hi' },
  { name: 'leading zeros', wire: `${OK}Content-Length: 0002\r\n\r\nhi`, body: 'hi' },
  {
    name: 'the same length twice',
    wire: `${OK}Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi`,
    body: 'hi',
  },
  { name: 'the same length in a list', wire: `${OK}Content-Length: 2, 2\r\n\r\nhi`, body: 'hi' },
  {
    name: 'other headers with names as long',
    wire: `${OK}X-Content-Len: x\r\nX-Transfer-Encode: y\r\nContent-Length: 0\r\n\r\n`,
  },
  { name: 'empty header value', wire: `${OK}X-Empty:\r\nContent-Length: 0\r\n\r\n` },
  { name: 'no reason phrase', wire: 'HTTP/1.1 204 \r\n\r\n', status: 204 },
  { name: 'not even a space after the status', wire: 'HTTP/1.1 204\r\n\r\n', status: 204 },
  { name: 'obs-text in reason and value', wire: 'HTTP/1.1 204 n\xe4\r\nX: \xff\r\n\r\n', status: 204 },
  { name: 'a status of no class', wire: 'HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n', status: 999 },
  {
    name: '204 has no body',
    wire: 'HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nxyz',
    status: 204,
    leftover: 'xyz',
  },
  { name: '304 has no body', wire: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n', status: 304 },
  { name: 'HEAD has no body', wire: `${OK}Content-Length: 5\r\n\r\n`, method: 'HEAD' },
  { name: 'HEAD of a huge body', wire: `${OK}Content-Length: 999999999999\r\n\r\n`, method: 'HEAD' },
  { name: 'HEAD has no chunks either', wire: CHUNKED, method: 'HEAD' },
  {
    name: 'two replies at once',
    wire: `${OK}Content-Length: 2\r\n\r\nhiHTTP/1.1 500`,
    body: 'hi',
    leftover: 'HTTP/1.1 500',
  },
  { name: 'one chunk', wire: `${CHUNKED}5\r\nhello\r\n0\r\n\r\n`, body: 'hello' },
  {
    name: 'several chunks',
    wire: `${CHUNKED}5\r\nhello\r\n1\r\n \r\n00a\r\n0123456789\r\n0\r\n\r\n`,
    body: 'hello 0123456789',
  },
  {
    name: 'sizes in both cases',
    wire: `${CHUNKED}0A\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n`,
    body: '01234567890123456789a',
  },
  { name: 'line ends inside chunks', wire: `${CHUNKED}4\r\n\r\n\r\n\r\n0\r\n\r\n`, body: '\r\n\r\n' },
  { name: 'chunk extensions', wire: `${CHUNKED}2;a=b;c="d e"\r\nhi\r\n0;last\r\n\r\n`, body: 'hi' },
  { name: 'padded chunk sizes', wire: `${CHUNKED}2  \r\nhi\r\n0 ;x\r\n\r\n`, body: 'hi' },
  { name: 'trailers', wire: `${CHUNKED}2\r\nhi\r\n0\r\nX-Sum: 1\r\nContent-Length: 9\r\n\r\n`, body: 'hi' },
  { name: 'no chunks at all', wire: `${CHUNKED}0\r\n\r\nX`, leftover: 'X' },
  {
    name: 'coding in another case',
    wire: `${OK}Transfer-Encoding: Chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`,
    body: 'x',
  },
  {
    name: 'until the end',
    wire: `${OK}\r\nall there is`,
    closes: true,
    body: 'all there is',
    persistent: false,
  },
  { name: 'until the end, empty', wire: `${OK}\r\n`, closes: true, persistent: false },
  {
    name: 'Connection: close',
    wire: `${OK}Connection: close\r\nContent-Length: 0\r\n\r\n`,
    persistent: false,
  },
  {
    name: 'close in a list',
    wire: `${OK}Connection: foo, Close\r\nContent-Length: 0\r\n\r\n`,
    persistent: false,
  },
  {
    name: 'close in a second header',
    wire: `${OK}Connection: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    persistent: false,
  },
  { name: 'closely is not close', wire: `${OK}Connection: closely\r\nContent-Length: 0\r\n\r\n` },
  { name: 'HTTP/1.0', wire: 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', persistent: false },
  {
    name: 'HTTP/1.0 kept alive',
    wire: 'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx',
    body: 'x',
  },
  {
    name: 'HTTP/1.0 with chunks',
    wire: 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    persistent: false,
  },
  { name: '100 before', wire: `HTTP/1.1 100 Continue\r\n\r\n${OK}Content-Length: 2\r\n\r\nhi`, body: 'hi' },
  {
    name: '102 and 103 before',
    wire: `HTTP/1.1 102 P\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 7\r\n\r\n${OK}Content-Length: 2\r\n\r\nhi`,
    body: 'hi',
  },
  {
    name: 'throttled',
    wire: 'HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\n{}',
    status: 429,
    body: '{}',
  },
]

export interface Refused extends Given {
  readonly name: string
  readonly wire: string
  readonly fault: string
}

const NO_VERSION = 'does not start with "HTTP/1.1" or "HTTP/1.0"'
const BAD_STATUS = 'has a malformed status'
const BAD_NAME = 'has a malformed header name'
const BAD_LENGTH = 'has a malformed Content-Length'
const BAD_CHUNK = 'has a malformed chunk'
const LINE_END = 'has a line that ends without a carriage return'
const CONTROL = 'has a control character in its head'
const LONE_CR = 'has a carriage return without a line feed'

export const REFUSED: readonly Refused[] = [
  { name: 'not HTTP', wire: 'SSH-2.0-OpenSSH_9.6\r\n', fault: NO_VERSION },
  { name: 'HTTP/2', wire: 'HTTP/2.0 200 OK\r\n\r\n', fault: NO_VERSION },
  { name: 'HTTP/1.2', wire: 'HTTP/1.2 200 OK\r\n\r\n', fault: NO_VERSION },
  { name: 'lower-case http', wire: 'http/1.1 200 OK\r\n\r\n', fault: NO_VERSION },
  { name: 'an empty line first', wire: `\r\n${OK}\r\n`, fault: NO_VERSION },
  { name: 'two digits of status', wire: 'HTTP/1.1 20 OK\r\n\r\n', fault: BAD_STATUS },
  { name: 'four digits of status', wire: 'HTTP/1.1 2000 OK\r\n\r\n', fault: BAD_STATUS },
  { name: 'status 099', wire: 'HTTP/1.1 099 Low\r\n\r\n', fault: BAD_STATUS },
  { name: 'two spaces before the status', wire: 'HTTP/1.1  200 OK\r\n\r\n', fault: BAD_STATUS },
  { name: 'bare LF after the status line', wire: 'HTTP/1.1 200 OK\nContent-Length: 0\n\n', fault: LINE_END },
  { name: 'bare LF after a header', wire: `${OK}A: b\nContent-Length: 0\r\n\r\n`, fault: LINE_END },
  { name: 'bare CR in a header', wire: `${OK}A: b\rc\r\n\r\n`, fault: LONE_CR },
  { name: 'bare CR at the end of the head', wire: `${OK}\rX`, fault: LONE_CR },
  { name: 'NUL in a value', wire: `${OK}A: b\0c\r\n\r\n`, fault: CONTROL },
  { name: 'DEL in a value', wire: `${OK}A: \x7f\r\n\r\n`, fault: CONTROL },
  { name: 'NUL in the reason', wire: 'HTTP/1.1 200 O\0K\r\n\r\n', fault: CONTROL },
  { name: 'no name', wire: `${OK}: b\r\n\r\n`, fault: BAD_NAME },
  { name: 'no colon', wire: `${OK}Nonsense\r\n\r\n`, fault: BAD_NAME },
  { name: 'a blank before the colon', wire: `${OK}A : b\r\n\r\n`, fault: BAD_NAME },
  { name: 'obs-text in a name', wire: `${OK}\xe4: b\r\n\r\n`, fault: BAD_NAME },
  { name: 'a folded header', wire: `${OK}A: b\r\n c\r\n\r\n`, fault: 'has a header folded over two lines' },
  { name: 'negative length', wire: `${OK}Content-Length: -1\r\n\r\n`, fault: BAD_LENGTH },
  { name: 'signed length', wire: `${OK}Content-Length: +1\r\n\r\n`, fault: BAD_LENGTH },
  { name: 'hexadecimal length', wire: `${OK}Content-Length: 0x10\r\n\r\n`, fault: BAD_LENGTH },
  { name: 'empty length', wire: `${OK}Content-Length:\r\n\r\n`, fault: BAD_LENGTH },
  { name: 'inexact length', wire: `${OK}Content-Length: 9007199254740993\r\n\r\n`, fault: BAD_LENGTH },
  { name: 'length list with a hole', wire: `${OK}Content-Length: 2,,2\r\n\r\n`, fault: BAD_LENGTH },
  {
    name: 'two lengths',
    wire: `${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\nhi`,
    fault: 'has two different Content-Lengths',
  },
  {
    name: 'two lengths in a list',
    wire: `${OK}Content-Length: 1, 2\r\n\r\nhi`,
    fault: 'has two different Content-Lengths',
  },
  {
    name: 'length and coding',
    wire: `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    fault: 'has both Content-Length and Transfer-Encoding',
  },
  {
    name: 'unknown coding',
    wire: `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n`,
    fault: 'has a Transfer-Encoding other than chunked',
  },
  {
    name: 'chunked twice',
    wire: `${OK}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`,
    fault: 'has a Transfer-Encoding other than chunked',
  },
  {
    name: 'empty coding',
    wire: `${OK}Transfer-Encoding:\r\n\r\n`,
    fault: 'has a Transfer-Encoding other than chunked',
  },
  {
    name: 'coding with a stray byte',
    wire: `${OK}Transfer-Encoding: chunked\xa0\r\n\r\n`,
    fault: 'has a Transfer-Encoding other than chunked',
  },
  { name: 'no chunk size', wire: `${CHUNKED}\r\n`, fault: BAD_CHUNK },
  { name: 'negative chunk size', wire: `${CHUNKED}-1\r\n`, fault: BAD_CHUNK },
  { name: 'no hexadecimal chunk size', wire: `${CHUNKED}2g\r\nhi\r\n`, fault: BAD_CHUNK },
  { name: 'chunk size of nine digits', wire: `${CHUNKED}000000002\r\nhi\r\n`, fault: BAD_CHUNK },
  { name: 'text after a padded size', wire: `${CHUNKED}2 2\r\nhi\r\n`, fault: BAD_CHUNK },
  { name: 'bare LF after the size', wire: `${CHUNKED}2\nhi\r\n`, fault: BAD_CHUNK },
  { name: 'CR without LF after the size', wire: `${CHUNKED}2\r2hi\r\n`, fault: BAD_CHUNK },
  { name: 'NUL in an extension', wire: `${CHUNKED}2;\0\r\nhi\r\n`, fault: BAD_CHUNK },
  { name: 'chunk longer than its size', wire: `${CHUNKED}2\r\nhi!\r\n`, fault: BAD_CHUNK },
  { name: 'CR without LF after a chunk', wire: `${CHUNKED}2\r\nhi\r!`, fault: BAD_CHUNK },
  { name: 'a malformed trailer', wire: `${CHUNKED}0\r\nbad trailer\r\n\r\n`, fault: BAD_NAME },
  {
    name: 'a switch of protocols',
    wire: 'HTTP/1.1 101 Switching Protocols\r\n\r\n',
    fault: 'switches protocols, which was not asked for',
  },
]

export const INCOMPLETE: readonly (Given & { readonly name: string; readonly wire: string })[] = [
  { name: 'nothing', wire: '' },
  { name: 'half a version', wire: 'HTTP/1' },
  { name: 'half a status line', wire: 'HTTP/1.1 200 O' },
  { name: 'half a header', wire: `${OK}Content-Le` },
  { name: 'a head without its end', wire: `${OK}Content-Length: 0\r\n` },
  { name: 'a head without its last byte', wire: `${OK}Content-Length: 0\r\n\r` },
  { name: 'half a body', wire: `${OK}Content-Length: 5\r\n\r\nhel` },
  { name: 'only an interim reply', wire: 'HTTP/1.1 100 Continue\r\n\r\n' },
  { name: 'half a chunk', wire: `${CHUNKED}5\r\nhel` },
  { name: 'no last chunk', wire: `${CHUNKED}5\r\nhello\r\n` },
  { name: 'no end of the trailers', wire: `${CHUNKED}0\r\n` },
]
