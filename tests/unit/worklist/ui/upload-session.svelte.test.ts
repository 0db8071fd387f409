import { describe, expect, it } from 'vitest';
import { UploadSession } from '$lib/worklist/ui/upload-session.svelte.ts';

const file = (name: string) => new File([name], name);

describe('an upload', () => {
	it('says of every file what became of it', async () => {
		const upload = new UploadSession(async ({ name }) => {
			if (name === 'broken') throw new Error('no answer');
			return name === 'text'
				? { state: 'refused', reason: 'This is no DICOM file.' }
				: { state: name === 'again' ? 'duplicate' : 'stored', reason: '' };
		});
		await upload.add(['loop', 'again', 'text', 'broken'].map(file));
		expect(upload.files.map(({ state, reason }) => [state, reason])).toEqual([
			['stored', ''],
			['duplicate', ''],
			['refused', 'This is no DICOM file.'],
			['failed', 'no answer']
		]);
		expect(upload.summary).toMatchObject({
			total: 4,
			done: 4,
			stored: 1,
			duplicate: 1,
			refused: 1,
			failed: 1
		});
		expect(upload.busy).toBe(false);
	});

	it('sends again what did not arrive, and nothing else', async () => {
		let away = true;
		const sent: string[] = [];
		const upload = new UploadSession(async ({ name }) => {
			if (away && name !== 'loop') throw new Error('no answer');
			sent.push(name);
			return { state: name === 'text' ? 'refused' : 'stored', reason: '' };
		});
		await upload.add(['loop', 'text', 'still'].map(file));
		expect(upload.summary).toMatchObject({ stored: 1, failed: 2 });
		away = false;
		await upload.retry();
		expect(sent).toEqual(['loop', 'text', 'still']);
		expect(upload.summary).toMatchObject({ total: 3, stored: 2, refused: 1, failed: 0 });
		await upload.retry();
		expect(sent).toHaveLength(3);
	});

	it('stops where it is cancelled and says which files were not sent', async () => {
		const upload = new UploadSession(
			(_, signal) =>
				new Promise((_resolve, reject) => {
					signal.addEventListener('abort', () => reject(new Error('aborted')));
				})
		);
		const done = upload.add(['a', 'b', 'c', 'd', 'e'].map(file));
		upload.cancel();
		await done;
		expect(upload.summary).toMatchObject({ cancelled: 5, stored: 0 });
	});
});
