import { nodeTypes, runNode } from '../../support/engine';

const NODES = Object.keys(nodeTypes).filter((type) => !type.endsWith('Tool'));

const CHOICES = [
	['an unknown operation', { resource: 'verification', operation: 'none' }],
	['an unknown resource', { resource: 'none', operation: 'verifyAndWait' }],
	['what fails', { resource: '={{ null.x }}', operation: '={{ nowhere.to.be.found }}' }],
] as const;

const cases = NODES.flatMap((type) =>
	CHOICES.map(([what, chosen]) => [type, what, chosen] as const),
);

const run = async (type: string, parameters: object, settings: object) =>
	await runNode({
		type,
		parameters: { ...parameters },
		items: [{ phone: '79991112233' }],
		credentials: {},
		...settings,
	});

it.each(cases)('%s with %s stops and says what to choose', async (type, _, chosen) => {
	const { error } = await run(type, chosen, {});

	expect(error?.message).toMatch(/^The operation ".*" does not exist for ".*"$/s);
	expect(error?.description).toContain('choose its resource and operation again');
});

describe.each(['continueRegularOutput', 'continueErrorOutput'])('with %s', (onError) => {
	it.each(cases)('%s with %s lets nobody pass for verified', async (type, _, chosen) => {
		for (const alwaysOutputData of [false, true]) {
			const { outputs } = await run(type, chosen, { onError, alwaysOutputData });

			expect(outputs.flat()).toEqual([]);
		}
	});
});
