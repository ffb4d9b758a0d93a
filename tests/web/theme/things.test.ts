import { describe, expect, test } from 'vitest';
import { thingsOf } from '../../../web/src/theme/things';

describe('what the pictures of a data set are called', () => {
  test.each([
    [['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'], 'faces'],
    [['Angry', 'Happy', 'Sad', 'other'], 'faces'],
    [['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'], 'images'],
    [['cat', 'dog', 'happy'], 'images'],
    [undefined, 'faces'],
  ])('with the classes %j: %s', (classes, many) => {
    expect(thingsOf(classes).many).toBe(many);
  });
});
