/** What a file that cannot be decoded is, by its bytes. */
interface Kind {
  starts: string;
  /** From the beginning. */
  at?: number;
  what: string;
}

const saved = 'save it as PNG or JPEG';
/** Bytes as Latin-1; the first that fits counts. */
const kinds: readonly Kind[] = [
  { starts: 'BM', what: `a BMP picture: ${saved}` },
  { starts: 'GIF8', what: `a GIF picture: ${saved}` },
  { starts: 'ftypheic', at: 4, what: `a HEIC picture: ${saved}` },
  { starts: 'ftypheix', at: 4, what: `a HEIC picture: ${saved}` },
  { starts: 'ftypmif1', at: 4, what: `a HEIF picture: ${saved}` },
  { starts: 'ftypavif', at: 4, what: `an AVIF picture: ${saved}` },
  { starts: 'ftyp', at: 4, what: 'a film, not a picture' },
  { starts: '\0\0\0\x0cjP  ', what: `a JPEG 2000 picture: ${saved}` },
  { starts: '\xff\x4f\xff\x51', what: `a JPEG 2000 picture: ${saved}` },
  { starts: '\xff\x0a', what: `a JPEG XL picture: ${saved}` },
  { starts: '\0\0\0\x0cJXL ', what: `a JPEG XL picture: ${saved}` },
  { starts: '8BPS', what: `a Photoshop file: ${saved}` },
  { starts: '\0\0\x01\0', what: `an icon file: ${saved}` },
  { starts: 'DICM', at: 128, what: `a DICOM file: ${saved}` },
  { starts: '%PDF', what: 'a PDF, not a picture' },
  { starts: 'PK\x03\x04', what: 'a zip archive, not a picture' },
  { starts: '\x1f\x8b', what: 'a gzip file, not a picture: unpack it' },
  { starts: '\x89HDF', what: 'an HDF5 file, not a picture' },
  { starts: '\x93NUMPY', what: 'a NumPy array, not a picture' },
];
const pictures: readonly { starts: string; ends: string; what: string }[] = [
  { starts: '\xff\xd8', ends: '\xff\xd9', what: 'JPEG' },
  { starts: '\x89PNG', ends: 'IEND\xaeB`\x82', what: 'PNG' },
  { starts: 'RIFF', ends: '', what: 'WebP' },
  { starts: 'II*\0', ends: '', what: 'TIFF' },
  { starts: 'MM\0*', ends: '', what: 'TIFF' },
];
/** Bytes at each end that say what a file is. */
export const faultBytes = 1024;

/** In words of a person, what a file is that a decoder refused; null where its bytes do not say. `decoder`: what the decoder said. */
export function faultOf(head: Uint8Array, tail: Uint8Array, decoder: string): string | null {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  const written = text.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (written.startsWith('version https://git-lfs')) return pointer(written);
  if (/^(<!doctype html|<html|<head|<body)/i.test(written))
    return 'an HTML page, not a picture: the download was refused, or asks for a person';
  if (/^(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg/i.test(written))
    return `an SVG drawing: ${saved}`;
  if (head.length > 0 && head.every((byte) => byte === 0)) return 'nothing but zeros: the copy or download broke off';
  const picture = pictures.find(({ starts }) => text.startsWith(starts));
  if (picture) {
    const end = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength).toString('latin1');
    const isCut = picture.ends !== '' && !end.includes(picture.ends);
    return isCut
      ? `a ${picture.what} whose end is missing: the copy or download broke off`
      : `a damaged ${picture.what} (${decoder})`;
  }
  return kinds.find(({ starts, at = 0 }) => text.startsWith(starts, at))?.what ?? null;
}

function pointer(text: string): string {
  const bytes = /^size (\d+)/m.exec(text)?.[1];
  return `a Git LFS pointer${bytes === undefined ? '' : ` to ${Number(bytes).toLocaleString('en')} bytes`}, not the picture: run git lfs pull`;
}
