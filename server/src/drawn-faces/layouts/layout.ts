import type { Split } from '../../split.js';
import type { DrawnFace } from '../drawn-face.js';
import type { FaceCounts } from '../sizes.js';

/** A face on its way into a layout. */
export interface FaceInLayout {
  face: DrawnFace;
  /** Its given label, a name of `drawnClasses`. */
  label: string;
  /** From 1, among the faces of the layout's own split (see `Layout.splits`). */
  number: number;
  /** Side in pixels. */
  size: number;
  /** `[size, size, 3]` */
  pixels: Uint8Array;
}

/** What a layout keeps of a face. Paths are relative to the directory, with forward slashes. */
export interface PlacedFace {
  /** Pictures to write, in the format of their names. */
  pictures: { path: string; pixels: Uint8Array; size: number }[];
  /** Lines of text files, without their ends. */
  lines?: { file: string; line: string }[];
  /** Small files of their own. */
  files?: { path: string; bytes: Uint8Array }[];
}

/** How one of the field's data sets lies on the disk. */
export interface Layout {
  /** One line for the help. */
  summary: string;
  /** The layout's name for each split; where two share one, the faces of both go there. */
  splits: Readonly<Record<Split, string>>;
  /** First lines of text files that have a header. */
  headers?: Readonly<Record<string, string>>;
  /** Text files whose last line has no end. */
  unended?: readonly string[];
  /** @throws InvalidInputError when the layout cannot hold so many faces. */
  check?(counts: FaceCounts): void;
  /** Null for a face the layout has no place for, such as a class it lacks. */
  place(face: FaceInLayout): PlacedFace | null;
}
