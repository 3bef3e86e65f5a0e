import { roleOfPath } from './field-roles.ts';
import { toPlainName } from './type-names.ts';
import type { FieldRole } from './field-roles.ts';

/** A place in the records of a kind. Places are remembered, since equal records have equal names. */
export interface FieldPlace {
  readonly path: readonly string[];
  readonly role: FieldRole;
  /** The place of the object that holds the field. */
  readonly parent: FieldPlace | undefined;
  readonly children: Map<string, FieldPlace>;
}

// The known names have at most three parts.
const KEPT_PARTS = 4;
// A hostile input has a new name in each event.
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
  const create = (path: readonly string[], parent: FieldPlace | undefined): FieldPlace => {
    count += 1;
    return { path, parent, role: roleOfPath(path), children: new Map() };
  };
  let root = create([], undefined);
  const childOf = (place: FieldPlace, key: string): FieldPlace => {
    const known = place.children.get(key);
    if (known) return known;
    const dot = key.indexOf('.');
    const child =
      dot > 0 && dot < key.length - 1 && key.length < 200
        ? childOf(childOf(place, key.slice(0, dot)), key.slice(dot + 1))
        : create([...place.path, toPlainName(key)].slice(-KEPT_PARTS), place);
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
