import type { IBinaryData, INodeParameters } from 'n8n-workflow';
import type { Fault } from '../../support/simulator/faults';
import type { JsonValue } from '../../support/simulator/types';
import { PRESET_ZVONOBOT } from '../../support/simulator/zvonobot';
import { startSimulator } from '../../support/simulator/server';
import type { Simulator } from '../../support/simulator/server';
import { runZvonobot } from '../../support/zvonobot';

let simulator: Simulator;
/** A host that is not the credential's. */
let elsewhere: Simulator;

beforeAll(async () => {
	[simulator, elsewhere] = await Promise.all([startSimulator(), startSimulator()]);
});
beforeEach(() => {
	simulator.reset();
	elsewhere.reset();
});
afterAll(async () => await Promise.all([simulator.close(), elsewhere.close()]));

const MEGABYTE = 1024 * 1024;

describe('uploading', () => {
	const sound = Buffer.from('RIFF\0\xffnot text', 'latin1');
	const file = (more: Partial<IBinaryData> = {}): IBinaryData => ({
		mimeType: 'audio/wav',
		fileName: 'приветствие "1".wav',
		data: sound.toString('base64'),
		...more,
	});

	async function upload(data: IBinaryData | undefined, parameters: INodeParameters = {}) {
		return await runZvonobot(
			simulator,
			'recording',
			'create',
			{ name: 'Greeting', source: 'file', ...parameters },
			[{}],
			{ binaries: data === undefined ? [] : [{ data }] },
		);
	}

	it('keeps the bytes, the name and the type of the file', async () => {
		const { error, json } = await upload(file());

		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ recordingId: 1343, name: 'Greeting', text: null, cost: 0 }]);
		const { records } = simulator.zvonobot.snapshot();
		expect(records.at(-1)?.file).toEqual({
			filename: 'приветствие "1".wav',
			mime: 'audio/wav',
			size: sound.length,
		});
		const download = await fetch(String(json[0]?.recordingUrl));
		expect(Buffer.from(await download.arrayBuffer()).equals(sound)).toBe(true);
	});

	it('takes the file from the field that is named', async () => {
		const { error } = await runZvonobot(
			simulator,
			'recording',
			'create',
			{ name: 'Greeting', source: 'file', binaryPropertyName: 'sound' },
			[{}],
			{ binaries: [{ sound: file() }] },
		);

		expect(error).toBeUndefined();
	});

	it.each<[problem: string, data: IBinaryData | undefined]>([
		['Input Data Field Name names "data", which holds no file', undefined],
		['Input Data Field Name names an empty file', file({ data: '' })],
		[
			'Input Data Field Name names a file of 51 MB, more than the 50 MB allowed',
			file({ data: Buffer.alloc(50 * MEGABYTE + 1).toString('base64') }),
		],
	])('says "%s" before any request', async (problem, data) => {
		const { error } = await upload(data);

		expect(error?.message).toContain(problem);
		expect(error?.context.code).toBe('invalid_input');
		expect(simulator.journal.requests).toEqual([]);
	});

	it('shows the refusal of a file that is no sound', async () => {
		const { error } = await upload(file({ mimeType: 'image/png' }));

		expect(error?.message).toContain('должно быть звуковым файлом');
	});
});

it.each<[problem: string, operation: string, parameters: INodeParameters]>([
	['Name is empty', 'create', { name: '={{ $json.nothing }}', text: 'Hello' }],
	['Text is empty', 'create', { name: 'a', text: '={{ $json.nothing }}' }],
	['Recording ID is not an ID', 'delete', { recordingId: 'x' }],
	['Recording ID is empty', 'delete', {}],
])('says "%s" before any request: %s %j', async (problem, operation, parameters) => {
	const { error } = await runZvonobot(simulator, 'recording', operation, parameters);

	expect(error?.message).toBe(problem);
	expect(simulator.journal.requests).toEqual([]);
});

