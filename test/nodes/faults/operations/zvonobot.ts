import type { IDataObject } from 'n8n-workflow';
import type { Simulator } from '../../../support/simulator/server';
import { runZvonobot } from '../../../support/zvonobot';
import { asks, byId, nothing, phone, phones, these } from './tried';
import type { Own, Tried } from './tried';

const plannedAt = '2030-01-01T10:00:00Z';

const zvonobot = (resource: string, operation: string, more: Own): Tried => ({
	node: 'zvonobot',
	provider: 'zvonobot',
	resource,
	operation,
	...more,
});

const CALL = { phone, callerIdSource: 'duty', say: 'text', text: 'Hello' };
const FROM_TEMPLATE = { phone, ...byId('template', '1') };

/** Two calls that are planned, and may be changed. */
const planned =
	(operation: 'create' | 'createFromTemplate') =>
	async (simulator: Simulator): Promise<IDataObject[]> => {
		const parameters = {
			...(operation === 'create' ? CALL : FROM_TEMPLATE),
			options: { plannedAt },
		};
		const { json } = await runZvonobot(simulator, 'call', operation, parameters, phones());
		// What differs between the items keeps them out of one request.
		return json.map(({ callId }, index) => ({ callId, simplify: index === 0 }));
	};

export const ZVONOBOT: readonly Tried[] = [
	zvonobot('account', 'getBalance', asks()),
	zvonobot('call', 'cancel', {
		kind: 'changes',
		parameters: {},
		items: planned('create'),
		together: true,
	}),
	zvonobot('call', 'cancelFromTemplate', {
		kind: 'changes',
		parameters: {},
		items: planned('createFromTemplate'),
		together: true,
	}),
	zvonobot('call', 'create', {
		kind: 'once',
		parameters: { ...CALL, options: { batchSize: 1 } },
		items: phones,
	}),
	zvonobot('call', 'createAndWait', { kind: 'once', parameters: CALL, items: phones }),
	zvonobot('call', 'createFromTemplate', {
		kind: 'once',
		parameters: { ...FROM_TEMPLATE, options: { batchSize: 1 } },
		items: phones,
	}),
	zvonobot('call', 'downloadRecording', {
		kind: 'file',
		parameters: {},
		items: ({ url }) => [1, 1342].map((id) => ({ recordingUrl: `${url}/recordings/${id}.mp3` })),
	}),
	zvonobot('call', 'get', {
		kind: 'asks',
		parameters: { options: { simplify: '={{ $json.simplify }}' } },
		items: planned('create'),
	}),
	zvonobot('call', 'getAll', {
		kind: 'asks',
		parameters: {
			callIds: '={{ $json.callId }}',
			fromTemplate: true,
			options: { simplify: '={{ $json.simplify }}' },
		},
		items: planned('createFromTemplate'),
	}),
	zvonobot('call', 'reschedule', {
		kind: 'changes',
		parameters: { plannedAt: '={{ $json.at }}' },
		// The same call, to two different times.
		items: async (simulator) => {
			const [first] = await planned('create')(simulator);
			return [2030, 2031].map((year) => ({ ...first, at: `${year}-06-01T10:00:00Z` }));
		},
	}),
	zvonobot('callerId', 'getAll', asks()),
	zvonobot('language', 'getAll', asks()),
	zvonobot('recording', 'create', {
		kind: 'once',
		parameters: { name: '={{ $json.name }}', source: 'text', text: 'Hello' },
		items: these({ name: 'one' }, { name: 'two' }),
	}),
	zvonobot('recording', 'delete', {
		kind: 'changes',
		parameters: {},
		items: these({ recordingId: 1 }, { recordingId: 1342 }),
		together: true,
	}),
	zvonobot('template', 'getAll', asks()),
	zvonobot('verification', 'callWithPin', { kind: 'once', parameters: { phone }, items: phones }),
	zvonobot('verification', 'checkCode', {
		kind: 'nobody',
		parameters: { key: 'a key that nobody made', code: '0427' },
		items: nothing,
	}),
	zvonobot('verification', 'sendCodeAndWait', {
		kind: 'once',
		parameters: { phone },
		items: phones,
	}),
];
