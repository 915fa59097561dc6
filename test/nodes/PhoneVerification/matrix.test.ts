import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { PATHS, newPhone, runStart, simulatorCredentials } from '../../support/phoneVerification';
import type { ChannelName, Given } from '../../support/phoneVerification';
import type { Fault } from '../../support/simulator/faults';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

/** Nobody listens there. */
const CLOSED = 'http://127.0.0.1:1';

type Provider = 'plusofon' | 'mobilgroup' | 'zvonobot';

interface Row {
	provider: Provider;
	/** The channel of another provider behind it. */
	next: ChannelName;
	credential: string;
	address: 'baseUrl' | 'domain';
	key: string;
	price?: string;
}

const plusofon = {
	provider: 'plusofon',
	credential: 'plusofonFlashCallApi',
	address: 'baseUrl',
	key: 'accessToken',
} as const;
const mobilgroup = {
	provider: 'mobilgroup',
	credential: 'mobilgroupApi',
	address: 'baseUrl',
	key: 'apiKey',
	price: '0.35',
} as const;

const CHANNELS: Record<ChannelName, Row> = {
	plusofonFlashCall: { ...plusofon, next: 'mobilgroupVoiceCode' },
	plusofonCallToAuth: { ...plusofon, next: 'zvonobotPinCall' },
	mobilgroupFlashCall: { ...mobilgroup, next: 'zvonobotPinCall' },
	mobilgroupVoiceCode: { ...mobilgroup, next: 'plusofonFlashCall' },
	mobilgroupSms: { ...mobilgroup, next: 'plusofonCallToAuth' },
	zvonobotPinCall: {
		provider: 'zvonobot',
		credential: 'zvonobotApi',
		address: 'domain',
		key: 'apiKey',
		next: 'mobilgroupFlashCall',
	},
};

interface Prepared {
	faults?: Fault[];
	credential?: ICredentialDataDecryptedObject;
	options?: IDataObject;
}

interface Outcome {
	/** What has the provider answer so, or not at all. */
	prepare(row: Row, phone: string, channel: ChannelName): Prepared;
	outcome: 'refused' | 'may_have_been_sent';
	code: string | Partial<Record<ChannelName, string>>;
	/** Requests that arrive at the channel's provider. */
	requests: 0 | 1;
	/** Whether the provider has acted, and is paid. */
	paid?: true;
}

/** A refusal in the words of each provider. */
const refusal = (
	{ provider }: Row,
	words: { plusofon: string; mobilgroup: string; zvonobot: string },
): Fault => {
	if (provider === 'plusofon') {
		return { kind: 'status', status: 400, body: { message: words.plusofon, code: 400 } };
	}
	const body: Record<string, string> =
		provider === 'mobilgroup'
			? { result: 'error', error_code: words.mobilgroup }
			: { status: 'error', message: words.zvonobot };
	return { kind: 'status', status: 200, body };
};

