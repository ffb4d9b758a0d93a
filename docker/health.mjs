// Ends with 0 when the API in this container answers, else with 1 and why: for health checks.
const port = process.env.PORT || '4500';
const basePath = (process.env.BASE_PATH ?? '').replace(/\/+$/, '');
const url = `http://127.0.0.1:${port}${basePath}/graphql?query=%7B__typename%7D`;
try {
  const { status } = await fetch(url, {
    headers: { 'apollo-require-preflight': '1' },
    signal: AbortSignal.timeout(4000),
  });
  // Without a token an API with AUTH=token answers 401, and is well.
  if (status >= 500) throw new Error(`${url} answers ${status}`);
} catch (error) {
  console.error(error.cause?.message ?? error.message);
  process.exitCode = 1;
}
