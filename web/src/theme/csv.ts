export type CsvValue = string | number | boolean | null | undefined;

/** RFC 4180, with a byte order mark so that spreadsheets read accents. Text that a sheet would compute is quoted. */
export function csvOf(names: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return `\ufeff${[names, ...rows].map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;
}

function field(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  // A sheet takes what begins so for a formula; the apostrophe keeps it text.
  const text = /^[=+\-@\t\r]/.test(value) && !Number.isFinite(Number(value)) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Hands a text to the browser as a file. */
export function saveText(name: string, text: string, type = 'text/csv;charset=utf-8'): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
