import { HEAT_DARK, HEAT_LIGHT, INKS } from './ink.ts'

/** Every colour of the plots as a variable, for the light or the dark page. */
function inkVariables(scheme: 'light' | 'dark'): string {
  const inks = Object.entries(INKS).map(([name, ink]) => `--${name}:${ink[scheme]}`)
  const heat = (scheme === 'light' ? HEAT_LIGHT : HEAT_DARK).map((color, level) => `--h${level}:${color}`)
  return [...inks, ...heat].join(';')
}

function inkRules(): string {
  const inks = Object.keys(INKS).map(
    (name) => `.k-${name}{stroke:var(--${name})}.f-${name}{fill:var(--${name})}`,
  )
  const heat = HEAT_LIGHT.map((_, level) => `.h-${level}{fill:var(--h${level})}`)
  return [...inks, ...heat].join('\n')
}

/** The page's stylesheet: light or dark as the reader's system is, readable from 320 px on. */
export const STYLESHEET: string = `
:root{color-scheme:light dark;--page:#fff;--card:#fff;--text:#1c1c1c;--muted:#5a5a5a;--line:#dcdcdc;--link:#005a9c;
--good:#00664b;--bad:#a82e00;--warn:#7a5200;${inkVariables('light')}}
@media (prefers-color-scheme:dark){:root{--page:#121417;--card:#1a1d21;--text:#e8e8e8;--muted:#a8adb3;--line:#363b41;--link:#7cc0ff;
--good:#3ecf9c;--bad:#ff9166;--warn:#f0b429;${inkVariables('dark')}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1400px;margin:0 auto;padding:16px}
h1{font-size:1.6rem;line-height:1.2;margin:.2em 0;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:2rem 0 .6rem}
h3{font-size:1rem;margin:0}
p{margin:.4rem 0}
a{color:var(--link)}
code{margin-right:.6em;font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.facts,.about,.axis,.absent{color:var(--muted)}
.facts{overflow-wrap:anywhere}
.about{font-size:13px;margin:.2rem 0 .4rem}
.verdict{display:flex;gap:.7em;align-items:baseline;margin:.35rem 0}
.verdict span{overflow-wrap:anywhere;min-width:0}
.badge{flex:none;min-width:4.6em;text-align:center;font-size:13px;padding:0 .5em;border:1.5px solid;border-radius:4px}
.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
.checks{list-style:none;margin:0;padding:0}
.figures{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.25rem 1.2rem;margin:0}
.figures dt{color:var(--muted)}
.figures dd{margin:0;overflow-wrap:anywhere;display:flex;flex-wrap:wrap;gap:0 1.4em}
.plots{display:grid;grid-template-columns:minmax(0,1fr);gap:16px}
figure{margin:0;padding:14px;border:1px solid var(--line);border-radius:6px;background:var(--card);min-width:0;display:flex;flex-direction:column}
.legend{list-style:none;margin:.2rem 0 .4rem;padding:0;display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;font-size:13px}
.legend li{display:flex;align-items:center;gap:.45em}
.legend svg{flex:none}
.key{font-size:13px;display:flex;flex-wrap:wrap;align-items:center;gap:.3em .6em}
.plot svg{display:block;width:100%;height:auto}
.plot svg.marks{position:absolute;width:0;height:0}
.plot .narrow{display:none}
.plot text{fill:var(--text);font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.plot text.axis{fill:var(--muted)}
.grid{stroke:var(--line)}
details{margin-top:.5rem;font-size:14px;min-width:0}
summary{cursor:pointer;color:var(--link)}
.scroll{overflow:auto;max-height:26rem;margin-top:.4rem}
.scroll table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
.scroll th,.scroll td{padding:.2rem .7rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
.scroll th:first-child{text-align:left;padding-left:0;white-space:normal;overflow-wrap:anywhere;min-width:8em;max-width:26em}
.scroll thead th{font-weight:600;vertical-align:bottom}
.scroll tbody th{font-weight:400}
pre{overflow:auto;max-height:20rem;padding:.6rem;border:1px solid var(--line);font-size:12px}
.links{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;padding:0;margin:.3rem 0}
button{font:inherit;font-size:13px;color:var(--link);background:none;border:1px solid var(--line);border-radius:4px;padding:.1rem .7rem;margin:.3rem .5rem 0 0;cursor:pointer}
.zoom .u-legend{text-align:left;font-size:13px}.zoom .u-value{font-variant-numeric:tabular-nums}
.zoom .u-select{background:color-mix(in srgb,var(--link) 25%,transparent)}
[hidden]{display:none!important}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
@media (max-width:560px){main{padding:10px}figure{padding:10px}.plot .wide{display:none}.plot .narrow{display:block}}
@media (min-width:1100px){.plots{grid-template-columns:repeat(2,minmax(0,1fr))}
.plots.packed{display:block;columns:2;column-gap:16px}.packed figure{break-inside:avoid;margin-bottom:16px}}
@media print{figure{break-inside:avoid}button,.zoom{display:none}}
${inkRules()}
`
