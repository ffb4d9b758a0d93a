import { describe, expect, it } from 'vitest';
import { labelled, notes, read } from './read-manifest.js';

const utf16be = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

describe('a table in the encoding of another program', () => {
  const rows = 'path\tlabel\r\nbilder/ä 1.png\tfröhlich\r\nbilder/ä 2.png\twütend\r\n';
  const pictures = ['bilder/ä 1.png', 'bilder/ä 2.png'];

  it.each([
    ['UTF-16 as Excel writes it', Buffer.from(`\ufeff${rows}`, 'utf16le')],
    ['UTF-16 of the other order', utf16be(rows)],
    ['UTF-16 without its mark', Buffer.from(rows, 'utf16le')],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${rows}`)],
    ['the Western code page', Buffer.from(rows, 'latin1')],
  ])('is read: %s', async (_, bytes) => {
    expect(labelled(await read({ 'm.csv': bytes }, pictures))).toEqual([
      'bilder/ä 1.png fröhlich',
      'bilder/ä 2.png wütend',
    ]);
  });

  it('is read in the Chinese code page, and the report says so', async () => {
    // 愤怒 and 恐惧.
    const gbk = Buffer.concat([
      Buffer.from('path,label\na.png,'),
      Buffer.from([0xb7, 0xdf, 0xc5, 0xad]),
      Buffer.from('\nb.png,'),
      Buffer.from([0xbf, 0xd6, 0xbe, 0xe5]),
      Buffer.from('\n'),
    ]);
    const found = await read({ 'm.csv': gbk });
    expect(labelled(found)).toEqual(['a.png 愤怒', 'b.png 恐惧']);
    expect(notes(found)).toContain('m.csv is not UTF-8; it was read as gb18030');
  });
});

describe('a table as Excel writes it', () => {
  it('has semicolons and decimal commas', async () => {
    const { records } = await read({
      'm.csv': '\ufeffpath;split;p:anger;p:fear;p:joy\r\na.png;train;0,70;0,20;0,10\r\nb.png;test;,05;,05;0,9\r\n',
    });
    expect(records.map(({ trueDistribution }) => trueDistribution!.map((share) => Number(share.toFixed(6))))).toEqual([
      [0.7, 0.2, 0.1],
      [0.05, 0.05, 0.9],
    ]);
  });

  it('has decimal commas in quotes beside commas', async () => {
    const { records } = await read({ 'm.csv': 'path,p:anger,p:fear\na.png,"0,25","0,75"\n' });
    expect(records[0]!.trueDistribution).toEqual([0.25, 0.75]);
  });

  it('has quoted headers, line breaks and doubled quotes in cells', async () => {
    const found = await read({
      'm.csv': '\ufeff"path","note, long","label"\r\n"a.png","two\r\nlines, ""quoted""","x"\r\n"b.png","","y"\r\n',
    });
    expect(labelled(found)).toEqual(['a.png x', 'b.png y']);
  });

  it('writes codes as decimals and leaves cells of separators at the end', async () => {
    expect(labelled(await read({ 'm.csv': 'path,label\na.png,3.0,,\nb.png,10.0\n' }))).toEqual(['a.png 3', 'b.png 10']);
  });
});

describe('a table with columns of any usual name', () => {
  it.each([
    'filepath',
    'image_name',
    'img',
    'name',
    'Image Path',
    'file_name',
    'pth',
    'picture',
    'ImageFile',
    'image_id',
    'photo',
    'img_path',
    'fname',
    'relative_path',
    'subDirectory_filePath',
  ])('finds the path in %s', async (column) => {
    expect(labelled(await read({ 'm.csv': `index,${column},label\n0,a.png,x\n1,b.png,y\n` }))).toEqual([
      'a.png x',
      'b.png y',
    ]);
  });

  it.each([
    'category',
    'target',
    'Class Name',
    'emotion_label',
    'y',
    'sentiment',
    'class_id',
    'expr',
    'labels',
    'facial_expression',
  ])('finds the label in %s', async (column) => {
    expect(labelled(await read({ 'm.csv': `path,${column}\na.png,x\nb.png,y\n` }))).toEqual(['a.png x', 'b.png y']);
  });

  it('takes names before codes where both stand there', async () => {
    expect(labelled(await read({ 'm.csv': 'path,label,label_name\na.png,0,joy\nb.png,1,fear\n' }))).toEqual([
      'a.png happiness',
      'b.png fear',
    ]);
  });

  it('takes the columns that a person names, by name or number', async () => {
    const table = { 'm.csv': 'what,where\nx,a.png\ny,b.png\n' };
    expect(labelled(await read(table, [], { 'path-column': 'where', 'label-column': 'WHAT' }))).toEqual([
      'a.png x',
      'b.png y',
    ]);
    expect(labelled(await read(table, [], { 'path-column': '2', 'label-column': '1' }))).toEqual([
      'a.png x',
      'b.png y',
    ]);
    await expect(
      read(table, [], { table: 'm.csv', 'path-column': 'nowhere', 'label-column': 'what' }),
    ).rejects.toMatchObject({ details: { path: 'path-column' } });
  });

  it('says which columns it saw where it knows none', async () => {
    await expect(read({ 'm.csv': 'what,where\nx,a\n' })).rejects.toThrow(
      /no column is known for the path of a picture \(--path-column NAME\) and a label \(--label-column NAME\) among \\"what\\", \\"where\\"/,
    );
  });

  it('needs no header where a column holds pictures', async () => {
    expect(labelled(await read({ 'm.csv': 'a.png,x\nb.png,y\n' }))).toEqual(['a.png x', 'b.png y']);
    expect(labelled(await read({ 'list.txt': 'faces/a.png 0\nfaces/b.png 1\n' }))).toEqual([
      'faces/a.png 0',
      'faces/b.png 1',
    ]);
    await expect(read({ 'm.csv': 'a.png,12,x\nb.png,13,y\n' })).rejects.toThrow(/no header, and 3 columns/);
    expect(labelled(await read({ 'm.csv': 'a.png,12,x\nb.png,13,y\n' }, [], { 'label-column': '3' }))).toEqual([
      'a.png x',
      'b.png y',
    ]);
  });
});
