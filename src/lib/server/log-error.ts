/** What an operator needs of an error and may see: no parameter, row or text of a request (M5). */
export interface LoggedError {
	type: string;
	message: string;
	/** SQLSTATE, or the system's code. */
	code?: string;
	/** Of the database: which rule said no. */
	constraint?: string;
	/** With placeholders where the values were. */
	query?: string;
	/** Where, without the message. */
	stack?: string[];
	cause?: LoggedError;
}

const text = (error: Error, key: string): string | undefined => {
	const value: unknown =
		key in error ? (error as unknown as Record<string, unknown>)[key] : undefined;
	return typeof value === 'string' ? value : undefined;
};

/**
 * Drivers and parsers quote what they choke on: their messages go, their codes stay. Our own messages
 * hold ids and reasons only.
 */
export function loggedError(error: unknown, depth = 0): LoggedError {
	// A string was written by us.
	if (typeof error === 'string') return { type: 'note', message: error };
	if (!(error instanceof Error)) return { type: typeof error, message: '' };
	const code = text(error, 'code');
	const constraint = text(error, 'constraint');
	const query = text(error, 'query');
	const quotes = query !== undefined || 'severity' in error || error instanceof SyntaxError;
	const frames = (error.stack ?? '')
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line.startsWith('at '))
		.slice(0, 12);
	return {
		type: error.name,
		message: quotes ? '[values left out]' : error.message,
		...(code ? { code } : {}),
		...(constraint ? { constraint } : {}),
		...(query ? { query } : {}),
		...(frames.length > 0 ? { stack: frames } : {}),
		...(error.cause !== undefined && depth < 4
			? { cause: loggedError(error.cause, depth + 1) }
			: {})
	};
}
