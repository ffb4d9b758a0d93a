/** By its ending; files that start with a dot are none. */
export function isImageName(name: string): boolean {
  return /^[^.].*\.(jpe?g|png|webp|tiff?)$/i.test(name);
}

/** Pictures of kinds that are not read are found too, so that the report can name them. */
export function isPictureName(name: string): boolean {
  return isImageName(name) || /^[^.].*\.(bmp|gif)$/i.test(name);
}
