import { Element } from './element.ts'

export class CanvasElement extends Element {
  height(): number {
    return this.whole('height', 150)
  }

  width(): number {
    return this.whole('width', 300)
  }
}

export class MapElement extends Element {
  areas(): Element[] {
    return this.querySelectorAll('area')
  }

  /** Those that use the map. */
  images(): Element[] {
    const name = `#${this.getAttribute('name') ?? ''}`
    return this.inPage('img').filter((image) => image.getAttribute('usemap') === name)
  }
}

/** `audio` and `video`. */
export class MediaElement extends Element {
  textTracks(): Element[] {
    return this.querySelectorAll('track')
  }
}

/** `script` and `title`. */
export class TextElement extends Element {
  text(): string {
    return this.textContent()
  }
}

export class StyleElement extends Element {
  type(): string {
    return this.getAttribute('type') ?? 'text/css'
  }
}
