/** What is in a page, without the numbers of its coordinates. */

/** The figure of one plot. */
export function figureOf(html: string, id: string): string {
  return new RegExp(`<figure id="${id}".*?</figure>`, 's').exec(html)?.[0] ?? ''
}

/** Headings, plots with their panels and legends, and sentences. */
export function outline(html: string): string {
  const pattern =
    /<(h1|h2|h3|figcaption)[^>]*>(.*?)<\/\1>|<p class="(?:absent|about)">(.*?)<\/p>|<ul class="legend">(.*?)<\/ul>|<svg class="wide".*?<\/svg>/gs
  return [...html.matchAll(pattern)]
    .map(([whole, tag, heading, sentence, legend]) => {
      if (tag !== undefined) return `${tag === 'h3' ? '\n  ' : '\n'}${heading ?? ''}`
      if (sentence !== undefined) return `    ${sentence}`
      if (legend !== undefined) return `    legend: ${texts(legend, 'li').join(' | ')}`
      return `    labels: ${texts(whole, 'text').join(' | ')}`
    })
    .join('\n')
    .concat('\n')
}

/** Content of every element of that kind, without the markup in it. */
export function texts(markup: string, tag: string): string[] {
  return [...markup.matchAll(new RegExp(`<${tag}(?: [^>]*)?>(.*?)</${tag}>`, 'gs'))].map(([, content = '']) =>
    content.replaceAll(/<[^>]*>/g, ''),
  )
}

/** Rows of the first table in it, each as its cells. */
export function tableRows(markup: string): string[][] {
  const body = /<tbody>(.*?)<\/tbody>/s.exec(markup)?.[1] ?? ''
  return [...body.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) => texts(row, 't[hd]'))
}

/** Whether a plot has marks, at both of its widths. */
export function isDrawn(figure: string): boolean {
  return /<symbol[^>]*><path class="[^"]*" d="M/.test(figure) && /<svg class="narrow"/.test(figure)
}

/** What a browser would not forgive: every element is closed in order. */
export function unbalanced(html: string): string[] {
  const body = html.replaceAll(/<(script|style)[^>]*>.*?<\/\1>/gs, '')
  const open: string[] = []
  const faults: string[] = []
  for (const [, slash, name = ''] of body.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/gi)) {
    if (name === 'meta') continue
    if (slash === '') open.push(name)
    else if (open.pop() !== name) faults.push(name)
  }
  return [...faults, ...open]
}

/** Numbers that are none and ids that stand twice. */
export function brokenParts(html: string): string[] {
  const shown = html.replaceAll(/<script>.*?<\/script>/gs, '')
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id)
  return [
    ...[...shown.matchAll(/.{20}(?:NaN|Infinity|undefined|\[object)/g)].map(([text]) => text),
    ...ids.filter((id, i) => ids.indexOf(id) !== i),
    ...unbalanced(html),
  ]
}

/** Text that would be markup, or turn the page around, if it were not escaped. */
export const EVIL = `"'><script>alert(1)</script><svg onload=alert(2)>&amp;\u202E\u0000`

/** What of `EVIL` has come through. */
export function evilIn(html: string): string[] {
  return ['<script>alert', '<svg onload', '\u202E', '\u0000'].filter((part) => html.includes(part))
}
