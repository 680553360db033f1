/** In the place of the label of an image whose label is missing or wrong; its problem says why. */
export const UNLABELED = -1;
