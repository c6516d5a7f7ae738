/** An upload that takes longer is ended: it must be told apart from one whose process has died. */
export const uploadHours = 12;
/** An upload that sends nothing for this long has lost its sender. */
export const stallSeconds = 120;
