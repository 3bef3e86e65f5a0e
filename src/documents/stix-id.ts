import { parse as parseUuid, v5 as uuidV5 } from 'uuid';

// The namespace of deterministic ids (STIX 2.1, section 2.9). OpenCTI uses it for all objects.
const NAMESPACE = parseUuid('00abedb4-aa42-466c-9c01-fed23315a9b7');
const utf8 = new TextEncoder();

/**
 * The id of an object: a UUIDv5 over the canonical JSON (RFC 8785) of its identifying properties, as STIX defines for observables and OpenCTI
 * for all other objects. Keys must be sorted, and texts well-formed.
 */
export function toStixId<Type extends string>(type: Type, identifying: object): `${Type}--${string}` {
  return `${type}--${uuidV5(utf8.encode(JSON.stringify(identifying)), NAMESPACE)}`;
}
