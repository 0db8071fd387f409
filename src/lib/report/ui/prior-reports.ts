/** A signed report of an earlier study of the same person. */
export interface PriorReportLink {
	reportId: string;
	studyAt: Date | null;
	description: string;
}

interface Prior {
	studyAt: Date | null;
	description: string;
	report: { id: string; hasVersion: boolean } | null;
}

/** The earlier studies, nearest first, that somebody signed a report of; one report once. */
export function signedPriors(priors: readonly Prior[]): PriorReportLink[] {
	const seen = new Set<string>();
	return priors.flatMap(({ report, studyAt, description }) => {
		if (!report?.hasVersion || seen.has(report.id)) return [];
		seen.add(report.id);
		return [{ reportId: report.id, studyAt, description }];
	});
}
