/** What the synthetic studies of the corpus say was drawn on their pictures. */
import { corpusJson } from './corpus.ts';

export interface Drawn {
	file: string;
	/** From 1. */
	frame: number;
	points: [number, number][];
	/** Of a cavity, from the base to the apex. */
	longAxis?: [number, number][];
}

export interface TrueMeasurement extends Drawn {
	key: string;
	measurementId: string | null;
	/** Index in Sequence of Ultrasound Regions. */
	region: number;
	tool: string;
	quantity?: 'VTI' | 'meanGradient' | 'peakVelocity' | 'decelerationTime' | 'pressureHalfTime';
	/** The same cavity in the other plane. */
	second?: Drawn;
	expected: number;
	unit: string;
	tolerance: number;
}

export const measurementsOf = (study: string): TrueMeasurement[] =>
	corpusJson<{ measurements: TrueMeasurement[] }>(`synthetic/${study}/truth.json`).measurements;

/** As our annotations keep them: the long axis before the outline. */
export const pointsOf = ({ longAxis, points }: Drawn) => [...(longAxis ?? []), ...points];
