import type { MagicString } from 'magic-string'

interface Span {
  readonly start: number
  readonly end: number
}

interface Insert extends Span {
  readonly text: string
  readonly order: number
}

/**
 * Texts to put around pieces of a module. Whatever order they are asked for in, they come out nested as the pieces are;
 * of two around the same piece the one asked for first is the outer one.
 */
export class Edits {
  readonly #opening = new Map<number, Insert[]>()
  readonly #closing = new Map<number, Insert[]>()
  #order = 0

  around({ start, end }: Span, before: string, after: string): void {
    const order = this.#order++
    append(this.#opening, start, { start, end, text: before, order })
    if (after !== '') append(this.#closing, end, { start, end, text: after, order })
  }

  applyTo(text: MagicString): void {
    for (const [offset, inserts] of this.#closing) {
      inserts.sort((a, b) => b.start - a.start || b.order - a.order)
      text.appendLeft(offset, inserts.map((insert) => insert.text).join(''))
    }
    for (const [offset, inserts] of this.#opening) {
      inserts.sort((a, b) => b.end - a.end || a.order - b.order)
      text.appendLeft(offset, inserts.map((insert) => insert.text).join(''))
    }
  }
}

function append(map: Map<number, Insert[]>, offset: number, insert: Insert): void {
  const list = map.get(offset)
  if (list) list.push(insert)
  else map.set(offset, [insert])
}
