/** Where the reader's choice of light, dark or system is kept. */
export const schemeKey = "parsimony-scheme";
