/** The longest file below `worksheets/` that is read, in characters; the dictionary has a third of it. */
export const longestFile = 1_000_000;

/** The longest worksheet that is read, in characters; the longest of the library has a tenth of it. */
export const longestSource = 200_000;

/** How deep lists and mappings may lie in each other. */
export const deepest = 40;
