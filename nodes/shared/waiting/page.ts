/** A small page for the person the flow waits for. All texts are plain text. */
export interface Page {
	title: string;
	text: string;
	/** A number to call, as digits, and what stands below it. */
	call?: { number: string; note: string };
	/** What went wrong with the last try. */
	notice?: string;
	form?: { label: string; button: string };
}

const STYLE = `
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; background: #f4f5f7; color: #1c1e21; }
main { max-width: 22rem; margin: 12vh auto 0; padding: 2rem; background: #fff; border-radius: 12px; }
h1 { margin: 0 0 .5rem; font-size: 1.25rem; }
a.call { display: block; margin: 1rem 0; font-size: 1.5rem; font-weight: 600; color: inherit; }
input, button { box-sizing: border-box; width: 100%; padding: .75rem; font: inherit; border-radius: 8px; }
input { margin: .25rem 0 1rem; border: 1px solid #8a8f98; letter-spacing: .2em; }
button { border: 0; background: #1a6b3c; color: #fff; }
.notice { color: #a3180f; }
@media (prefers-color-scheme: dark) {
  body { background: #17181a; color: #ececec; } main, input { background: #242629; color: inherit; }
  .notice { color: #ff9d94; }
}`;

/** The page as HTML without any script: everything that was given is escaped. */
export function renderPage({ title, text, call, notice, form }: Page): string {
	const lang = languageOf(`${title} ${text}`);
	return `<!DOCTYPE html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
<p>${escape(text)}</p>
${call === undefined ? '' : callLink(call)}
${notice === undefined ? '' : `<p class="notice" role="alert">${escape(notice)}</p>`}
${form === undefined ? '' : formFor(form)}
</main>
</body>
</html>
`;
}

/** For screen readers: our own texts are English, whoever writes Cyrillic here most likely Russian. */
function languageOf(text: string): string {
	return /\p{Script=Cyrillic}/u.test(text) ? 'ru' : 'en';
}

function callLink({ number: digits, note }: { number: string; note: string }): string {
	const number = `+${digits.replace(/\D/g, '')}`;
	return `<a class="call" href="tel:${number}">${number}</a>
<p>${escape(note)}</p>`;
}

// Without an action the form goes to the address of the page, token and all.
function formFor({ label, button }: { label: string; button: string }): string {
	return `<form method="post">
<label>${escape(label)}
<input name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="10" required autofocus>
</label>
<button>${escape(button)}</button>
</form>`;
}

function escape(text: string): string {
	return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
