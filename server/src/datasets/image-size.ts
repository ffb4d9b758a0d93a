import path from 'node:path';
import sharp from 'sharp';

/** Formats that are read and served. Others that sharp knows, SVG above all, stay out: a browser would run their scripts. */
export const contentTypes: Readonly<Record<string, string>> = { jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp', tiff: 'image/tiff' };

export interface ImageSize {
  width: number;
  height: number;
}

/** Pixels as shown (EXIF orientation applied), from the header alone. @throws Error with the decoder's words when the file is no readable image. */
export async function imageSize(root: string, imagePath: string): Promise<ImageSize> {
  const { width, height, format, autoOrient } = await sharp(path.join(root, imagePath)).metadata();
  if (!format || !(format in contentTypes)) throw new Error(`format ${format} is not one of ${Object.keys(contentTypes).join(', ')}`);
  return { width: autoOrient?.width ?? width, height: autoOrient?.height ?? height };
}
