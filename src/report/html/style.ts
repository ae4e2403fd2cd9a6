/**
 * The page's style sheet. Both palettes keep 3 : 1 against their background, and are told apart with
 * the common kinds of colour blindness (after Okabe and Ito, https://jfly.uni-koeln.de/color/).
 */
const light = `
  --page: #fff; --ink: #171b21; --soft: #56606c; --rule: #dfe3e8; --shade: #f5f7f9; --link: #0a58a6;
  --alarm: #a1260d; --alarm-page: #fdf1ee; --care: #7a5200; --care-page: #fdf7e8;
  --c0: #0072b2; --c1: #c1500a; --c2: #00815f; --c3: #a5418a; --c4: #5d50b8; --c5: #87690a; --c6: #5c6873; --c7: #171b21;`;

const dark = `
  --page: #12161b; --ink: #e9edf1; --soft: #a4afbb; --rule: #2f3740; --shade: #1a2027; --link: #7cb8f2;
  --alarm: #ff9d87; --alarm-page: #2c1a17; --care: #ecc168; --care-page: #272215;
  --c0: #56b4e9; --c1: #f28a3c; --c2: #3cc79d; --c3: #e291c6; --c4: #a79df5; --c5: #dfc033; --c6: #a4afbb; --c7: #e9edf1;`;

const text = `
*, *::before, *::after { box-sizing: border-box; }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; }
body { margin: 0; overflow-wrap: anywhere; background: var(--page); color: var(--ink); font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header, main, footer { max-width: 50rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 4rem; }
.eyebrow { margin: 0 0 .75rem; color: var(--soft); font-size: .875rem; }
h1 { margin: 0; font-size: clamp(1.55rem, 1.1rem + 2vw, 2.25rem); line-height: 1.2; letter-spacing: -.018em; font-weight: 650; text-wrap: balance; }
h2 { margin: 4.5rem 0 .75rem; padding-top: 1.5rem; border-top: 1px solid var(--rule); font-size: 1.5rem; line-height: 1.3; letter-spacing: -.01em; }
h3 { margin: 2.75rem 0 .25rem; font-size: 1.0625rem; line-height: 1.4; }
p { margin: .5rem 0 1rem; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 3px; }
code, pre { font: .875em/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { margin: .5rem 0 1rem; padding: .9rem 1rem; background: var(--shade); border-radius: 6px; white-space: pre-wrap; }
.name, code, dd { unicode-bidi: isolate; }
.findings { margin: 2.25rem 0 0; display: grid; grid-template-columns: minmax(9rem, auto) 1fr; gap: .9rem 1.75rem; }
.findings dt { font-weight: 600; }
.findings dd { margin: 0; max-width: 38rem; }
.contents { margin: 2.25rem 0 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: .35rem 1.25rem; font-size: .9375rem; }
.notice { margin: 2rem 0 0; padding: 1.1rem 1.25rem; border-radius: 8px; border-left: 4px solid var(--care); background: var(--care-page); }
.notice h2 { margin: 0 0 .35rem; padding: 0; border: 0; font-size: 1.0625rem; color: var(--care); }
.notice.alarm { border-color: var(--alarm); background: var(--alarm-page); }
.notice.alarm h2 { color: var(--alarm); }
.notice p:last-child { margin-bottom: 0; }
.warnings { margin: 1rem 0; padding: 0; list-style: none; }
.warnings > li { padding: .9rem 0; border-top: 1px solid var(--rule); }
.warnings p { margin: 0; }
.warnings .who, .remedy { color: var(--soft); font-size: .9375rem; }
.warnings .alarm { color: var(--alarm); font-weight: 600; }
.facts { display: grid; grid-template-columns: minmax(9rem, auto) 1fr; gap: .3rem 1.75rem; margin: 1rem 0; font-size: .9375rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; }
button { font: inherit; font-size: .9375rem; padding: .45rem .9rem; border: 1px solid var(--soft); border-radius: 6px; background: var(--page); color: var(--ink); cursor: pointer; }
footer { margin-top: 5rem; padding-bottom: 4rem; color: var(--soft); font-size: .875rem; }
`;

