import Link from 'next/link';
import type { MouseEvent, ReactNode } from 'react';
import { ClassDot } from './class-name';
import { DistributionStrip } from './distribution-strip';

export interface SampleCardProps {
  href: string;
  imageUrl: string;
  /** File name or number of the sample. */
  name: string;
  given: string;
  /** What the model or people say; drawn only where it differs from the given label. */
  other?: string | null;
  classes: readonly string[];
  colours: readonly string[];
  /** [C], drawn as a strip under the face. */
  distribution?: readonly number[] | null;
  /** A measure: in words, like "margin 0.31", or its name, which may be cut, and its number, which may not. */
  measure?: string | { name: string; value: string };
  chosen?: boolean;
  /** What a wall gives its links. */
  link?: CardLink;
}

interface CardLink {
  tabIndex: number;
  'data-place': number;
  onClick: (event: MouseEvent<HTMLAnchorElement>) => void;
}

/** A face with its label, and the label it disagrees with. */
export function SampleCard({
  href,
  imageUrl,
  name,
  given,
  other,
  classes,
  colours,
  distribution,
  measure,
  chosen = false,
  link,
}: SampleCardProps): ReactNode {
  const colourOf = (label: string): string => colours[classes.indexOf(label)] ?? 'transparent';
  const differs = other !== undefined && other !== null && other !== given;
  return (
    <Link
      href={href}
      className="sample-card"
      data-testid="sample-card"
      data-differs={differs || undefined}
      title={name}
      {...link}
    >
      {/* Small pictures of our own server: nothing for an image optimiser to do. */}
      <img src={imageUrl} alt="" width={96} height={96} loading="lazy" decoding="async" />
      {distribution && (
        <DistributionStrip classes={classes} values={distribution} colours={colours} height={5} label="" />
      )}
      {/* Said, not shown: what is seen is part of what is said, so that a card can be called by it. */}
      <span className="visually-hidden">{name}: given </span>
      <span className="sample-card-label">
        <ClassDot colour={colourOf(given)} />
        <span>{given}</span>
      </span>
      {differs && <span className="visually-hidden">, but </span>}
      {differs ? (
        <span className="sample-card-label sample-card-other">
          <ClassDot colour={colourOf(other)} />
          <span>{other}</span>
        </span>
      ) : (
        <span className="sample-card-label" />
      )}
      {measure !== undefined && <Measure measure={measure} />}
      {chosen && <span className="visually-hidden">, chosen</span>}
    </Link>
  );
}

function Measure({ measure }: { measure: NonNullable<SampleCardProps['measure']> }): ReactNode {
  const { name, value } = typeof measure === 'object' ? measure : { name: '', value: measure };
  return (
    <>
      <span className="visually-hidden">, </span>
      <span className="sample-card-measure" title={`${name} ${value}`.trim()}>
        {name === '' ? (
          value
        ) : (
          <>
            <span className="cut">{name}</span> <b>{value}</b>
          </>
        )}
      </span>
    </>
  );
}
