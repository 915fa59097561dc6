import { itemsOf, post } from './n8n';
import { readWorkflow, setStage } from './stage';
import { execFileSync } from 'node:child_process';
(async () => {
	const folder = '/tmp/dbgn8n';
	const stage = await setStage({ tarball: process.argv[2]!, folder });
	const { host, simulator, credentials } = stage;
	const db = () => execFileSync(process.env.FLASHCALL_NODE!, ['-e', `const {Database}=require('sqlite3');new Database('${folder}/.n8n/database.sqlite').all('select staticData from workflow_entity',(e,r)=>console.log(JSON.stringify(r)))`], { cwd: 'test/host' }).toString().trim();
	try {
		const id = await host.importWorkflow(readWorkflow('sign-up-call-to-auth.json'), [credentials.flashCall]);
		await host.activate(id);
		for (let i = 0; i < 4; i++) {
			const r = await post(host.webhookUrl('sign-up/call-me'), { phone: '+79991112233' });
			const requestId = (r.body as { requestId: string }).requestId;
			const key = await simulator.lastKey('79991112233');
			const d = await simulator.userCalls({ key });
			await host.waitForExecution(id, (e) => itemsOf(e, 'Mark as verified').some((x) => x.json.requestId === requestId));
			console.log(i, requestId, d.map((x) => x.status), db());
			if (i === 2) { const d2 = await simulator.userCalls({ key }); console.log('replay', d2.map((x) => x.status), db()); }
		}
		await host.restart(); await host.waitForWebhooks(id);
		console.log('restarted', db());
		const key = await simulator.lastKey('79991112233');
		console.log((await simulator.userCalls({ key })).map((x) => x.status), db());
	} finally { await stage.stop(); }
})();