describe('downloading', () => {
	/** The link of a call that was recorded, on the credential's own host. */
	async function recorded(): Promise<string> {
		await runZvonobot(simulator, 'call', 'create', {
			phone: '79991112233',
			callerIdSource: 'duty',
			text: 'Hello',
			options: { needRecording: true },
		});
		await simulator.zvonobot.play({ phone: '79991112233' }, 'talked');
		const { json } = await runZvonobot(simulator, 'call', 'get', { callId: 500_001 });
		simulator.journal.clear();
		return String(json[0]?.recordingUrl);
	}

	async function download(recordingUrl: string | null, options: INodeParameters = {}) {
		const parameters = { binaryProperty: 'sound', options };
		return await runZvonobot(simulator, 'call', 'downloadRecording', parameters, [
			{ recordingUrl },
		]);
	}

	it('brings the file, without sending the key', async () => {
		const url = await recorded();

		const { error, items } = await download(` ${url} `);

		expect(error).toBeUndefined();
		expect(items).toMatchObject([
			{
				json: { recordingUrl: url, fileName: 'call-500001.mp3', bytes: 4096 },
				binary: { sound: { fileName: 'call-500001.mp3', mimeType: 'audio/mpeg' } },
				pairedItem: { item: 0 },
			},
		]);
		const bytes = Buffer.from(String(items[0]?.binary?.sound?.data), 'base64');
		expect([bytes.length, bytes.subarray(0, 3).toString()]).toEqual([4096, 'ID3']);
		expect(simulator.journal.requests).toMatchObject([{ method: 'GET', query: {}, body: null }]);
		expect(JSON.stringify(simulator.journal.requests)).not.toContain(PRESET_ZVONOBOT);
	});

	it('takes what a mislabelled file holds for a file', async () => {
		const url = await recorded();
		const headers = { 'content-type': 'text/html; charset=UTF-8' };
		simulator.faults.add({ kind: 'status', status: 200, headers, body: 'ID3\u0003\u0000sound' });

		expect((await download(url)).error).toBeUndefined();
	});

	it('brings a file of another host only when it is listed', async () => {
		const url = `${elsewhere.url}/recordings/1.mp3`;

		const { error: refused } = await download(url);
		expect(elsewhere.journal.requests).toEqual([]);
		const host = new URL(elsewhere.url).host;
		const { error } = await download(url, { allowedHosts: `cdn.example.com, https://${host}/` });

		expect(refused?.message).toContain(`leads to ${host}, which is not the host of the credential`);
		expect(refused?.description).toContain('Allowed Hosts');
		expect(error).toBeUndefined();
		expect(elsewhere.journal.requests).toMatchObject([{ path: '/recordings/1.mp3' }]);
	});

	it.each<[problem: string, url: string | null]>([
		['is empty', ''],
		['is empty', null],
		['is not a web address', 'recording.mp3'],
		['is not a web address', 'file:///etc/passwd'],
		['is not a web address', 'ftp://lk.zvonobot.ru/a.mp3'],
		['is not a web address', 'https://user:pass@lk.zvonobot.ru/a.mp3'],
		['begins with http://', 'http://lk.zvonobot.ru/a.mp3'],
		['begins with http://', 'http://169.254.169.254/latest/meta-data'],
		['leads to lk.zvonobot.ru', 'https://lk.zvonobot.ru/a.mp3'],
		['leads to 10.0.0.1', 'https://10.0.0.1/a.mp3'],
	])('says "%s" before any request: %j', async (problem, url) => {
		const { error } = await download(url);

		expect(error?.message).toContain(`Recording URL ${problem}`);
		expect(error?.context.code).toBe('invalid_input');
		expect(simulator.journal.requests).toEqual([]);
	});

	it('follows no redirect', async () => {
		const url = await recorded();
		simulator.faults.add({ kind: 'redirect', location: `${elsewhere.url}/recordings/1.mp3` });

		const { error } = await download(url);

		expect(error?.context.code).toBe('redirect_refused');
		expect(elsewhere.journal.requests).toEqual([]);
	});

	it.each([1, 3])('stops reading after %i MB, and says so', async (maxSize) => {
		const url = await recorded();
		simulator.zvonobot.setOptions({ recordingBytes: maxSize * MEGABYTE + 1 });

		const { error } = await download(url, { maxSize });
		simulator.zvonobot.setOptions({ recordingBytes: maxSize * MEGABYTE });
		const { error: none } = await download(url, { maxSize });

		expect(error?.context.code).toBe('answer_too_large');
		expect(error?.message).toContain(`more than ${maxSize} MB`);
		expect(error?.description).toContain('Max Size');
		expect(none).toBeUndefined();
	});

	it('has a limit of 25 MB by itself', async () => {
		const url = await recorded();
		simulator.faults.add({ kind: 'huge', megabytes: 26 });

		expect((await download(url)).error?.message).toContain('more than 25 MB');
	});

	it.each<[code: string, words: string, fault: Fault]>([
		['unexpected_answer', 'sent nothing instead of a file', { kind: 'empty' }],
		['unexpected_answer', 'sent a page or a message instead', { kind: 'html' }],
		[
			'unexpected_answer',
			'sent a page or a message instead',
			{ kind: 'wrongShape', shape: { status: 'error', message: 'No' } },
		],
		['not_found', 'has no file behind this link', { kind: 'status', status: 404 }],
		['not_found', 'has no file behind this link', { kind: 'status', status: 410 }],
		['refused', 'did not hand out the file (HTTP 403)', { kind: 'status', status: 403 }],
		['provider_down', 'did not hand out the file (HTTP 503)', { kind: 'status', status: 503 }],
		['connection_lost', 'broke before a complete answer came', { kind: 'truncated' }],
		['timeout', 'gave no complete answer within 1 second', { kind: 'slow', ms: 3000 }],
	])('fails as %s: %s', async (code, words, fault) => {
		const url = await recorded();
		simulator.faults.add({ ...fault, times: 'always' });

		const { error } = await download(url, { timeout: 1 });

		expect(error?.context.code).toBe(code);
		expect(error?.message).toContain(words);
	});
});

describe('deleting several', () => {
	const remove = async (ids: number[]) =>
		await runZvonobot(
			simulator,
			'recording',
			'delete',
			{ recordingId: '={{ $json.recordingId }}' },
			ids.map((recordingId) => ({ recordingId })),
			{ onError: 'continueRegularOutput' },
		);
	const answer = (data: JsonValue) =>
		simulator.faults.add({ kind: 'wrongShape', shape: { status: 'success', data } });

	it('says of none that there is no such, when one record answers for all', async () => {
		answer({ id: 1342, name: 'Greeting', deletedAt: 1767225600 });

		const { json } = await remove([1342, 1343]);

		expect(json).toMatchObject([
			{ recordingId: 1342, deleted: true },
			{
				code: 'unexpected_answer',
				error:
					'Item 1: Zvonobot took the request, and does not say of recording 1343 whether it was deleted',
			},
		]);
		expect(simulator.journal.requests).toHaveLength(1);
	});

	it('says that there is no such, when a list leaves it out', async () => {
		answer([{ id: 1342, name: 'Greeting', deletedAt: 1767225600 }]);

		const { json } = await remove([1342, 1343]);

		expect(json).toMatchObject([{ deleted: true }, { code: 'not_found' }]);
	});
});
