/** Semantic versions of worksheets: numbers, compared as numbers. */

/** Negative: `a` comes before `b`. */
export function compareVersions(a: string, b: string): number {
	const [left, right] = [a, b].map((text) => text.split('.').map(Number));
	for (let i = 0; i < 3; i++) {
		const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
		if (difference !== 0) return difference;
	}
	return 0;
}

/** The next version with one number raised and those after it at 0. */
export function raised(version: string, part: 'major' | 'minor' | 'patch'): string {
	const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
	if (part === 'major') return `${major + 1}.0.0`;
	return part === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}
