/** The style of the page: light and dark, cards instead of a table on narrow screens, and print. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --text: #1d2129; --soft: #59606d; --line: #d5d9e0; --tint: #f3f5f8; --page: #fff; --focus: #0b57d0; --listed: #b3261e; --failed: #8a5300; --on: #fff; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ee; --soft: #a4abb6; --line: #3a4049; --tint: #22262c; --page: #15181c; --focus: #8ab4f8; --listed: #ff8a80; --failed: #f0b35a; --on: #15181c; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0 auto; padding: 2rem 1.5rem 3rem; max-width: 90rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); }
h1 { margin: 0 0 0.25rem; font-size: 1.6rem; line-height: 1.25; }
p { margin: 0.25rem 0; }
.soft { color: var(--soft); }
code { font: 0.875rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
.counts { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 1rem 0; padding: 0; list-style: none; }
.counts li { padding: 0.125rem 0.75rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--tint); }
.listed strong, .failed strong { font-weight: 700; }
.listed strong, td.status.listed { color: var(--listed); }
.failed strong, td.status.failed { color: var(--failed); }
td.status { font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; margin: 1rem 0; }
dt { color: var(--soft); }
dd { margin: 0; min-width: 0; }
.tools { display: flex; flex-wrap: wrap; align-items: end; gap: 0.75rem 1rem; margin: 1.5rem 0 0.75rem; }
.tools label { display: flex; flex-direction: column; gap: 0.125rem; font-size: 0.875rem; color: var(--soft); }
.tools label.check { flex-direction: row; align-items: center; gap: 0.5rem; min-height: 2.25rem; }
.tools input[type=search] { width: 18rem; max-width: 100%; }
.tools input[type=search], .tools select, .tools button { min-height: 2.25rem; padding: 0.25rem 0.625rem; font: inherit; color: var(--text); background: var(--page); border: 1px solid var(--line); border-radius: 0.375rem; }
.tools button, .copy { cursor: pointer; }
.tools button:hover, .copy:hover { background: var(--tint); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.tools output { min-height: 2.25rem; align-content: center; color: var(--soft); }
table { width: 100%; border-collapse: collapse; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: 0.5rem 1rem 0.5rem 0; text-align: start; vertical-align: baseline; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
th:last-child, td:last-child { padding-inline-end: 0; }
td.value { min-width: 20rem; }
td.prose { min-width: 9rem; overflow-wrap: anywhere; }
th { padding-block: 0.25rem; font-weight: 600; font-size: 0.875rem; color: var(--soft); white-space: nowrap; }
th button { padding: 0.25rem 0; font: inherit; color: inherit; background: none; border: 0; cursor: pointer; }
th button::after { content: "\\2195"; display: inline-block; width: 1.25em; text-align: center; opacity: 0.5; }
th[aria-sort=ascending] button::after { content: "\\2191"; opacity: 1; }
th[aria-sort=descending] button::after { content: "\\2193"; opacity: 1; }
th[aria-sort] button { color: var(--text); }
.long { display: block; max-width: 22rem; max-height: 9rem; overflow: auto; overflow-wrap: anywhere; }
.copy { margin-inline-start: 0.5rem; padding: 0 0.5rem; font-size: 0.8125rem; line-height: 1.5; color: var(--soft); background: none; border: 1px solid var(--line); border-radius: 0.25rem; }
.empty { padding: 1rem 0; }
@media (max-width: 44rem) {
  body { padding: 1.25rem 1rem 2rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 0.5rem; }
  .tools label:first-child, .tools input[type=search] { width: 100%; }
  table, tbody, tr, td { display: block; }
  thead tr { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: 0.25rem 0; border-bottom: 1px solid var(--line); }
  th { padding: 0; border: 0; }
  tbody tr { padding: 0.625rem 0; border-bottom: 1px solid var(--line); }
  td, td.value, td.prose { min-width: 0; overflow-wrap: anywhere; }
  td { display: grid; grid-template-columns: 6.5rem 1fr; gap: 0.5rem; padding: 0.125rem 0; border: 0; }
  td::before { content: attr(data-heading); font-weight: 400; font-size: 0.875rem; color: var(--soft); overflow-wrap: anywhere; }
  td:empty { display: none; }
  .copy { grid-column: 2; justify-self: start; margin: 0.125rem 0 0.25rem; }
  .long { max-width: none; }
}
@media print {
  :root { color-scheme: light; --text: #000; --soft: #444; --line: #bbb; --tint: #fff; --page: #fff; --listed: #000; --failed: #000; }
  body { padding: 0; max-width: none; font-size: 0.75rem; }
  .tools, .copy { display: none; }
  th button::after { content: none; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  .long { max-height: none; }
}
`;
