import { element, escaped } from './markup.ts'
import { STYLESHEET } from './stylesheet.ts'

/** Scripts of a page, and styles that they need beyond the page's own. */
interface Extras {
  readonly stylesheet: string
  readonly scripts: readonly string[]
}

/**
 * A whole HTML document that asks for nothing outside of itself; without `extras` it may not run a script either.
 *
 * @param title as text
 * @param main markup
 */
export function htmlDocument(title: string, main: readonly string[], extras?: Extras): string {
  const styles = `${extras?.stylesheet ?? ''}${STYLESHEET}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy(extras !== undefined)}">
<title>${escaped(title)} – headroom</title>
<style>${styles}</style>
</head>
<body>
${[element('main', {}, ...main), ...(extras?.scripts ?? []).map(script)].join('\n')}
</body>
</html>
`
}

/** Nothing may be fetched, from nowhere: the page is whole as it is. */
function policy(hasScripts: boolean): string {
  const scripts = hasScripts ? ["script-src 'unsafe-inline'"] : []
  return [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    ...scripts,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

/** A script must not hold its own end. */
function script(text: string): string {
  return `<script>${text.replaceAll('</script', String.raw`<\/script`)}</script>`
}
