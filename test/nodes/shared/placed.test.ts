import type { IDataObject } from 'n8n-workflow';
import { Failure } from '../../../nodes/shared/errors';
import { PlacedCalls } from '../../../nodes/shared/placed';

let scopes = 0;
let scope: string;

beforeEach(() => {
	scope = `execution-${++scopes}/node/0`;
});

/** Something sent for money that gives the given results, one each time it is sent. */
function sender(...results: Array<IDataObject | Error>) {
	return jest.fn(async () => {
		const result = results.shift();
		if (result === undefined) throw new Error('sent more often than expected');
		if (result instanceof Error) throw result;
		return await Promise.resolve([result]);
	});
}

const PHONE = '79991112233';
const lost = () => new Failure({ code: 'timeout', message: 'No', hint: 'Wait', ambiguous: true });
const refused = () => new Failure({ code: 'refused', message: 'No', hint: 'Change it' });

it('sends once for an item and its target, also for a later try of the same run', async () => {
	const send = sender({ key: 'a' });

	const first = await new PlacedCalls(scope).once(0, PHONE, send);
	const again = await new PlacedCalls(scope).once(0, PHONE, send);

	expect([first, again]).toEqual([[{ key: 'a' }], [{ key: 'a' }]]);
	expect(send).toHaveBeenCalledTimes(1);
});

it('sends for each item, also to the same target', async () => {
	const send = sender({ key: 'a' }, { key: 'b' });
	const placed = new PlacedCalls(scope);

	expect(await placed.once(0, PHONE, send)).toEqual([{ key: 'a' }]);
	expect(await placed.once(1, PHONE, send)).toEqual([{ key: 'b' }]);
});

it('sends again for an item whose target has changed', async () => {
	const send = sender({ key: 'a' }, { key: 'b' });
	const placed = new PlacedCalls(scope);

	await placed.once(0, PHONE, send);

	expect(await placed.once(0, '79991112244', send)).toEqual([{ key: 'b' }]);
});

it('sends for each scope', async () => {
	const send = sender({ key: 'a' }, { key: 'b' });

	await new PlacedCalls(`${scope}/0`).once(0, PHONE, send);

	expect(await new PlacedCalls(`${scope}/1`).once(0, PHONE, send)).toEqual([{ key: 'b' }]);
});

it('tells scope, item and target apart however they are written', async () => {
	const send = sender({ key: 'a' }, { key: 'b' }, { key: 'c' });

	await new PlacedCalls(scope).once(1, '1', send);
	await new PlacedCalls(scope).once(11, '', send);
	await new PlacedCalls(`${scope}",1,"1`).once(1, '1', send);

	expect(send).toHaveBeenCalledTimes(3);
});

it('gives the failure again, and sends nothing, where the provider may have acted', async () => {
	const send = sender(lost(), { key: 'a' });

	await expect(new PlacedCalls(scope).once(0, PHONE, send)).rejects.toMatchObject({
		code: 'timeout',
	});
	await expect(new PlacedCalls(scope).once(0, PHONE, send)).rejects.toMatchObject({
		code: 'timeout',
		hint: 'Wait',
		ambiguous: true,
	});
	expect(send).toHaveBeenCalledTimes(1);
});

it.each([
	['the provider refused', refused()],
	['something else went wrong', new Error('expression')],
])('sends again where %s', async (_, failure) => {
	const send = sender(failure, { key: 'a' });

	await expect(new PlacedCalls(scope).once(0, PHONE, send)).rejects.toBeInstanceOf(Failure);

	expect(await new PlacedCalls(scope).once(0, PHONE, send)).toEqual([{ key: 'a' }]);
});

it('forgets what this run sent, so that nothing is kept of an execution that is over', async () => {
	const send = sender({ key: 'a' }, { key: 'b' });
	const placed = new PlacedCalls(scope);
	await placed.once(0, PHONE, send);

	placed.forget();

	expect(await new PlacedCalls(scope).once(0, PHONE, send)).toEqual([{ key: 'b' }]);
});

it('forgets what an earlier try sent, too, once it was given again', async () => {
	const send = sender({ key: 'a' }, { key: 'b' });
	await new PlacedCalls(scope).once(0, PHONE, send);
	const retry = new PlacedCalls(scope);
	await retry.once(0, PHONE, send);

	retry.forget();

	expect(await new PlacedCalls(scope).once(0, PHONE, send)).toEqual([{ key: 'b' }]);
});

it('forgets nothing of other runs', async () => {
	const send = sender({ key: 'a' });
	await new PlacedCalls(scope).once(0, PHONE, send);

	new PlacedCalls(`${scope}/other`).forget();

	expect(await new PlacedCalls(scope).once(0, PHONE, send)).toEqual([{ key: 'a' }]);
});

describe('what executions leave that never end well', () => {
	const HOUR = 60 * 60_000;
	const sent = async () => await Promise.resolve([{}]);

	it('is forgotten when there is much of it and nothing was heard of them for an hour', async () => {
		let now = 1_000_000;
		const clock = () => now;
		const send = sender({ key: 'a' }, { key: 'b' });
		await new PlacedCalls(`${scope}/old`, clock).once(0, PHONE, send);
		const many = new PlacedCalls(`${scope}/many`, clock);
		for (let item = 0; item < 50_000; item++) await many.once(item, PHONE, sent);
		now += HOUR + 1;

		await new PlacedCalls(`${scope}/next`, clock).once(0, PHONE, sent);

		expect(await new PlacedCalls(`${scope}/old`, clock).once(0, PHONE, send)).toEqual([
			{ key: 'b' },
		]);
		many.forget();
	});

	it('takes nothing away from a run with many items: its retry sends nothing again', async () => {
		const send = jest.fn(sent);
		const first = new PlacedCalls(scope);
		for (let item = 0; item < 60_000; item++) await first.once(item, PHONE, send);
		await new PlacedCalls(`${scope}/other`).once(0, PHONE, sent);

		const retry = new PlacedCalls(scope);
		for (let item = 0; item < 60_000; item++) await retry.once(item, PHONE, send);

		expect(send).toHaveBeenCalledTimes(60_000);
		retry.forget();
	});
});
