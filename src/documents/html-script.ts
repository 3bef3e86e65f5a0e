/** The script of the page: filter, sort and copy. Without scripting, the table works and the tools are hidden. It makes no requests. */
export const PAGE_SCRIPT = `
'use strict';
(() => {
  const table = document.querySelector('table');
  if (!table) return;
  const byId = (id) => document.getElementById(id);
  const [tools, text, status, real, copyAll, said] = ['tools', 'text', 'status', 'real', 'copy-all', 'said'].map(byId);
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...body.rows].map((row) => {
    const cells = [...row.cells].map((cell) => cell.textContent);
    const values = [...row.querySelectorAll('[data-real]')];
    const searched = [...cells, ...values.map((value) => value.dataset.real)].join('\\n').toLowerCase();
    return { row, cells, searched, status: row.dataset.status };
  });

  const make = (name, content, className) => {
    const element = document.createElement(name);
    element.textContent = content;
    if (className) element.className = className;
    if (name === 'button') element.type = 'button';
    return element;
  };

  const counted = (count) => count.toLocaleString('en') + (count === 1 ? ' row' : ' rows');
  const filter = () => {
    const wanted = text.value.trim().toLowerCase();
    let shown = 0;
    for (const one of rows) {
      one.row.hidden = !(one.searched.includes(wanted) && (status.value === '' || status.value === one.status));
      if (!one.row.hidden) shown += 1;
    }
    said.textContent = shown === rows.length ? counted(shown) : shown.toLocaleString('en') + ' of ' + counted(rows.length);
  };

  const collator = new Intl.Collator('en', { numeric: true });
  const sort = (head, column) => {
    const isDescending = head.getAttribute('aria-sort') === 'ascending';
    for (const other of heads) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
    rows.sort((one, other) => {
      const [a, b] = [one.cells[column], other.cells[column]];
      // Empty cells sort last in both directions.
      if (a === '' || b === '') return (a === '') - (b === '');
      return collator.compare(a, b) * (isDescending ? -1 : 1);
    });
    const sorted = document.createDocumentFragment();
    for (const one of rows) sorted.append(one.row);
    body.append(sorted);
  };

  // Copied text must not become a formula in a spreadsheet.
  const toCopied = (value) => (real.checked ? value.dataset.real : value.textContent).replace(/^\\s*[=+@-]/, "'$&");
  const copy = async (content) => {
    try {
      await navigator.clipboard.writeText(content);
      return true;
    } catch {
      const area = make('textarea', content);
      document.body.append(area);
      area.select();
      const isCopied = document.execCommand('copy');
      area.remove();
      return isCopied;
    }
  };
  const tell = (button, isCopied) => {
    const before = button.dataset.label ?? button.textContent;
    button.dataset.label = before;
    button.textContent = isCopied ? 'Copied' : 'Not copied';
    said.textContent = isCopied ? 'Copied' : 'The browser did not allow copying';
    setTimeout(() => {
      button.textContent = before;
      filter();
    }, 1500);
  };

  heads.forEach((head, column) => {
    const button = make('button', head.textContent);
    button.addEventListener('click', () => sort(head, column));
    head.replaceChildren(button);
  });
  for (const value of body.querySelectorAll('[data-real]')) value.after(make('button', 'Copy', 'copy'));
  for (const name of new Set(rows.map((one) => one.status))) status.append(new Option(name, name));
  body.addEventListener('click', async ({ target }) => {
    if (target.classList.contains('copy')) tell(target, await copy(toCopied(target.previousElementSibling)));
  });
  copyAll.addEventListener('click', async () => {
    const shown = rows.filter((one) => !one.row.hidden).flatMap((one) => one.row.querySelector('[data-real]') ?? []);
    tell(copyAll, await copy(shown.map(toCopied).join('\\n')));
  });
  text.addEventListener('input', filter);
  status.addEventListener('change', filter);
  copyAll.hidden = !body.querySelector('[data-real]');
  real.parentElement.hidden = ![...body.querySelectorAll('[data-real]')].some((value) => value.dataset.real !== value.textContent);
  filter();
  tools.hidden = rows.length === 0;
})();
`;
