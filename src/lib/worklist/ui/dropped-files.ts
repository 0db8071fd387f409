/** Every file of a drop, folders included, however deep; at most `most` of them. */
export async function droppedFiles(data: DataTransfer, most = 20_000): Promise<File[]> {
	// The list is gone after the first await: take the entries now.
	const entries = [...data.items]
		.filter((item) => item.kind === 'file')
		.map((item) => item.webkitGetAsEntry())
		.filter((entry) => entry !== null);
	if (entries.length === 0) return [...data.files];
	const files: File[] = [];
	const walk = async (entry: FileSystemEntry): Promise<void> => {
		if (files.length >= most) return;
		if (entry.isFile) files.push(await fileOf(entry as FileSystemFileEntry));
		else for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) await walk(child);
	};
	for (const entry of entries) await walk(entry);
	return files.filter((file) => !file.name.startsWith('.'));
}

const fileOf = (entry: FileSystemFileEntry) =>
	new Promise<File>((resolve, reject) => entry.file(resolve, reject));

/** `readEntries` answers in portions of a hundred and ends with an empty one. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
	const reader = folder.createReader();
	const all: FileSystemEntry[] = [];
	for (;;) {
		const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
			reader.readEntries(resolve, reject)
		);
		if (part.length === 0) return all;
		all.push(...part);
	}
}
