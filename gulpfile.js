const { dest, src, task } = require('gulp');

// Icons and codex files keep their folders; encoding: false, or gulp 5 damages what is not text.
task('build:icons', () =>
	src(['nodes/**/*.{png,svg}', 'nodes/**/*.node.json', 'credentials/**/*.{png,svg}'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist')),
);
