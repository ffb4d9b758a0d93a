import { publicPath } from '../graphql/public-path.js';

export interface SignInPage {
  /** Where to go afterwards: a path of this server. */
  next: string;
  /** What went wrong before; null at the first look. */
  problem: string | null;
  /** Whether an identity provider is configured. */
  provider: boolean;
}

/** Stands by itself: whoever sees it may load nothing else. */
export function signInPage({ next, problem, provider }: SignInPage): string {
  const trouble = problem === null ? '' : `<p role="alert" class="problem">${escaped(problem)}</p>`;
  const other = provider
    ? `<p class="or">or</p><a class="button" href="${publicPath('/sign-in/provider')}?next=${encodeURIComponent(next)}">Sign in with your organisation</a>`
    : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · Ada-DF</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<h1>Ada-DF</h1>
<p>This platform asks who you are. Whoever runs it makes tokens with <code>adadf token create</code>.</p>
${trouble}
<form method="post" action="${publicPath('/sign-in')}">
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" placeholder="adadf_…" required autofocus>
<input type="hidden" name="next" value="${escaped(next)}">
<button>Sign in</button>
</form>
${other}
</main>
</body>
</html>
`;
}

const style = `
:root { color-scheme: light dark; --paper: #fff; --ink: #16211f; --soft: #5b6b68; --line: #cfd8d6; --accent: #0b6e63; --on-accent: #fff; --bad: #a4262c; }
@media (prefers-color-scheme: dark) { :root { --paper: #151d1c; --ink: #e6eeec; --soft: #9fb0ac; --line: #344441; --accent: #58c4b4; --on-accent: #0d1514; --bad: #ff9a94; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 380px; }
h1 { margin: 0 0 8px; font-size: 24px; }
p { margin: 0 0 16px; color: var(--soft); }
code { font-size: 14px; }
label { display: block; margin-bottom: 4px; font-weight: 600; }
input { width: 100%; padding: 10px 12px; margin-bottom: 12px; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 6px; }
button, .button { display: block; width: 100%; padding: 10px 12px; font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; border-radius: 6px; border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent); }
.button { background: transparent; color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.or { margin: 12px 0; text-align: center; }
.problem { color: var(--bad); }
`;

function escaped(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => names[character]);
}
