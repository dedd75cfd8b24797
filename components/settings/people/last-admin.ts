import type { Person } from '#lib/auth/schemas.ts';

/** Whether nobody else could administer if this person stopped: then neither role nor access can be taken away. */
export function isLastAdmin(person: Person, people: readonly Person[]): boolean {
  const isActive = ({ role, disabledAt }: Person) => role === 'admin' && disabledAt === null;
  return isActive(person) && people.filter(isActive).length === 1;
}

/** What somebody else changed between two looks at a person, as sentences. */
export function changedMeanwhile(before: Person, now: Person): string[] {
  const changes: string[] = [];
  if (before.name !== now.name) changes.push(`the name is now “${now.name}”`);
  if (before.role !== now.role) changes.push(`the role is now ${now.role}`);
  if ((before.disabledAt === null) !== (now.disabledAt === null)) {
    changes.push(now.disabledAt ? 'they were disabled' : 'they were enabled');
  }
  return changes.length > 0 ? changes : ['the password was set'];
}
