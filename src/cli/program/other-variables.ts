/** Variables that are used in addition to the settings. */
export const OTHER_VARIABLES: readonly (readonly [name: string, meaning: string])[] = [
  ['HTTPS_PROXY, HTTP_PROXY, NO_PROXY', 'proxy used unless --proxy is given, and hosts that bypass it'],
  ['NO_COLOR, FORCE_COLOR', 'no colour, or colour even without a terminal'],
  ['NODE_EXTRA_CA_CERTS', 'a file with a further certificate authority'],
  [
    'XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_CACHE_HOME',
    'directories of settings file, snapshot and cache; cct config shows the paths',
  ],
];
