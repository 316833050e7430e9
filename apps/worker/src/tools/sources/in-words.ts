/** `20 GiB`, `512 KiB`: as limits are said to people. */
export function bytesInWords(bytes: number): string {
  const [unit, size] = UNITS.find(([, size]) => bytes >= size) ?? ['bytes', 1];
  return `${Math.round((bytes / size) * 10) / 10} ${unit}`;
}

const UNITS: [string, number][] = [
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
];

/** `1 h 5 min`, `12 s` */
export function secondsInWords(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${Math.round(seconds * 10) / 10} s`;
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60)];
  return [hours && `${hours} h`, minutes && `${minutes} min`, !hours && whole % 60 && `${whole % 60} s`]
    .filter(Boolean)
    .join(' ');
}
