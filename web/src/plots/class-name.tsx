import type { ReactNode } from 'react';
import { classForm } from '../theme/palette';

/** Three letters, for tight places, more where two names begin alike; the full name stays in the label. */
export function shortNames(names: readonly string[]): string[] {
  return names.map((name) => {
    const others = names.filter((other) => other !== name);
    let length = 3;
    while (length < 6 && others.some((other) => other.slice(0, length) === name.slice(0, length))) length++;
    return name.slice(0, length);
  });
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
