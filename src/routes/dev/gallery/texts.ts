/** Made-up words of the gallery; never shipped, so not among the messages. */
export const sign = 'Sign';
export const preview = 'Preview';
export const cancel = 'Cancel';
export const revoke = 'Revoke link';
export const length = 'Length';
export const draft = 'Draft';
export const preliminary = 'Preliminary';
export const final = 'Final';
export const amended = 'Amended';
export const stat = 'STAT';
export const mild = '↑ mild';
export const moderate = '↑ moderate';
export const severe = '↑ severe';
export const conflict = '2 values';
export const mine = 'Mine';
export const unread = 'Unread';
export const saved = 'TTE, last 7 days';
export const recipient = 'Recipient';
export const recipientHint = 'Name or e-mail, as the log should show it.';
export const recipientError = 'That is too short. Write a name or an e-mail address.';
export const warning = 'The archive has not answered for 12 s. Your edits are kept.';
export const bad = 'Someone signed this report while you were offline. Your 3 edits are set aside.';
export const info = 'A new version is there when you are.';
export const arriving = 'Arriving, 312 of 480';
export const dialog = 'Dialog';
export const toast = 'Toast';
export const popover = 'Popover';
export const menu = 'Menu';
export const emptyTitle = 'Nothing is waiting for you';
export const emptyText = 'Drag a folder with DICOM files here, or point a machine at this server.';
export const people = [
	{ id: 'u1', name: 'Ingrid Solberg' },
	{ id: 'u2', name: 'Tomas Varga' },
	{ id: 'u3', name: 'Amara Okoye' },
	{ id: 'u4', name: 'Jonas Keller' }
];
