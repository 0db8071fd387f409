/** Transfer syntaxes (PS3.5 A) as the viewer has to tell them apart. */
export const deflated = '1.2.840.10008.1.2.1.99';
export const bigEndian = '1.2.840.10008.1.2.2';
export const jpegBaseline = '1.2.840.10008.1.2.4.50';
export const jpegExtended = '1.2.840.10008.1.2.4.51';

const native = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', bigEndian, deflated];
export const isNative = (syntax: string) => native.includes(syntax);

/** MPEG-2, H.264 and HEVC: all fragments together are one stream. */
export const isVideo = (syntax: string) => /^1\.2\.840\.10008\.1\.2\.4\.10[0-8](\.|$)/.test(syntax);
