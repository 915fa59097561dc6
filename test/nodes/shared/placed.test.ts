import type { IDataObject, IExecuteData } from 'n8n-workflow';
import { Failure } from '../../../nodes/shared/errors';
import { PlacedCalls, withoutSent } from '../../../nodes/shared/placed';

const SCOPE = 'node/0/verification/send';

let step: Pick<IExecuteData, 'metadata'>;

beforeEach(() => {
	step = {};
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

	const first = await new PlacedCalls(step, SCOPE).once(0, PHONE, send);
	const again = await new PlacedCalls(step, SCOPE).once(0, PHONE, send);

	expect([first, again]).toEqual([[{ key: 'a' }], [{ key: 'a' }]]);
	expect(send).toHaveBeenCalledTimes(1);
});

it('sends for each item, also to the same target', async () => {
	const send = sender({ key: 'a' }, { key: 'b' });
	const placed = new PlacedCalls(step, SCOPE);

	expect(await placed.once(0, PHONE, send)).toEqual([{ key: 'a' }]);
	expect(await placed.once(1, PHONE, send)).toEqual([{ key: 'b' }]);
});

it('sends again for an item whose target has changed', async () => {
	const send = sender({ key: 'a' }, { key: 'b' });
	const placed = new PlacedCalls(step, SCOPE);

	await placed.once(0, PHONE, send);

	expect(await placed.once(0, '79991112244', send)).toEqual([{ key: 'b' }]);
});

it('sends for each step, and where the step was changed to do something else', async () => {
	const send = sender({ key: 'a' }, { key: 'b' }, { key: 'c' });

	await new PlacedCalls(step, SCOPE).once(0, PHONE, send);

	expect(await new PlacedCalls({}, SCOPE).once(0, PHONE, send)).toEqual([{ key: 'b' }]);
	expect(await new PlacedCalls(step, 'another').once(0, PHONE, send)).toEqual([{ key: 'c' }]);
});

it('tells item and target apart however they are written', async () => {
	const send = sender({ key: 'a' }, { key: 'b' }, { key: 'c' });

	await new PlacedCalls(step, SCOPE).once(1, '1', send);
	await new PlacedCalls(step, SCOPE).once(11, '', send);
	await new PlacedCalls(step, SCOPE).once(1, '1,"', send);

	expect(send).toHaveBeenCalledTimes(3);
});

it('knows after n8n has saved and loaded the step, in whatever process', async () => {
	const send = sender({ key: 'a' }, lost());
	const before = new PlacedCalls(step, SCOPE);
	await before.once(0, PHONE, send);
	await before.once(1, PHONE, send).catch(() => undefined);

	const loaded = JSON.parse(JSON.stringify(step)) as typeof step;
	const after = new PlacedCalls(loaded, SCOPE);

	expect(await after.once(0, PHONE, send)).toEqual([{ key: 'a' }]);
	await expect(after.once(1, PHONE, send)).rejects.toMatchObject({ hint: 'Wait', ambiguous: true });
	expect(send).toHaveBeenCalledTimes(2);
});

it('gives the failure again, and sends nothing, where the provider may have acted', async () => {
	const send = sender(lost(), { key: 'a' });

	await expect(new PlacedCalls(step, SCOPE).once(0, PHONE, send)).rejects.toMatchObject({
		code: 'timeout',
	});
	await expect(new PlacedCalls(step, SCOPE).once(0, PHONE, send)).rejects.toMatchObject({
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

	await expect(new PlacedCalls(step, SCOPE).once(0, PHONE, send)).rejects.toBeInstanceOf(Failure);

	expect(await new PlacedCalls(step, SCOPE).once(0, PHONE, send)).toEqual([{ key: 'a' }]);
});

it('forgets what was sent, and nothing else that n8n keeps of the step', async () => {
	const send = sender({ key: 'a' }, { key: 'b' });
	step.metadata = { subRun: [] };
	const placed = new PlacedCalls(step, SCOPE);
	await placed.once(0, PHONE, send);

	placed.forget();

	expect(step.metadata).toEqual({ subRun: [] });
	expect(await new PlacedCalls(step, SCOPE).once(0, PHONE, send)).toEqual([{ key: 'b' }]);
});

it('is not copied to a step that follows', async () => {
	await new PlacedCalls(step, SCOPE).once(0, PHONE, sender({ key: 'a' }));

	expect(withoutSent({ ...step.metadata, subRun: [] })).toEqual({ subRun: [] });
	expect(withoutSent(undefined)).toEqual({});
});
