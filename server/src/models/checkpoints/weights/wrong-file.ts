import type { ByteSource } from '../byte-source.js';
import { CheckpointFormatError } from '../format-error.js';
import { readZipDirectory, type ZipEntry } from '../pytorch/zip-reader.js';

/** Bytes of the start that are looked at: some headers of a tar archive, 512 each. */
const startBytes = 8192;
const shownText = 60;
const shownNames = 3;

/** First bytes (latin1) of formats that people take for weights, what each is, and what to do. */
const signatures: readonly { bytes: string; at?: number; what: string; next: string }[] = [
  { bytes: '\x1f\x8b', what: 'is compressed with gzip', next: 'unpack it with gunzip' },
  { bytes: 'BZh', what: 'is compressed with bzip2', next: 'unpack it with bunzip2' },
  { bytes: '\xfd7zXZ\0', what: 'is compressed with xz', next: 'unpack it with unxz' },
  { bytes: '\x28\xb5\x2f\xfd', what: 'is compressed with Zstandard', next: 'unpack it with unzstd' },
  { bytes: '\x04\x22\x4d\x18', what: 'is compressed with lz4', next: 'unpack it with unlz4' },
  { bytes: '7z\xbc\xaf\x27\x1c', what: 'is a 7-Zip archive', next: 'unpack it' },
  { bytes: 'Rar!', what: 'is a RAR archive', next: 'unpack it' },
  {
    bytes: '\x89HDF\r\n\x1a\n',
    what: 'is HDF5, as Keras writes it',
    next: 'take weights of PyTorch, or convert them to safetensors by the names of torchvision',
  },
  {
    bytes: '\x93NUMPY',
    what: 'is an array of NumPy',
    next: 'take the state dict as torch.save or safetensors wrote it',
  },
  { bytes: 'TFL3', at: 4, what: 'is a TensorFlow Lite model', next: 'take weights of PyTorch or safetensors' },
  { bytes: 'GGUF', what: 'is GGUF, weights of language models', next: 'take weights of PyTorch or safetensors' },
  { bytes: 'MATLAB', what: 'is a file of MATLAB', next: 'take weights of PyTorch or safetensors' },
  { bytes: '%PDF', what: 'is a PDF', next: 'name the file of weights' },
  { bytes: '\x89PNG', what: 'is a PNG picture', next: 'name the file of weights' },
  { bytes: '\xff\xd8\xff', what: 'is a JPEG picture', next: 'name the file of weights' },
  { bytes: '\x7fELF', what: 'is a program', next: 'name the file of weights' },
  { bytes: 'MZ', what: 'is a program', next: 'name the file of weights' },
];

const again = 'Download the file again, and compare its size with that of the page.';

/** An error that names the file for what it is. Only for what neither PyTorch nor safetensors wrote. */
export async function wrongFile(source: ByteSource): Promise<CheckpointFormatError> {
  const bytes = await source.read(0, Math.min(startBytes, source.size), 'Start of the file');
  const start = bytes.toString('latin1');
  const size = `${source.size.toLocaleString('en')} bytes`;
  if (source.size === 0) return named('The file is empty', again);
  const known = signatures.find(({ bytes: first, at = 0 }) => start.startsWith(first, at));
  if (known) return named(`The file ${known.what}`, `${capital(known.next)}; ${expectation}`);
  const text = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  return (
    lfsPointer(text) ??
    page(text, size) ??
    tar(start) ??
    (isZeros(bytes)
      ? named(`The file begins with zeros only (${size}): a download that never finished`, again)
      : null) ??
    (start.startsWith('\x08') && /pytorch|onnx|keras|tf2onnx/i.test(start)
      ? named('The file is an ONNX model', 'Take the weights it was exported from: a file of PyTorch or safetensors.')
      : null) ??
    (isText(text)
      ? named(`The file is text: ${JSON.stringify(text.slice(0, shownText))}`, `${capital(expectation)}`)
      : named(`The file is of no format known here (${size})`, capital(expectation)))
  );
}

/** A ZIP archive without `<name>/data.pkl`. */
export function wrongArchive(entries: ReadonlyMap<string, ZipEntry>): CheckpointFormatError {
  const names = [...entries.keys()].filter(
    (name) => !name.endsWith('/') && !/(^|\/)(__MACOSX|\._|\.DS_Store)/.test(name),
  );
  const inner = names.find((name) => /\.(pth|pt|tar|pkl|bin|ckpt|t7|safetensors|model)$/i.test(name));
  const shown = names.slice(0, shownNames).map(short).join(', ');
  if (names.some((name) => /(^|\/)model\.weights\.h5$/.test(name)))
    return named('The file is a Keras archive', 'Take weights of PyTorch, or convert them to safetensors.');
  if (names.some((name) => /(^|\/)serialized_exported_program\.json$|(^|\/)archive_format$/.test(name)))
    return named(
      'The file is a program that torch.export wrote',
      'Save the weights: torch.save(model.state_dict(), path).',
    );
  if (names.some((name) => name.endsWith('.npy')))
    return named('The file holds arrays of NumPy (.npz)', 'Save the weights with torch.save or safetensors.');
  if (inner)
    return named(`The file is a ZIP archive around a file: ${short(inner)}`, 'Unpack it and import what is inside.');
  return named(
    `The file is a ZIP archive, but not one of PyTorch: it holds ${shown || 'nothing'}`,
    capital(expectation),
  );
}