const OUTCOMES: Record<string, Outcome> = {
	refused: {
		prepare: (row) => ({
			faults: [refusal(row, { plusofon: 'No', mobilgroup: 'user_disabled', zvonobot: 'Отказано' })],
		}),
		outcome: 'refused',
		code: {
			plusofonFlashCall: 'refused',
			plusofonCallToAuth: 'refused',
			mobilgroupFlashCall: 'user_disabled',
			mobilgroupVoiceCode: 'user_disabled',
			mobilgroupSms: 'user_disabled',
			zvonobotPinCall: 'refused',
		},
		requests: 1,
	},
	'no money': {
		prepare(row) {
			if (row.provider === 'mobilgroup') simulator.mobilgroup.setOptions({ balance: 0 });
			if (row.provider === 'zvonobot') simulator.zvonobot.setOptions({ balance: 0 });
			const words = { plusofon: 'Not enough balance', mobilgroup: '', zvonobot: '' };
			return row.provider === 'plusofon' ? { faults: [refusal(row, words)] } : {};
		},
		outcome: 'refused',
		code: 'not_enough_money',
		requests: 1,
	},
	'the number barred': {
		prepare(row, phone, channel) {
			if (row.provider === 'mobilgroup') simulator.mobilgroup.setOptions({ barred: [phone] });
			if (row.provider === 'zvonobot') simulator.zvonobot.setOptions({ refusedPhones: [phone] });
			const words = {
				plusofon: 'The operator is forbidden',
				mobilgroup: 'number_in_spam_list',
				zvonobot: '',
			};
			const isOwn = row.provider === 'plusofon' || channel === 'mobilgroupSms';
			return isOwn ? { faults: [refusal(row, words)] } : {};
		},
		outcome: 'refused',
		code: {
			plusofonFlashCall: 'refused',
			plusofonCallToAuth: 'refused',
			mobilgroupFlashCall: 'number_not_permitted',
			mobilgroupVoiceCode: 'number_not_permitted',
			mobilgroupSms: 'number_in_spam_list',
			zvonobotPinCall: 'refused',
		},
		requests: 1,
	},
	'a wrong key': {
		prepare: (row, _, channel) =>
			// The earlier key of an SMS does not open with another key.
			channel === 'mobilgroupSms'
				? {
						faults: [
							refusal(row, { plusofon: '', mobilgroup: 'authorisation_failed', zvonobot: '' }),
						],
					}
				: { credential: { [row.key]: 'another' } },
		outcome: 'refused',
		code: 'wrong_credential',
		requests: 1,
	},
	'too many requests': {
		prepare: () => ({ faults: [{ kind: 'status', status: 429 }] }),
		outcome: 'refused',
		code: 'rate_limited',
		requests: 1,
	},
	'the provider down': {
		prepare: ({ address }) => ({ credential: { [address]: CLOSED } }),
		outcome: 'refused',
		code: 'not_reached',
		requests: 0,
	},
	'a time-out': {
		prepare: () => ({
			faults: [{ kind: 'slow', ms: 2000, phase: 'answer' }],
			options: { timeout: 1 },
		}),
		outcome: 'may_have_been_sent',
		code: 'may_have_been_sent',
		requests: 1,
		paid: true,
	},
	'a time-out before anything was done': {
		prepare: () => ({ faults: [{ kind: 'status', status: 504 }] }),
		outcome: 'may_have_been_sent',
		code: 'may_have_been_sent',
		requests: 1,
	},
	'a lost answer': {
		prepare: () => ({ faults: [{ kind: 'resetAfter' }] }),
		outcome: 'may_have_been_sent',
		code: 'may_have_been_sent',
		requests: 1,
		paid: true,
	},
	'a server error': {
		prepare: () => ({ faults: [{ kind: 'statusAfter', status: 503 }] }),
		outcome: 'may_have_been_sent',
		code: 'may_have_been_sent',
		requests: 1,
		paid: true,
	},
	'an answer that is no JSON': {
		prepare: () => ({ faults: [{ kind: 'html' }] }),
		outcome: 'may_have_been_sent',
		code: 'may_have_been_sent',
		requests: 1,
		paid: true,
	},
};

/** An SMS needs a call before it: its start, and the options that the next one gets from it. */
async function before(channel: ChannelName, phone: string): Promise<IDataObject> {
	if (channel !== 'mobilgroupSms') return {};
	const { json } = await runStart(simulator, phone, { channels: ['mobilgroupFlashCall'] });
	simulator.journal.clear();
	return { earlierKey: String(json[0]?.key), coolDown: 0 };
}

async function runCase(
	channel: ChannelName,
	outcome: Outcome,
	given: Given = {},
	more: IDataObject = {},
) {
	const row = CHANNELS[channel];
	const phone = newPhone();
	const earlier = await before(channel, phone);
	const { faults = [], credential, options } = outcome.prepare(row, phone, channel);
	const path = PATHS[channel];
	for (const fault of faults) simulator.faults.add({ ...fault, match: { path } });
	const credentials = simulatorCredentials(simulator);
	credentials[row.credential] = { ...credentials[row.credential], ...credential };
	const result = await runStart(simulator, phone, {
		channels: [channel, row.next],
		credentials,
		nodeOptions: { ...earlier, ...options, ...more } as Given['nodeOptions'] & object,
		onError: 'continueRegularOutput',
		...given,
	});
	return { phone, row, result, answer: result.json[0] ?? {} };
}

