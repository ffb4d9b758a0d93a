// Whether the Node that runs this is new enough: `install` (engines.node of package.json) or `run` (config.leastNode). Else a sentence with the
// remedy. Old Nodes have to understand this file: no syntax younger than ES5.
var manifest = require('../package.json');

var needs = {
  install: {
    least: manifest.engines.node.replace(/^>=/, ''),
    what: 'to install and build with',
    remedy: 'Install a newer Node (https://nodejs.org, or your distribution), then type the command again.',
  },
  run: {
    least: manifest.config.leastNode,
    what: 'to run on',
    remedy:
      'npm brings one unless optional packages are left out: `npm install --include=optional` installs it where Linux has glibc on x64 or arm64; elsewhere install Node ' +
      manifest.config.leastNode +
      ' or later.',
  },
};

/** What is wrong with this Node, or null. */
function problemOf(need) {
  var least = needs[need].least;
  var found = process.versions.node;
  // Of odd lines the early ones lack what the even line before already has.
  var able = need !== 'run' || typeof require('module').registerHooks === 'function';
  if (compare(found, least) >= 0 && able) return null;
  return (
    'Expected Node ' +
    least +
    ' or later ' +
    needs[need].what +
    ', found ' +
    found +
    ' (' +
    process.execPath +
    '). ' +
    needs[need].remedy
  );
}

/** Negative where `one` is older than `other`; versions may leave parts out. */
function compare(one, other) {
  var left = one.split('.');
  var right = other.split('.');
  for (var place = 0; place < 3; place++) {
    var difference = Number(left[place] || 0) - Number(right[place] || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

module.exports = { problemOf: problemOf };

if (require.main === module) {
  var problem = problemOf(process.argv[2]);
  if (problem) {
    console.error(problem);
    process.exit(1);
  }
}
