import type { VesselMap } from '../vessel-map.ts';
import { legs } from './legs.ts';

/** Deep veins along the arteries, saphenous veins towards the skin. */
export const legVeins: VesselMap = {
	...legs,
	id: 'leg_veins',
	vessels: [
		{
			id: 'ivc',
			name: 'inferior vena cava',
			label: 'IVC',
			width: 12,
			paired: false,
			at: [152, 18],
			points: [
				[132, 6],
				[132, 26],
				[132, 44]
			]
		},
		{
			id: 'common_iliac_vein',
			name: 'common iliac vein',
			label: 'CIV',
			width: 9,
			paired: true,
			at: [104, 60],
			points: [
				[132, 46],
				[122, 62],
				[112, 76]
			]
		},
		{
			id: 'external_iliac_vein',
			name: 'external iliac vein',
			label: 'EIV',
			width: 9,
			paired: true,
			at: [84, 90],
			points: [
				[112, 78],
				[102, 94],
				[92, 112]
			]
		},
		{
			id: 'common_femoral_vein',
			name: 'common femoral vein',
			label: 'CFV',
			width: 9,
			paired: true,
			at: [78, 116],
			points: [
				[91, 115],
				[88, 123],
				[87, 131]
			]
		},
		{
			id: 'deep_femoral_vein',
			name: 'deep femoral vein',
			label: 'DFV',
			width: 6,
			paired: true,
			at: [60, 160],
			points: [
				[86, 134],
				[76, 148],
				[71, 166],
				[70, 188]
			]
		},
		{
			id: 'femoral_vein_prox',
			name: 'proximal femoral vein',
			label: 'FV',
			width: 8,
			paired: true,
			at: [84, 214],
			points: [
				[87, 134],
				[90, 150],
				[92, 166]
			]
		},
		{
			id: 'femoral_vein_mid',
			name: 'middle femoral vein',
			width: 8,
			paired: true,
			points: [
				[92, 170],
				[94, 187],
				[95, 203]
			]
		},
		{
			id: 'femoral_vein_dist',
			name: 'distal femoral vein',
			width: 8,
			paired: true,
			points: [
				[95, 207],
				[94, 222],
				[91, 238]
			]
		},
		{
			id: 'popliteal_vein',
			name: 'popliteal vein',
			label: 'POPV',
			width: 8,
			paired: true,
			at: [76, 252],
			points: [
				[90, 242],
				[88, 256],
				[87, 272]
			]
		},
		{
			id: 'small_saphenous_vein',
			name: 'small saphenous vein',
			label: 'SSV',
			width: 5,
			paired: true,
			at: [60, 316],
			points: [
				[84, 262],
				[74, 280],
				[69, 308],
				[69, 350]
			]
		},
		{
			id: 'peroneal_vein',
			name: 'peroneal vein',
			label: 'PERV',
			width: 5,
			paired: true,
			at: [90, 364],
			points: [
				[87, 276],
				[83, 294],
				[80, 316],
				[80, 348]
			]
		},
		{
			id: 'posterior_tibial_vein',
			name: 'posterior tibial vein',
			label: 'PTV',
			width: 5,
			paired: true,
			at: [116, 374],
			points: [
				[88, 276],
				[93, 292],
				[94, 318],
				[92, 354]
			]
		},
		{
			id: 'great_saphenous_vein',
			name: 'great saphenous vein',
			label: 'GSV',
			width: 5,
			paired: true,
			at: [126, 250],
			points: [
				[91, 130],
				[106, 142],
				[112, 178],
				[106, 220],
				[101, 252],
				[106, 290],
				[101, 332],
				[97, 360]
			]
		}
	]
};
