/** In the order of the codes of FER2013 and ExpW, from 0. */
export const fer2013Classes = ['anger', 'disgust', 'fear', 'happiness', 'sadness', 'surprise', 'neutral'] as const;
