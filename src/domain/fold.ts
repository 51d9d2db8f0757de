import { caseFold } from 'unicode-case-folding';

const plainAscii = /^[\x20-\x7e]*$/;
const wideOrNarrow = /[\u3000\uff00-\uffef]/g;

/**
 * The key by which two spellings of one name are the same: width mapping, NFC, full Unicode case folding, NFC.
 * Takes well-formed text, gives the key. RFC 8265 section 3.3 without its prohibitions.
 */
export function fold(text: string): string {
  if (plainAscii.test(text)) return text.toLowerCase();
  const narrow = text.replace(wideOrNarrow, (character) => character.normalize('NFKC'));
  return caseFold(narrow.normalize('NFC')).normalize('NFC');
}

/** The key of text whose case matters: only composed and decomposed forms are the same. */
export function exactKey(text: string): string {
  return text.normalize('NFC');
}
