/** Why a default, or a question mark, may be anything. */
export const FOR_THE_TYPES = 'Only the type checker needs it: where it stands, the value is always there.';

/** Why a quick way round may be left out. */
export const BUT_FOR_TIME = 'Equal but for the time that it takes.';
