// The direction in which a text is read.

const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/** Whether the first letter of a text belongs to a script that is written from right to left. */
export const isRightToLeft = (text) => rightToLeft.test(text.match(/\p{L}/u)?.[0] ?? "");
