import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which mutations were answered under a key of the client's, so that a repeated request gets the first answer. */
export class IdempotencyKeys1795569656000 implements MigrationInterface {
  name = 'IdempotencyKeys1795569656000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE "idempotency_key" (
      "key" text NOT NULL,
      "request" text NOT NULL,
      "result_id" text,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT "idempotency_key_pk" PRIMARY KEY ("key")
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "idempotency_key"`);
  }
}
