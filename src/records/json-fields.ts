import type { Observable } from '../core/observables/observable.ts';
import { detectType } from '../text/detect-type.ts';
import { whyNoDomain } from '../text/names.ts';
import { refang } from '../text/refang.ts';
import { roleOfPath } from './field-roles.ts';
import { toPlainName } from './type-names.ts';
import type { FieldRole } from './field-roles.ts';

/** A place in the records of a kind. Places are remembered, since equal records have equal names. */
export interface FieldPlace {
  readonly path: readonly string[];
  readonly role: FieldRole;
  /** The place of the object that the field is of. */
  readonly parent: FieldPlace | undefined;
  readonly children: Map<string, FieldPlace>;
  /** What the key itself names, as in `{"192.0.2.1": {"count": 7}}`. */
  readonly named: NamedByKey | undefined;
}

export interface NamedByKey extends Observable {
  /** False for what may be the name of a field (`agent.id`, `helm.sh/chart`), unless all keys of an object name something. */
  readonly isCertain: boolean;
}

// Headers of a request describe the request.
const HEADERS = /^(?:http)?(?:req(?:uest)?)?headers?$/;
// The known names have at most three parts.
const KEPT_PARTS = 4;
const MAX_DOTTED_LENGTH = 200;
// Hostile input may have a new name in each event.
const MAX_PLACES = 20_000;

/** The places of one input. */
export interface FieldPlaces {
  /** The place of an event itself. */
  root(): FieldPlace;
  /** The place of a key, which may be dotted: `{"a.b": …}` is `{"a": {"b": …}}`. */
  childOf(place: FieldPlace, key: string): FieldPlace;
}

/** No places yet. */
export function createPlaces(): FieldPlaces {
  let count = 0;
  const create = (path: readonly string[], parent: FieldPlace | undefined, key = ''): FieldPlace => {
    count += 1;
    const role = roleOfPath(path);
    return { path, parent, role, children: new Map(), named: toNamed(key, role) };
  };
  let root = create([], undefined);
  const stepTo = (place: FieldPlace, key: string): FieldPlace => {
    const known = place.children.get(key);
    if (known) return known;
    const holder = HEADERS.test(place.path.at(-1) ?? '') ? (place.parent ?? place) : place;
    const child = create([...place.path, toPlainName(key)].slice(-KEPT_PARTS), holder, key);
    place.children.set(key, child);
    return child;
  };
  const childOf = (place: FieldPlace, key: string): FieldPlace => {
    const known = place.children.get(key);
    if (known) return known;
    const parts = toParts(key);
    const last = parts.reduce(stepTo, place);
    if (parts.length === 1) return last;
    // Cached separately: the dotted key may name an observable, nested objects cannot.
    const child = { ...last, named: toNamed(key, last.role) };
    place.children.set(key, child);
    return child;
  };
  return {
    root() {
      if (count > MAX_PLACES) {
        count = 0;
        root = create([], undefined);
      }
      return root;
    },
    childOf,
  };
}

/** The names in a dotted key; a dot at its beginning or end is part of a name. */
function toParts(key: string): string[] {
  return key.length < MAX_DOTTED_LENGTH ? key.split(/(?<=[^.])\.(?=[^])/) : [key];
}

const LABEL_OF_KUBERNETES = /(?:^|\.)(?:kubernetes|k8s)\.io\//;

function toNamed(key: string, role: FieldRole): NamedByKey | undefined {
  if (role !== 'text' || !/[.:[({]/.test(key) || LABEL_OF_KUBERNETES.test(key)) return undefined;
  const value = refang(key);
  const type = detectType(value);
  const context = { isDefanged: value !== key, isAddressed: false, isCalled: false, isLogged: false };
  if (type === 'domain' && whyNoDomain(value, context) !== undefined) return undefined;
  const isCertain = type === 'ip' || type === 'ipv6' || value !== key || value.includes('://');
  return type && { type, value, isCertain };
}
