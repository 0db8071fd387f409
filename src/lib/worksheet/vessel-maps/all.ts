import type { VesselMap } from '../vessel-map.ts';
import { carotid } from './carotid.ts';
import { legArteries } from './leg-arteries.ts';
import { legVeins } from './leg-veins.ts';

/** Every picture of vessels, by the name that worksheets use. */
export const vesselMaps: ReadonlyMap<string, VesselMap> = new Map(
	[carotid, legArteries, legVeins].map((map) => [map.id, map])
);
