import { breaches, KEYS, onceCount } from './contract';
import type { Received } from './anyServer';

const SEND = '/api/v1/flash-call/send';
const CREATE = '/apiCalls/create';

const plusofon: Received = {
	method: 'POST',
	path: SEND,
	query: [],
	headers: {
		authorization: `Bearer ${KEYS.access}`,
		client: '10553',
		'content-type': 'application/json',
	},
	body: '{"phone":"79991112233"}',
};

const zvonobot = (body: object): Received => ({
	method: 'POST',
	path: CREATE,
	query: [],
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify({
		apiKey: KEYS.zvonobot,
		dutyPhone: 1,
		record: { text: 'Hello', gender: 0 },
		...body,
	}),
});

const phones = ['79991112233', '79991112244'];

it.each<[what: string, request: Received, once: number]>([
	['a flash call', plusofon, 1],
	['a robocall', zvonobot({ phone: phones[0] }), 1],
	['several robocalls', zvonobot({ phones }), 2],
	[
		'a menu in a menu',
		zvonobot({ phone: phones[0], ivrs: [{ digit: 1, ivrs: [{ anyWord: 1, needBlock: 1 }] }] }),
		1,
	],
])('%s is within the contract, and counts', (_, request, once) => {
	expect(breaches(request)).toEqual([]);
	expect(onceCount(request)).toBe(once);
});

it.each<[what: string, request: Received]>([
	['an unknown path', { ...plusofon, path: `${SEND}/` }],
	['another method', { ...plusofon, method: 'PUT' }],
	['a phone with a plus', { ...plusofon, body: '{"phone":"+79991112233"}' }],
	['a phone as a number', { ...plusofon, body: '{"phone":79991112233}' }],
	['a field too many', { ...plusofon, body: '{"phone":"79991112233","x":1}' }],
	['a field too few', { ...plusofon, body: '{}' }],
	['no body', { ...plusofon, body: '' }],
	['no JSON', { ...plusofon, body: 'phone=79991112233' }],
	['a query', { ...plusofon, query: [['phone', '79991112233']] }],
	['another token', auth(`Bearer ${KEYS.cabinet}`)],
	['no client', { ...plusofon, headers: { ...plusofon.headers, client: undefined } }],
	['a key in the body', { ...plusofon, body: `{"phone":"79991112233","pin":"${KEYS.access}"}` }],
	['a key in the path', { ...plusofon, path: `${SEND}/${KEYS.access}` }],
	['no key', zvonobot({ phone: phones[0], apiKey: undefined })],
	['a key in the header, too', { ...zvonobot({}), headers: { authorization: KEYS.zvonobot } }],
	['a short phone', zvonobot({ phone: '7999111223' })],
	['an unknown field of a menu', zvonobot({ phone: phones[0], ivrs: [{ digit: 1, x: 1 }] })],
	['a flag that is none', zvonobot({ phone: phones[0], needRecording: true })],
])('%s is against the contract', (_, request) => {
	expect(breaches(request)).not.toEqual([]);
});

function auth(authorization: string): Received {
	return { ...plusofon, headers: { ...plusofon.headers, authorization } };
}
