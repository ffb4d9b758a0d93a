import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Events get their place in the order of all events when they are read, no longer when they are written: a writer that
 * hangs before its commit held up everybody who had something to say.
 */
export class EventsInOrder1795990010000 implements MigrationInterface {
  name = 'EventsInOrder1795990010000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "run_event" ADD "place" bigint`);
    await queryRunner.query(`UPDATE "run_event" SET "place" = "id"`);
    await queryRunner.query(`CREATE SEQUENCE "run_event_place_sequence" OWNED BY "run_event"."place"`);
    await queryRunner.query(
      `SELECT setval('run_event_place_sequence', coalesce((SELECT max("id") FROM "run_event"), 0) + 1, false)`,
    );
    await queryRunner.query(`CREATE UNIQUE INDEX "run_event_place" ON "run_event" ("place")`);
    await queryRunner.query(`CREATE INDEX "run_event_unplaced" ON "run_event" ("id") WHERE "place" IS NULL`);
    await queryRunner.query(`DROP INDEX "run_event_run"`);
    await queryRunner.query(`CREATE INDEX "run_event_run" ON "run_event" ("run_row", "place")`);
    // One call at a time, each a transaction of its own that no client can hold open. What somebody deletes is left out.
    await queryRunner.query(`CREATE FUNCTION "place_run_events"() RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        IF NOT EXISTS (SELECT 1 FROM run_event WHERE place IS NULL) THEN RETURN; END IF;
        PERFORM pg_advisory_xact_lock(${0x6164_6576});
        UPDATE run_event e SET place = n.place
          FROM (SELECT id, nextval('run_event_place_sequence') AS place
                  FROM (SELECT id FROM run_event WHERE place IS NULL ORDER BY id FOR UPDATE SKIP LOCKED) unplaced) n
         WHERE e.id = n.id;
      END $$`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION "place_run_events"`);
    await queryRunner.query(`DROP INDEX "run_event_run"`);
    await queryRunner.query(`CREATE INDEX "run_event_run" ON "run_event" ("run_row", "id")`);
    await queryRunner.query(`ALTER TABLE "run_event" DROP COLUMN "place"`);
  }
}
