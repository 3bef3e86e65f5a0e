/** Emoji, for a class of a regular expression with the `u` flag: hosts have them, but no top-level domain. */
export const EMOJI = String.raw`\u2600-\u27BF\u{1F000}-\u{1FAFF}`;

/** The characters of a host's label, for a class of a regular expression with the `u` flag: IDN hosts stay whole. */
export const LABEL_CHARACTERS = String.raw`\p{L}\p{M}\p{N}${EMOJI}_\-`;

/** The letters of scripts without blanks between words, for a class with the `u` flag: they may touch an address or a name. */
export const UNSPACED = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar']
  .map((script) => String.raw`\p{Script_Extensions=${script}}`)
  .join('');
