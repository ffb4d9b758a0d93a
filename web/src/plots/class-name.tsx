import type { ReactNode } from 'react';
import { classForm } from '../theme/palette';

/** Three letters, for tight places; the full name stays in the label of what it names. */
export function shortName(name: string): string {
  return name.slice(0, 3);
}

export function ClassDot({ colour }: { colour: string }): ReactNode {
  return <span className="class-dot" data-form={classForm(colour)} style={{ background: colour }} aria-hidden="true" />;
}

/** A class with the dot of its colour. */
export function ClassName({ name, colour }: { name: string; colour: string }): ReactNode {
  return (
    <span className="class-name">
      <ClassDot colour={colour} />
      {name}
    </span>
  );
}
