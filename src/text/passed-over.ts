/** Why a piece of input that looks like an observable is not one, in words for people. */
export type PassedOverReason =
  | 'code'
  | 'deleted'
  | 'file name'
  | 'mail address'
  | 'mail header'
  | 'negated'
  | 'no such top-level domain'
  | 'number'
  | 'other type'
  | 'range'
  | 'reverse name'
  | 'revoked'
  | 'version'
  | 'wrapper';

/** A piece of input that was passed over. */
export interface PassedOver {
  readonly reason: PassedOverReason;
  readonly text: string;
}
