/* eslint-disable @n8n/community-nodes/no-restricted-globals -- development equipment: never runs inside n8n */
import * as fc from 'fast-check';
import { nodeOperations } from '../../support/nodeOperations';
import { anyAnswers, anyItems, anyItemsOfWait } from './anyJson';
import { anyParameters } from './anyParameters';
import { AnyServer } from './anyServer';
import { problemsOf } from './run';

/** Of each operation; more of them look for what nobody has thought of. */
const RUNS = Number(process.env.FLASHCALL_PROPERTY_RUNS ?? 12);
/** Stands in the title, because what fails beside a run, as a rejection does, is not told with it. */
const SEED = Number(process.env.FLASHCALL_PROPERTY_SEED ?? 20_261_122);
const MOST_MS = 60_000 + RUNS * 3_000;

let server: AnyServer;

beforeAll(async () => {
	server = await AnyServer.start();
});
afterAll(async () => await server.close());

describe(`whatever comes in and whatever the provider answers (seed ${SEED}, ${RUNS} runs)`, () => {
	it.each([...nodeOperations()])(
		'%s sends only what is documented, nothing twice, and says what became of each item',
		async (_, operation) => {
			await fc.assert(
				fc.asyncProperty(
					'wait' in operation.operation ? anyItemsOfWait : anyItems,
					anyParameters(operation.operation),
					anyAnswers,
					fc.boolean(),
					async (items, parameters, answers, goesOn) => {
						const given = { items, parameters, answers, goesOn };
						expect(await problemsOf(operation, given, server)).toEqual([]);
					},
				),
				{ numRuns: RUNS, seed: SEED },
			);
		},
		MOST_MS,
	);
});
