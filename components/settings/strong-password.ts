/** Letters and digits that are not taken for one another when read aloud or off a screen; 32, so that each is 5 bits. */
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';
const groups = 5;
const groupLength = 4;

/** A password of 100 random bits in groups that can be typed: `k7mq-…`. */
export function strongPassword(random = (count: number) => crypto.getRandomValues(new Uint8Array(count))): string {
  const letters = [...random(groups * groupLength)].map((byte) => alphabet[byte & 31]).join('');
  return Array.from({ length: groups }, (_, i) => letters.slice(i * groupLength, (i + 1) * groupLength)).join('-');
}
