/** A value that nobody can click by accident: `hxxp://panel[.]example/x`, `192[.]0[.]2[.]1`. The path is left alone. */
export function defang(value: string): string {
  const [, scheme = '', authority = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?([^/?#\\]*)(.*)$/is.exec(value) ?? [];
  return scheme.replace(/^http/i, 'hxxp') + authority.replaceAll('.', '[.]') + rest;
}
