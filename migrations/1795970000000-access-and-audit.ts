import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Columns that no audit needs, and that would fill it. */
const leftOut = [
  'hash',
  'import_report',
  'configuration',
  'progress',
  'packages',
  'balance',
  'last_used_at',
  'distribution',
];

/** Table, kind of the global id, moment, and what the log says; a condition where only some changes count. */
const watched = [
  ['annotation', 'annotation', 'INSERT', 'annotation made'],
  ['annotation', 'annotation', 'UPDATE', 'annotation undone', 'OLD."undone_at" IS DISTINCT FROM NEW."undone_at"'],
  ['annotation', 'annotation', 'DELETE', 'annotation deleted'],
  ['label_set', 'labelset', 'INSERT', 'label set made'],
  ['label_set', 'labelset', 'DELETE', 'label set deleted'],
  ['stage_change', 'model', 'INSERT', 'model stage changed'],
  ['dataset', 'dataset', 'DELETE', 'data set deleted'],
  ['training_run', 'run', 'DELETE', 'run deleted'],
  ['model', 'model', 'DELETE', 'model deleted'],
  ['access_token', 'token', 'INSERT', 'token made'],
  ['access_token', 'token', 'UPDATE', 'token revoked', 'OLD."revoked_at" IS DISTINCT FROM NEW."revoked_at"'],
  ['access_token', 'token', 'DELETE', 'token deleted'],
] as const;

/** Tokens, and a log of what people do that the database itself writes and keeps from being edited. */
export class AccessAndAudit1795970000000 implements MigrationInterface {
  name = 'AccessAndAudit1795970000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TYPE "access_role" AS ENUM ('READER', 'LABELLER', 'TRAINER', 'ADMIN')`);
    await queryRunner.query(`CREATE TABLE "access_token" (
      "row" integer GENERATED ALWAYS AS IDENTITY NOT NULL, "name" text NOT NULL, "role" "access_role" NOT NULL, "kind" text NOT NULL,
      "hash" text NOT NULL, "created_by" text NOT NULL, "created_at" timestamptz NOT NULL DEFAULT now(), "expires_at" timestamptz,
      "last_used_at" timestamptz, "revoked_at" timestamptz, CONSTRAINT "access_token_pk" PRIMARY KEY ("row"))`);
    await queryRunner.query('CREATE UNIQUE INDEX "access_token_hash" ON "access_token" ("hash")');
    await queryRunner.query(`CREATE TABLE "audit_entry" (
      "row" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "at" timestamptz NOT NULL DEFAULT clock_timestamp(), "actor" text NOT NULL,
      "action" text NOT NULL, "subject" text NOT NULL, "details" jsonb NOT NULL, CONSTRAINT "audit_entry_pk" PRIMARY KEY ("row"))`);
    await queryRunner.query('CREATE INDEX "audit_entry_actor" ON "audit_entry" ("actor")');
    await queryRunner.query('CREATE INDEX "audit_entry_subject" ON "audit_entry" ("subject")');
    await queryRunner.query(recordFunction);
    await queryRunner.query(keepFunction);
    await queryRunner.query(
      'CREATE TRIGGER "audit_entry_kept" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entry" FOR EACH STATEMENT EXECUTE FUNCTION "keep_audit"()',
    );
    for (const [table, kind, moment, action, condition] of watched) {
      const when = condition ? `WHEN (${condition}) ` : '';
      await queryRunner.query(
        `CREATE TRIGGER "${table}_audit_${moment.toLowerCase()}" AFTER ${moment} ON "${table}" FOR EACH ROW ${when}EXECUTE FUNCTION "record_audit"('${kind}', '${action}')`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [table, , moment] of watched)
      await queryRunner.query(`DROP TRIGGER "${table}_audit_${moment.toLowerCase()}" ON "${table}"`);
    await queryRunner.query('DROP TABLE "audit_entry"');
    await queryRunner.query('DROP FUNCTION "record_audit"()');
    await queryRunner.query('DROP FUNCTION "keep_audit"()');
    await queryRunner.query('DROP TABLE "access_token"');
    await queryRunner.query('DROP TYPE "access_role"');
  }
}

/** `ada_df.actor` is set on the connection by whoever acts for somebody. A stage belongs to its model. */
const recordFunction = `CREATE FUNCTION "record_audit"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
BEGIN
  INSERT INTO "audit_entry" ("actor", "action", "subject", "details") VALUES (
    coalesce(nullif(current_setting('ada_df.actor', true), ''), 'platform'), TG_ARGV[1],
    TG_ARGV[0] || '_' || CASE WHEN TG_TABLE_NAME = 'stage_change' THEN changed->>'model_row' ELSE changed->>'row' END,
    jsonb_strip_nulls(changed - ARRAY['${leftOut.join("', '")}']));
  RETURN NULL;
END $$`;

const keepFunction = `CREATE FUNCTION "keep_audit"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit log is only added to: % is refused.', TG_OP;
END $$`;
