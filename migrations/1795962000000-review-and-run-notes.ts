import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people say of runs, the answer "cannot tell" to a face, and views that have a name. */
export class ReviewAndRunNotes1795962000000 implements MigrationInterface {
  name = 'ReviewAndRunNotes1795962000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TYPE "annotation_action" ADD VALUE 'UNSURE'`);
    await queryRunner.query(
      `ALTER TABLE "training_run" ADD "tags" text[] NOT NULL DEFAULT '{}', ADD "notes" text NOT NULL DEFAULT ''`,
    );
    await queryRunner.query(`CREATE TABLE "saved_view" (
      "row" integer GENERATED ALWAYS AS IDENTITY,
      "name" text NOT NULL,
      "path" text NOT NULL,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT "saved_view_pk" PRIMARY KEY ("row"),
      CONSTRAINT "saved_view_name" UNIQUE ("name")
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE "saved_view"');
    await queryRunner.query('ALTER TABLE "training_run" DROP "tags", DROP "notes"');
    // A value of an enumeration cannot be taken out: the type is made anew, and who was unsure has skipped.
    await queryRunner.query(`ALTER TYPE "annotation_action" RENAME TO "annotation_action_with_unsure"`);
    await queryRunner.query(`CREATE TYPE "annotation_action" AS ENUM ('RELABEL', 'CONFIRM', 'SKIP')`);
    await queryRunner.query(
      `ALTER TABLE "annotation" ALTER "action" TYPE "annotation_action" USING CASE "action"::text WHEN 'UNSURE' THEN 'SKIP' ELSE "action"::text END::"annotation_action"`,
    );
    await queryRunner.query('DROP TYPE "annotation_action_with_unsure"');
  }
}
