/** Where a sentence of the conclusion stands that is not in its free text: no section of a sheet. */
export const conclusionSection = '@conclusion';
