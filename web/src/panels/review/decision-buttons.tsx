'use client';
import { Button, TextInput } from '@mantine/core';
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useKeys } from '../../navigation/keys';
import { ClassDot } from '../../plots/class-name';
import { classesLike, keyOfClass } from './class-keys';
import styles from './review.module.css';
import { labelOf, type Choice, type Decided } from './session';
import { thingsOf } from '../../theme/things';

export interface DecisionButtonsProps {
  classes: readonly string[];
  colours: readonly string[];
  /** Null while it is hidden. */
  given: string | null;
  suggested: string | null;
  decided: Decided | undefined;
  decide: (choice: Choice) => void;
  undo: (() => void) | null;
  /** Null where only one class can be said. */
  soft: { open: boolean; toggle: () => void } | null;
}

/** More classes than this cannot be overlooked: they can also be typed. */
const mostSeen = 12;

export function DecisionButtons(props: DecisionButtonsProps): ReactNode {
  const { classes, colours, given, suggested, decided, decide, undo, soft } = props;
  const chosen = decided ? labelOf(decided, classes) : null;
  return (
    <>
      <div className={styles.classes} role="group" aria-label={`The ${thingsOf(classes).one} shows`}>
        {classes.map((name, place) => (
          <Button
            key={name}
            size="sm"
            justify="space-between"
            variant={chosen === name ? 'filled' : name === given || name === suggested ? 'light' : 'default'}
            leftSection={<ClassDot colour={colours[place]} />}
            rightSection={
              keyOfClass(place) ? <kbd className={styles.key}>{keyOfClass(place)!.toUpperCase()}</kbd> : null
            }
            onClick={() => decide({ kind: 'class', label: name })}
            data-testid={`review-class-${place}`}
          >
            {name}
          </Button>
        ))}
      </div>
      {classes.length > mostSeen && (
        <TypedClass classes={classes} choose={(label) => decide({ kind: 'class', label })} />
      )}
      <div className={styles.actions} role="group" aria-label="Other answers">
        {given !== null && (
          <Action
            hint="A"
            onClick={() => decide({ kind: 'accept' })}
            on={decided?.choice.kind === 'accept'}
            testId="accept"
          >
            {given} is right
          </Action>
        )}
        <Action
          hint="U"
          onClick={() => decide({ kind: 'unsure' })}
          on={decided?.choice.kind === 'unsure'}
          testId="unsure"
        >
          Unsure
        </Action>
        <Action hint="S" onClick={() => decide({ kind: 'skip' })} on={decided?.choice.kind === 'skip'} testId="skip">
          Skip
        </Action>
        {soft && (
          <Action hint="M" onClick={soft.toggle} on={soft.open} testId="soft">
            Several…
          </Action>
        )}
        <Action hint="Z" onClick={() => undo?.()} disabled={undo === null} testId="undo">
          Undo
        </Action>
      </div>
    </>
  );
}

interface ActionProps {
  hint: string;
  onClick: () => void;
  on?: boolean;
  disabled?: boolean;
  testId: string;
  children: ReactNode;
}

function Action({ hint, onClick, on = false, disabled, testId, children }: ActionProps): ReactNode {
  return (
    <Button
      size="sm"
      variant={on ? 'filled' : 'default'}
      disabled={disabled}
      rightSection={<kbd className={styles.key}>{hint}</kbd>}
      onClick={onClick}
      data-testid={`review-${testId}`}
    >
      {children}
    </Button>
  );
}

/** `/`, some letters of a name, Enter: a class that has no key of its own. */
function TypedClass({ classes, choose }: { classes: readonly string[]; choose: (label: string) => void }): ReactNode {
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useKeys('Review', [{ key: '/', does: 'type the name of a class', run: () => field.current?.focus() }]);
  const found = classesLike(classes, text);
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') field.current?.blur();
    if (event.key !== 'Enter' || found.length === 0) return;
    event.preventDefault();
    choose(found[0]);
    setText('');
    field.current?.blur();
  };
  return (
    <TextInput
      ref={field}
      aria-label="Class by its name"
      placeholder="/ name of a class, Enter"
      description={text === '' ? undefined : found.length > 0 ? `Enter: ${found[0]}` : 'no class has such a name'}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={pressed}
    />
  );
}