const tables = `
.scroll { overflow-x: auto; margin: 1.5rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .35rem; }
th, td { padding: .5rem 0 .5rem 1.4rem; text-align: right; vertical-align: top; white-space: nowrap; font-weight: 400; border-bottom: 1px solid var(--rule); }
thead th { color: var(--soft); font-size: .8125rem; vertical-align: bottom; border-bottom-color: var(--soft); }
th:first-child { padding-left: 0; text-align: left; }
tbody th { font-weight: 500; white-space: normal; min-width: 14.5rem; }
td small, th small { display: block; color: var(--soft); font-size: .75rem; line-height: 1.35; }
th small.invalid { color: var(--alarm); }
.bound { color: var(--care); font-weight: 600; }
.kept, .broken { font-weight: 600; } .broken { color: var(--alarm); }
.place { color: var(--soft); }
details { margin: 1rem 0; }
summary { cursor: pointer; color: var(--link); font-size: .9375rem; }
details table { font-size: .875rem; }
`;

const charts = `
figure { margin: 3rem 0 0; }
figure h3 { margin: 0; }
figcaption { margin: .25rem 0 .9rem; color: var(--soft); font-size: .9375rem; max-width: 42rem; }
figure > svg, .half > svg { display: block; width: 100%; height: auto; overflow: visible; }
figure > svg.narrow { display: none; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 3rem; }
.legend li { min-width: 0; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.25rem; margin: 0 0 .9rem; padding: 0; list-style: none; font-size: .875rem; }
svg.key { vertical-align: baseline; margin-right: .45rem; }
svg text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; font-variant-numeric: tabular-nums; fill: var(--soft); }
svg text.bar-name, svg text.figure { fill: var(--ink); }
.grid { stroke: var(--rule); fill: none; }
.line { fill: none; stroke: var(--c); stroke-width: 1.75; stroke-linejoin: round; }
.mark { fill: var(--c); stroke: var(--page); stroke-width: .75; }
.spread { fill: var(--c); opacity: .16; }
.bar { fill: var(--c); }
.bar.p1 { fill: var(--page); stroke: var(--c); stroke-width: 1.5; }
.whisker { fill: none; stroke: var(--ink); stroke-width: 1.5; }
.event { fill: none; stroke: var(--ink); stroke-dasharray: 4 3; }
svg text.event-name { fill: var(--ink); font-weight: 600; }
.band { fill: var(--shade); }
.band.b1 { fill: none; }
.fit { fill: none; stroke: var(--c); stroke-width: 1.75; }
${Array.from({ length: 8 }, (_, i) => `.c${i} { --c: var(--c${i}); }`).join(' ')}
.d1 .line, .d1.key .line { stroke-dasharray: 7 3; } .d2 .line { stroke-dasharray: 2 2.5; } .d3 .line { stroke-dasharray: 8 3 2 3; }
`;

const narrow = `
@media (max-width: 40rem) {
  body { font-size: 15px; }
  header { padding-top: 2rem; }
  h2 { margin-top: 3rem; }
  .findings, .facts { grid-template-columns: 1fr; gap: .1rem; }
  .findings dd, .facts dd { margin-bottom: .9rem; }
  figure > svg.wide { display: none; }
  figure > svg.narrow { display: block; }
  .pair { grid-template-columns: 1fr; }
  tbody th { min-width: 9rem; }
  th, td { padding-left: 1rem; }
}`;

/** On paper there is nothing to open, to scroll or to follow. */
const print = `
@page { margin: 16mm; }
@media print {
  :root {${light} }
  body { font-size: 10pt; }
  header, main, footer { max-width: none; padding: 0; }
  header { padding-top: 0; }
  .contents, figure details, button { display: none; }
  h2 { margin-top: 2rem; break-after: avoid; }
  figure, tr, .notice, .warnings > li { break-inside: avoid; }
  figure > svg.wide { display: block; }
  figure > svg.narrow { display: none; }
  .scroll { overflow: visible; }
  table, th, td { font-size: 8pt; }
  th, td { padding-left: .6rem; }
  tbody th { min-width: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}`;

export const styleSheet = `:root {${light} }
@media (prefers-color-scheme: dark) { :root {${dark} } }
${text}${tables}${charts}${narrow}${print}`;
