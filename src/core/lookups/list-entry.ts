/** An entry of the tracker's list, and its place in normalised form, so that equal places have equal texts. */
export interface ListEntry {
  /** When it was listed, `YYYY-MM-DD`; '' if unknown or in the future. */
  readonly date: string;
  /** `url`: this URL. `host`: all URLs on the host, from a host list. */
  readonly covers: 'url' | 'host';
  /** `host[:port][/path][?query]` without a scheme, byte for byte as listed; '' if only an address is known. */
  readonly url: string;
  /** The address of the host when it was listed; '' if unknown. */
  readonly ip: string;
  /** Free text from the list; may be ''. */
  readonly family: string;
  /** Lower case, IDN as `xn--`, IPv4 in dotted form. As listed if it is not a valid host; '' if `url` is ''. */
  readonly host: string;
  /** A number; '' if absent, 80 or 443. */
  readonly port: string;
  /** Path and query as clients send them, without a trailing slash of the path; '' if there is neither. */
  readonly path: string;
}

/** The tracker's list, newest entries first. */
export interface List {
  /** The date of the list, `YYYY-MM-DD`. */
  readonly date: string;
  /** Where it came from, for people. */
  readonly origin: string;
  readonly entries: readonly ListEntry[];
}