/** Whether the archive is what `torch.jit.save` wrote. */
export const isTorchScript = (entries: ReadonlyMap<string, ZipEntry>): boolean =>
  [...entries.keys()].some((name) => /^[^/]+\/constants\.pkl$/.test(name));

export const torchScriptError = (): CheckpointFormatError =>
  named(
    'The file is a TorchScript archive, a program and no state dict',
    'In Python: torch.save(torch.jit.load(path).state_dict(), "weights.pth").',
  );

/** The entries of a ZIP archive; where its end is missing, an error that says that it broke off. */
export async function entriesOf(source: ByteSource): Promise<Map<string, ZipEntry>> {
  try {
    return await readZipDirectory(source);
  } catch (error) {
    if (!(error instanceof CheckpointFormatError) || !/no end record/.test(error.message)) throw error;
    throw named(`${error.message.replace(/\.$/, '')}: a download that broke off`, again);
  }
}

const expectation = 'expected a file of PyTorch (.pth, .pth.tar, .pt) or safetensors';

function named(what: string, next: string): CheckpointFormatError {
  return new CheckpointFormatError(`${what}. ${next}${/[.!]$/.test(next) ? '' : '.'}`);
}

function lfsPointer(text: string): CheckpointFormatError | null {
  if (!text.startsWith('version https://git-lfs')) return null;
  const size = /^size (\d{1,15})$/m.exec(text)?.[1];
  const stands = size ? ` that stands for ${Number(size).toLocaleString('en')} bytes` : '';
  return named(`The file is a Git LFS pointer${stands}`, 'Run git lfs pull, or download the file itself.');
}

function page(text: string, size: string): CheckpointFormatError | null {
  if (/^(<!doctype html|<html|<head|<body)/i.test(text)) {
    const title = /<title[^>]*>([^<]{1,80})/i.exec(text)?.[1]?.trim();
    const called = title ? ` called ${JSON.stringify(title)}` : '';
    return named(
      `The file is a web page${called} (${size}), not the weights it links to`,
      'Download the file itself; Google Drive and others ask for a confirmation first.',
    );
  }
  if (/^<\?xml|^<Error>/.test(text))
    return named(`The file is XML (${size}), as stores answer where a file is missing or forbidden`, again);
  return /^[{[]/.test(text)
    ? named(`The file is JSON (${size})`, `It is often beside the weights; ${expectation}.`)
    : null;
}

const tarBlock = 512;
const mostTarEntries = 8;

/** A tar archive: "ustar" in its header, or the checksum of the older form. Names its first file. */
function tar(start: string): CheckpointFormatError | null {
  if (!isTarHeader(start.slice(0, tarBlock))) return null;
  let at = 0;
  for (let entry = 0; entry < mostTarEntries; entry++) {
    const header = start.slice(at, at + tarBlock);
    if (!isTarHeader(header)) break;
    const size = Number.parseInt(header.slice(124, 136), 8) || 0;
    // Headers of the archive itself: attributes of what follows, long names.
    if (!['x', 'g', 'L', 'K', '5'].includes(header[156])) return tarError(header.slice(0, 100).replace(/\0.*$/s, ''));
    at += tarBlock * (1 + Math.ceil(size / tarBlock));
  }
  return tarError('');
}

function isTarHeader(header: string): boolean {
  if (header.length < tarBlock) return false;
  const sum = [...header].reduce((total, char, n) => total + (n >= 148 && n < 156 ? 32 : char.charCodeAt(0)), 0);
  const stated = Number.parseInt(header.slice(148, 156).replace(/\0.*$/s, '').trim(), 8);
  return header.startsWith('ustar', 257) || stated === sum;
}

function tarError(first: string): CheckpointFormatError {
  return named(
    `The file is a tar archive${first ? ` around ${short(first)}` : ''}`,
    'Unpack it with tar -xf and import the weights inside: .pth.tar is mostly no tar archive, only a name.',
  );
}

const isZeros = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0);
// oxlint-disable-next-line no-control-regex -- what makes it no text
const isText = (text: string): boolean => text.length > 0 && !/[\0-\x08\x0e-\x1f\uFFFD]/.test(text.slice(0, 200));
const short = (name: string): string => JSON.stringify(name.length > shownText ? `…${name.slice(-shownText)}` : name);
const capital = (text: string): string => text[0].toUpperCase() + text.slice(1);
