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
		return await Promise.resolve(result);
	});
}

const PHONE = '79991112233';
const lost = () => new Failure({ code: 'timeout', message: 'No', hint: 'Wait', ambiguous: true });
const refused = () => new Failure({ code: 'refused', message: 'No', hint: 'Change it' });

it('sends once for an item and its target, also for a later try of the same run', async () => {
	const send = sender({ key: 'a' });

	const first = await new PlacedCalls(scope).once(0, PHONE, send);
	const again = await new PlacedCalls(scope).once(0, PHONE, send);

	expect([first, again]).toEqual([{ key: 'a' }, { key: 'a' }]);
	expect(send).toHaveBeenCalledTimes(1);
});

it('sends for each item, also to the same target', async () => {
	const send = sender({ key: 'a' }, { key: 'b' });
	const placed = new PlacedCalls(scope);

	expect(await placed.once(0, PHONE, send)).toEqual({ key: 'a' });
	expect(await placed.once(1, PHONE, send)).toEqual({ key: 'b' });
});

it('sends again for an item whose target has changed', async () => {
	const send = sender({ key: 'a' }, { key: 'b' });
	const placed = new PlacedCalls(scope);

	await placed.once(0, PHONE, send);

	expect(await placed.once(0, '79991112244', send)).toEqual({ key: 'b' });
});

it('sends for each scope', async () => {
	const send = sender({ key: 'a' }, { key: 'b' });

	await new PlacedCalls(`${scope}/0`).once(0, PHONE, send);

	expect(await new PlacedCalls(`${scope}/1`).once(0, PHONE, send)).toEqual({ key: 'b' });
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

	expect(await new PlacedCalls(scope).once(0, PHONE, send)).toEqual({ key: 'a' });
});

it('forgets what this run sent, so that nothing is kept of an execution that is over', async () => {
	const send = sender({ key: 'a' }, { key: 'b' });
	const placed = new PlacedCalls(scope);
	await placed.once(0, PHONE, send);

	placed.forget();

	expect(await new PlacedCalls(scope).once(0, PHONE, send)).toEqual({ key: 'b' });
});

it('forgets what an earlier try sent, too, once it was given again', async () => {
	const send = sender({ key: 'a' }, { key: 'b' });
	await new PlacedCalls(scope).once(0, PHONE, send);
	const retry = new PlacedCalls(scope);
	await retry.once(0, PHONE, send);

	retry.forget();

	expect(await new PlacedCalls(scope).once(0, PHONE, send)).toEqual({ key: 'b' });
});

it('forgets nothing of other runs', async () => {
	const send = sender({ key: 'a' });
	await new PlacedCalls(scope).once(0, PHONE, send);

	new PlacedCalls(`${scope}/other`).forget();

	expect(await new PlacedCalls(scope).once(0, PHONE, send)).toEqual({ key: 'a' });
});

it('keeps the latest 50,000, so that executions that never end well fill no memory', async () => {
	const first = sender({ key: 'a' }, { key: 'b' });
	await new PlacedCalls(scope).once(0, PHONE, first);
	const many = new PlacedCalls(`${scope}/many`);
	const sent = async () => await Promise.resolve({});
	for (let item = 0; item < 49_999; item++) await many.once(item, PHONE, sent);

	expect(await new PlacedCalls(scope).once(0, PHONE, first)).toEqual({ key: 'a' });
	await many.once(49_999, PHONE, sent);
	expect(await new PlacedCalls(scope).once(0, PHONE, first)).toEqual({ key: 'b' });

	many.forget();
});
