import { describe, expect, test } from 'vitest';
import { glossary } from '../../../web/src/theme/glossary';
import { inWordsOf, thingsOf, thingsOfAll } from '../../../web/src/theme/things';

describe('what the pictures of a data set are called', () => {
  test.each([
    [['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'], 'faces'],
    [['Angry', 'Happy', 'Sad', 'other'], 'faces'],
    [['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'], 'images'],
    [['cat', 'dog', 'happy'], 'images'],
    [undefined, 'images'],
  ])('with the classes %j: %s', (classes, many) => {
    expect(thingsOf(classes).many).toBe(many);
  });

  test('of several data sets: faces where all are', () => {
    const [expressions, digits] = [{ classes: ['fear', 'anger'] }, { classes: ['0', '1'] }];
    expect(thingsOfAll([expressions, expressions]).many).toBe('faces');
    expect(thingsOfAll([expressions, digits]).many).toBe('images');
    expect(thingsOfAll([]).many).toBe('images');
  });

  test('what words mean is said in the words of the data set', () => {
    const text = 'How often {aOne} was right; {many} are of {classes}.';
    expect(inWordsOf(thingsOf(['fear', 'anger']), text)).toBe('How often a face was right; faces are of expressions.');
    expect(inWordsOf(thingsOf(['0', '1']), text)).toBe('How often an image was right; images are of classes.');
  });

  test('every word of the glossary has its words filled in, and says faces only where it speaks of drawn ones', () => {
    for (const { name, text } of Object.values(glossary)) {
      const said = inWordsOf(thingsOf(['0', '1']), text);
      expect(said, name).not.toMatch(/[{}]/);
      expect(said.replace(/drawn faces|“not a face”/g, ''), name).not.toMatch(/\bfaces?\b|\bexpressions?\b/i);
    }
  });
});
