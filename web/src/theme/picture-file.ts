/** Properties that a drawn element has from style sheets, and has to carry along. */
const carried = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
];

/** An SVG element as a file that stands alone: its colours are numbers, not names of the page. */
export function svgText(picture: SVGSVGElement): string {
  const copy = picture.cloneNode(true) as SVGSVGElement;
  const box = picture.getBoundingClientRect();
  const shown = [picture, ...picture.querySelectorAll<SVGElement>('*')];
  const copied = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  shown.forEach((element, place) => {
    const style = getComputedStyle(element);
    const target = copied[place];
    target.removeAttribute('class');
    target.removeAttribute('style');
    for (const name of carried) {
      const value = style.getPropertyValue(name);
      if (value) target.setAttribute(name, value);
    }
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(Math.round(box.width)));
  copy.setAttribute('height', String(Math.round(box.height)));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
}

/** Pixels a CSS pixel: sharp in print. */
const scale = 2;

/** A canvas, or an SVG drawn on one, over the page's surface. @throws Error where the browser cannot draw it. */
export async function pngOf(picture: SVGSVGElement | HTMLCanvasElement): Promise<Blob> {
  const canvas = document.createElement('canvas');
  const box = picture.getBoundingClientRect();
  canvas.width = Math.round(box.width * scale);
  canvas.height = Math.round(box.height * scale);
  const context = canvas.getContext('2d')!;
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--surface').trim() || '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  const source = picture instanceof HTMLCanvasElement ? picture : await imageOf(svgText(picture));
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The browser could not draw the picture.'))),
      'image/png',
    ),
  );
}

function imageOf(svg: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error('The browser could not draw the picture.'));
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  });
}
