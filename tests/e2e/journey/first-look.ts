import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { imageTree } from '../../server/datasets/image-tree.js';
import { openPage } from '../../support/chromium.js';
import type { PlatformProcess } from '../../support/platform-process.js';
import { zipOf } from '../../support/zip.js';
import type { Journey } from './journey.js';

export function describeFirstLook(here: () => Journey): void {
  describe('a person at a new platform', () => {
    let platform: PlatformProcess;
    let page: Page;
    let faults: string[];

    beforeAll(async () => {
      ({ platform } = here());
      ({ page, faults } = await openPage(here().browser));
    });

    test('finds it empty, and is told what to do', async () => {
      await page.goto(platform.url);
      await page
        .getByText(/draw-faces|import/)
        .first()
        .waitFor();
    });

    test('uploads an archive, sees it imported, and what its report found', async () => {
      const names = ['train/happy/a.png', 'train/sad/b.png', 'test/happy/c.png', 'test/sad/d.png'];
      const tree = await imageTree(Object.fromEntries(names.map((name) => [name, { width: 12, height: 12 }])));
      const files = await Promise.all(
        names.map(async (name) => ({ name: `faces/${name}`, content: await readFile(path.join(tree.root, name)) })),
      );
      files.push(
        { name: 'faces/test/sad/again.png', content: files[1]!.content },
        { name: 'faces/train/sad/broken.png', content: Buffer.from('no image') },
      );
      await tree.remove();
      await page.goto(`${platform.url}/datasets/import`);
      await page.getByText('Upload an archive').click();
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'my faces.zip', mimeType: 'application/zip', buffer: zipOf(files) });
      await page.getByTestId('import').click();
      await page.getByText('5 images, 1 rows left out').waitFor();
      await page.getByRole('link', { name: 'my faces' }).click();
      await page.getByText('1 are in train (1 images) and in test (1)').waitFor();
      await page.getByText('the image cannot be read').waitFor();
    });

    test('finds GraphiQL at /graphql', async () => {
      await page.goto(`${platform.url}/graphql`);
      await page.locator('.graphiql-container').waitFor();
      expect(faults).toEqual([]);
      await page.close();
    });
  });
}
