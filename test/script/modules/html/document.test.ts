import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { parseHTML, preparePages } from '../../../../src/script/modules/html/document.ts'

/** Native modules of this thread, by path. */
const { cache } = createRequire(import.meta.url)

function isLoaded(): boolean {
  return Object.keys(cache).some((path) => path.includes('/node_modules/cheerio/'))
}

describe('the library that reads pages', () => {
  it('is loaded beforehand for a script that may read some, and for no other', () => {
    preparePages(`const reply = http.get('/html', { headers: { Accept: 'text/html' } }); reply.json('html')`)
    expect(isLoaded()).toBe(false)
    preparePages(`http.get('/').html('h1')`)
    expect(isLoaded()).toBe(true)
    const files = Object.keys(cache).length
    expect(parseHTML('<ul><li>a<li>b</ul>').find('ul li').text()).toBe('ab')
    expect(Object.keys(cache)).toHaveLength(files)
  })
})