const codeOfRow = ({ code }: Outcome, channel: ChannelName) =>
	typeof code === 'string' ? code : code[channel];

const sent = (channel: ChannelName) => {
	const { price } = CHANNELS[channel];
	return {
		channel,
		outcome: 'sent',
		code: 'sent',
		ms: expect.any(Number),
		...(price === undefined ? {} : { price }),
	};
};

const failed = (channel: ChannelName, outcome: Outcome) => ({
	channel,
	outcome: outcome.outcome,
	code: codeOfRow(outcome, channel),
	ms: expect.any(Number),
});

/** Money that was taken, by provider. */
const paid = () => simulator.journal.charges.map(({ provider }) => provider);

const all = Object.keys(CHANNELS) as ChannelName[];
const outcomes = Object.entries(OUTCOMES);
const definite = outcomes.filter(([, { outcome }]) => outcome === 'refused');
const unsure = outcomes.filter(([, { outcome }]) => outcome === 'may_have_been_sent');

describe.each(all)('%s', (channel) => {
	const REACHED: Outcome = { prepare: () => ({}), outcome: 'refused', code: '', requests: 1 };

	it('reaches the person, and nothing follows', async () => {
		const { phone, row, answer } = await runCase(channel, REACHED);

		const isCall = channel === 'plusofonCallToAuth';
		const operator = channel === 'plusofonFlashCall' ? { operator: 'megafon' } : {};
		expect(answer).toEqual({
			status: 'sent',
			channel,
			provider: row.provider,
			phone,
			key: expect.stringMatching(new RegExp(`^pv1/${channel}/fc1\\.`)),
			expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
			...(isCall ? { callNumber: expect.any(String), requestId: expect.any(String) } : {}),
			...operator,
			attempts: [sent(channel)],
		});
		expect(paid()).toEqual([row.provider]);
		expect(simulator.journal.requests).toMatchObject([{ path: PATHS[channel], method: 'POST' }]);
	});

	it.each(definite)('hands over to the next one at once: %s', async (_, outcome) => {
		const { row, answer } = await runCase(channel, outcome);

		expect(answer).toMatchObject({
			status: 'sent',
			channel: row.next,
			provider: CHANNELS[row.next].provider,
			attempts: [failed(channel, outcome), sent(row.next)],
		});
		expect(paid()).toEqual([CHANNELS[row.next].provider]);
		const paths = simulator.journal.requests.map(({ path }) => path);
		expect(paths).toEqual([...(outcome.requests === 1 ? [PATHS[channel]] : []), PATHS[row.next]]);
	});

	it.each(unsure)('stops, and nobody else is asked: %s', async (_, outcome) => {
		const { row, answer } = await runCase(channel, outcome);

		expect(answer).toMatchObject({
			code: 'may_have_been_sent',
			details: { code: 'may_have_been_sent', attempts: [failed(channel, outcome)] },
		});
		expect(answer).not.toHaveProperty('key');
		expect(simulator.journal.requests).toHaveLength(1);
		expect(paid()).toEqual(outcome.paid ? [row.provider] : []);
	});

	it.each(unsure)('goes on where When Unsure says so: %s', async (_, outcome) => {
		const { row, answer } = await runCase(channel, outcome, {}, { whenUnsure: 'next' });

		expect(answer).toMatchObject({
			channel: row.next,
			attempts: [failed(channel, outcome), sent(row.next)],
		});
		expect(simulator.journal.requests).toHaveLength(2);
		expect(paid()).toEqual([...(outcome.paid ? [row.provider] : []), CHANNELS[row.next].provider]);
	});

	it('is not asked again when n8n retries after a lost answer', async () => {
		const lost = OUTCOMES['a lost answer'] ?? REACHED;

		const { result } = await runCase(channel, lost, {
			onError: 'stopWorkflow',
			retryOnFail: { maxTries: 3 },
		});

		expect(result.error?.context.code).toBe('may_have_been_sent');
		expect(simulator.journal.requests).toHaveLength(1);
		expect(simulator.journal.charges).toHaveLength(1);
	});
});
