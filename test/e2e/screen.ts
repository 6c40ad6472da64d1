/** A terminal as far as the command uses one: what stands on it, and whether the cursor shows. */

const ESCAPE = String.fromCodePoint(27)
/** A sequence, a carriage return, a line feed, or text; colours are sequences that end in m. */
const TOKENS = new RegExp(`${ESCAPE}\\[[?\\d;]*[A-Za-z]|\\r|\\n|[^\\r\\n${ESCAPE}]+|[^]`, 'g')

export interface Screen {
  readonly lines: readonly string[]
  readonly cursorShows: boolean
}

/** @throws when the text holds a sequence that the command has no reason to use, or moves above the first line. */
export function screenOf(text: string): Screen {
  const terminal = new Terminal()
  for (const [token] of text.matchAll(TOKENS)) terminal.take(token)
  return terminal
}

class Terminal implements Screen {
  lines = ['']
  cursorShows = true
  #row = 0

  take(token: string): void {
    if (token.startsWith(ESCAPE)) return this.#takeSequence(token.slice(2))
    if (token === '\r') return
    if (token === '\n') this.lines[++this.#row] ??= ''
    else this.lines[this.#row] = (this.lines[this.#row] ?? '') + token
  }

  #takeSequence(sequence: string): void {
    if (sequence.endsWith('m')) return
    if (sequence.endsWith('A')) this.#moveUp(Number.parseInt(sequence, 10))
    else if (sequence === 'J') this.lines = [...this.lines.slice(0, this.#row), '']
    else if (sequence === '?25l' || sequence === '?25h') this.cursorShows = sequence === '?25h'
    else throw new Error(`unexpected sequence ${sequence}`)
  }

  #moveUp(lineCount: number): void {
    this.#row -= lineCount
    if (this.#row < 0) throw new Error('moved above the first line')
  }
}
