import { Command, Option } from 'commander';
import type { AccessToken } from '../access/access-token.entity.js';
import type { AccessService } from '../access/access.service.js';
import { type Role, roles } from '../graphql/role.js';

export interface TokenSession {
  access: AccessService;
  /** Who makes it, for the list. */
  actor: string;
  close(): Promise<void>;
}

/** `adadf token create|list|revoke`: who may use a platform that asks (AUTH=token). */
export function tokenCommand(connect: () => Promise<TokenSession>): Command {
  const command = new Command('token').description('Who may use a platform that asks who comes (AUTH=token).');
  const within = async (work: (session: TokenSession) => Promise<string>): Promise<void> => {
    const session = await connect();
    try {
      process.stdout.write(await work(session));
    } finally {
      await session.close();
    }
  };
  const names = roles.map((role) => role.toLowerCase());
  command
    .command('create')
    .description('Make a token. It is shown this once.')
    .argument('<name>', 'whose it is; the audit log names it')
    .addOption(new Option('--role <role>', 'what it may do').choices(names).makeOptionMandatory())
    .option('--days <days>', 'until it expires (default: it does not)', Number)
    .action((name: string, { role, days }: { role: string; days?: number }) =>
      within(async ({ access, actor }) => {
        const made = await access.create({ name, role: role.toUpperCase() as Role, days, createdBy: actor });
        return `${made.secret}\n${lineOf(made.token)}\n`;
      }),
    );
  command
    .command('list')
    .description('Tokens and sign-ins, newest first.')
    .action(() => within(async ({ access }) => (await access.list()).map((token) => `${lineOf(token)}\n`).join('')));
  command
    .command('revoke')
    .description('Take a token back, at once: connections that it opened end.')
    .argument('<id>', 'like token_1')
    .action((id: string) => within(async ({ access }) => `${lineOf(await access.revoke(id))}\n`));
  return command;
}

function lineOf({ id, role, name, createdBy, expiresAt, lastUsedAt, revokedAt }: AccessToken): string {
  const state = revokedAt
    ? `revoked ${minute(revokedAt)}`
    : expiresAt
      ? `expires ${minute(expiresAt)}`
      : 'does not expire';
  const used = lastUsedAt ? `used ${minute(lastUsedAt)}` : 'never used';
  return `${id}  ${role.toLowerCase()}  "${name}"  made by ${createdBy}, ${state}, ${used}`;
}

function minute(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
