const locale = 'en-GB';
const integers = new Intl.NumberFormat(locale);

export const missing = '–';

export function integer(value: number): string {
  return integers.format(value);
}

/** A share of 0 to 1 as a percentage. */
export function percent(share: number | null | undefined, digits = 1): string {
  return share === null || share === undefined || Number.isNaN(share) ? missing : `${(share * 100).toFixed(digits)} %`;
}

export function decimal(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined || Number.isNaN(value) ? missing : value.toFixed(digits);
}

/** Short for table cells: 0.001, 1e-5, 12.5. */
export function compact(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(1).replace('.0e', 'e');
  return String(Number(value.toPrecision(4)));
}

export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, value > 0 ? Math.floor(Math.log10(value) / 3) : 0);
  return `${(value / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

export function dateTime(iso: string): string {
  return new Date(iso).toLocaleString(locale, {
    year: 'numeric',
    month: 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** How long ago, in words; the caller shows the exact time beside it or on hover. */
export function ago(iso: string, now: number): string {
  const seconds = (now - new Date(iso).getTime()) / 1000;
  if (seconds < 45) return 'just now';
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 30 * 86_400) return `${Math.round(seconds / 86_400)} d ago`;
  return dateTime(iso);
}

/** RESNET18 -> ResNet-18; other enum values in sentence case. */
export function enumName(value: string): string {
  const resnet = /^RESNET(\d+)$/i.exec(value);
  if (resnet) return `ResNet-${resnet[1]}`;
  return value.charAt(0) + value.slice(1).toLowerCase().replaceAll('_', ' ');
}

/** Of what a run that was recorded elsewhere did not say. */
export const notRecorded = 'not recorded';

/** learningRate -> learning rate. */
export function settingName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
