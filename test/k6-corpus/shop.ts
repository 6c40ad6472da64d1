/** What the servers of the corpus answer: a small shop with accounts, and a corner that shows off HTTP. */
import type { Answer } from '../support/recording-server.ts'
import { answerFrom, NOT_FOUND, type Reply, type Routes } from './routes.ts'
import { basicReply, digestReply } from './shop-auth.ts'
import { httpRoutes } from './shop-http.ts'
import { productPage, SEARCH_PAGE, SIGN_IN_PAGE } from './shop-pages.ts'

interface Item {
  readonly id: number
  readonly name: string
  readonly price: number
  readonly tags: readonly string[]
}

const ITEMS: readonly Item[] = [
  { id: 1, name: 'kettle', price: 25, tags: ['kitchen', 'metal'] },
  { id: 2, name: 'teapot', price: 40, tags: ['kitchen', 'china'] },
  { id: 3, name: 'lamp', price: 60, tags: ['light'] },
  { id: 4, name: 'candle', price: 5, tags: ['light', 'wax'] },
  { id: 5, name: 'mug', price: 8, tags: ['kitchen', 'china'] },
]
const PAGE_SIZE = 2
const PASSWORD = 'open-sesame'
const POLLS_UNTIL_DONE = 3

/** A shop with nothing sold yet. */
export function createShop(): Answer {
  return answerFrom({ ...catalogRoutes(), ...accountRoutes(), ...orderRoutes(), ...httpRoutes() })
}

const UNAUTHORIZED: Reply = { status: 401, body: { error: 'sign in first' } }

function catalogRoutes(): Routes {
  const html = { 'content-type': 'text/html; charset=utf-8' }
  return {
    'GET /': () => ({ status: 200, headers: html, body: '<h1>Shop</h1>' }),
    'GET /items': ({ query }) => ({ status: 200, body: pageOf(Number(query.get('page') ?? 1)) }),
    'GET /items/:id': ({ segments: [id] }) => {
      const item = ITEMS.find((each) => String(each.id) === id)
      return item === undefined ? NOT_FOUND : { status: 200, body: item }
    },
    'POST /items': ({ fields }) => ({
      status: 201,
      headers: { location: '/items/6' },
      body: { id: 6, ...fields },
    }),
    'PUT /items/:id': ({ segments: [id], fields }) => ({ status: 200, body: { id: Number(id), ...fields } }),
    'PATCH /items/:id': ({ segments: [id], fields }) => ({
      status: 200,
      body: { id: Number(id), ...fields },
    }),
    'DELETE /items/:id': () => ({ status: 204 }),
    'POST /graphql': ({ fields }) => ({
      status: 200,
      body: { data: { items: ITEMS, asked: fields['variables'] } },
    }),
    'GET /search': () => ({ status: 200, headers: html, body: SEARCH_PAGE }),
    'GET /products/:id': ({ segments: [id] }) => ({
      status: 200,
      headers: html,
      body: productPage(Number(id)),
    }),
  }
}

function pageOf(page: number): object {
  const last = Math.ceil(ITEMS.length / PAGE_SIZE)
  const items = ITEMS.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
  return { page, total: ITEMS.length, items, next: page < last ? `/items?page=${page + 1}` : null }
}

/** Tokens tell whose they are; a refresh token gives a second generation. */
function accountRoutes(): Routes {
  const html = { 'content-type': 'text/html; charset=utf-8' }
  return {
    'GET /sign-in': () => ({ status: 200, headers: html, body: SIGN_IN_PAGE }),
    'POST /sign-in': ({ fields }) => ({
      status: 302,
      headers: { location: '/account', 'set-cookie': `session=${String(fields['user'])}; Path=/; HttpOnly` },
    }),
    'GET /account': ({ headers }) => ({ status: 200, body: { cookie: headers.cookie ?? null } }),
    'POST /login': ({ fields: { user, password } }) =>
      password === PASSWORD
        ? {
            status: 200,
            body: { token: `token-${String(user)}`, refresh: `refresh-${String(user)}`, ttlS: 60 },
          }
        : { status: 401, body: { error: 'wrong password' } },
    'POST /refresh': ({ fields }) => ({
      status: 200,
      body: { token: String(fields['refresh']).replace('refresh', 'token2') },
    }),
    'POST /logout': () => ({ status: 204 }),
    'GET /me': ({ headers }) => {
      const user = /^Bearer token2?-(.+)$/.exec(headers.authorization ?? '')?.[1]
      return user === undefined ? UNAUTHORIZED : { status: 200, body: { user } }
    },
    // A token of the first generation has expired already.
    'GET /vault': ({ headers }) =>
      headers.authorization?.startsWith('Bearer token2-') ? { status: 200, body: { gold: 7 } } : UNAUTHORIZED,
    'GET /basic': ({ headers }) => basicReply(headers.authorization),
    'GET /digest': ({ headers, method, path }) => digestReply(headers.authorization, method, path),
  }
}

function orderRoutes(): Routes {
  let orderCount = 0
  const polls = new Map<string, number>()
  return {
    'POST /cart': ({ headers, fields }) =>
      headers.authorization === undefined ? UNAUTHORIZED : { status: 201, body: { cart: 1, ...fields } },
    'POST /orders': () => {
      const id = ++orderCount
      return { status: 202, headers: { location: `/orders/${id}` }, body: { id, state: 'pending' } }
    },
    'GET /orders/:id': ({ segments: [id = ''] }) => {
      const count = (polls.get(id) ?? 0) + 1
      polls.set(id, count)
      return { status: 200, body: { id: Number(id), state: count < POLLS_UNTIL_DONE ? 'pending' : 'done' } }
    },
  }
}
