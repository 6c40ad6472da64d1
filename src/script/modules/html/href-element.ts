import { Element } from './element.ts'

type Part =
  | ('hash' | 'host' | 'hostname' | 'origin' | 'password')
  | ('pathname' | 'port' | 'protocol' | 'search' | 'username')

/** A link: `a` and `area`. The parts of its address are empty when it is none. */
export class HrefElement extends Element {
  hash(): string {
    return this.#part('hash')
  }

  host(): string {
    return this.#part('host')
  }

  hostname(): string {
    return this.#part('hostname')
  }

  origin(): string {
    return this.#part('origin')
  }

  password(): string {
    return this.#part('password')
  }

  pathname(): string {
    return this.#part('pathname')
  }

  port(): string {
    return this.#part('port')
  }

  protocol(): string {
    return this.#part('protocol')
  }

  relList(): string[] {
    return this.words('rel')
  }

  search(): string {
    return this.#part('search')
  }

  text(): string {
    return this.textContent()
  }

  username(): string {
    return this.#part('username')
  }

  #part(name: Part): string {
    const href = this.getAttribute('href')
    const base = this.page.url === '' ? undefined : this.page.url
    return href !== undefined && URL.canParse(href, base) ? new URL(href, base)[name] : ''
  }
}

/** `link`. */
export class LinkElement extends Element {
  relList(): string[] {
    return this.words('rel')
  }
}
