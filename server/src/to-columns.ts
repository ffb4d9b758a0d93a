import type { QueryDeepPartialEntity } from 'typeorm';

/**
 * Values of an entity's columns, as TypeORM takes them for a write. They are checked against the entity here: TypeORM's
 * own type takes JSON and arrays for entities of which parts are written, and refuses them.
 */
export function toColumns<Entity>(values: Partial<Entity>): QueryDeepPartialEntity<Entity> {
  return values as QueryDeepPartialEntity<Entity>;
}
