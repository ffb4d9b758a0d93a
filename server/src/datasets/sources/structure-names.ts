/** Names by which people sort files: where a folder is called so, nobody means a class. Lower case. */
const structure: ReadonlySet<string> = new Set([
  ...['images', 'image', 'imgs', 'img', 'pictures', 'picture', 'pics', 'photos', 'frames', 'jpegimages', 'thumbnails'],
  ...['jpg', 'jpeg', 'jpegs', 'png', 'json', 'xml', 'csv', 'txt', 'rgb', 'grayscale', 'greyscale', 'depth', 'thermal'],
  ...['labels', 'label', 'annotations', 'annotation', 'annots', 'metadata', 'meta', 'imagesets', 'lists', 'splits'],
  ...['masks', 'mask', 'landmarks', 'keypoints', 'boxes', 'bboxes', 'segmentationclass', 'segmentationobject'],
  ...['data', 'dataset', 'datasets', 'raw', 'raw_data', 'files', 'archive', 'download', 'downloads', 'unlabeled'],
  ...['original', 'originals', 'origin', 'aligned', 'cropped', 'crops', 'obj_train_data', 'obj_valid_data'],
  ...['src', 'code', 'scripts', 'docs', 'notebooks', 'models', 'checkpoints', 'weights', 'logs', 'results'],
  ...['output', 'outputs', 'tmp', 'temp', 'cache', 'unlabelled'],
]);

/** Whether a folder's name speaks of how files are sorted, not of what they show. A number at its end is no matter. */
export function isStructure(name: string): boolean {
  const lower = name.toLowerCase();
  return structure.has(lower) || structure.has(lower.replace(/[ _-]?\d+$/, ''));
}
