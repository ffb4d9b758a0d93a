/** By its ending; files that start with a dot are none. */
export function isImageName(name: string): boolean {
  return /^[^.].*\.(jpe?g|png|webp|tiff?)$/i.test(name);
}
