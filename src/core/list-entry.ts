/** An entry of the tracker's list, and where it points in one spelling, so that equal places are equal texts. */
export interface ListEntry {
  /** When it was listed, `YYYY-MM-DD`; '' where unknown or in the future. */
  readonly date: string;
  /** `url`: this URL. `host`: all URLs on the host, from a host list. */
  readonly covers: 'url' | 'host';
  /** `host[:port][/path][?query]` without a scheme, bytes as listed; '' where only an address is known. */
  readonly url: string;
  /** The address of the host when it was listed; '' where unknown. */
  readonly ip: string;
  /** Free text from outside; may be ''. */
  readonly family: string;
  /** Lower case, IDN as `xn--`, IPv4 in dotted form. As listed where it is no host; '' where `url` is ''. */
  readonly host: string;
  /** A number, or '' for none, 80 and 443. */
  readonly port: string;
  /** Path and query as clients send them, without a slash at the end of the path; '' where there is neither. */
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
