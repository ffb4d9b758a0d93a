import { Extensions, registerEnumType } from 'type-graphql';

/** What somebody may do; each may do all that stands before it. */
export enum Role {
  READER = 'READER',
  LABELLER = 'LABELLER',
  TRAINER = 'TRAINER',
  ADMIN = 'ADMIN',
}
registerEnumType(Role, {
  name: 'Role',
  description: 'What somebody may do; each may do all that stands before it.',
  valuesConfig: {
    READER: { description: 'Look at everything, and download it.' },
    LABELLER: { description: 'Decide on labels, make label sets, upload, and ask models about images.' },
    TRAINER: { description: 'Import, train, evaluate, promote models, delete label sets.' },
    ADMIN: { description: 'Delete data sets, runs and models; give and take tokens; read the audit log.' },
  },
});

/** From the least to the most. */
export const roles = [Role.READER, Role.LABELLER, Role.TRAINER, Role.ADMIN] as const;

export function isAtLeast(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

/**
 * Stands beside a root field and says who may ask for it. A query or subscription without one is for readers; a mutation
 * without one is for nobody.
 */
export function Requires(role: Role): MethodDecorator & PropertyDecorator {
  return Extensions({ role });
}
