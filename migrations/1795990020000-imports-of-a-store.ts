import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An import reads what lies on one server: an upload in its data directory, a folder of its disk. */
export class ImportsOfAStore1795990020000 implements MigrationInterface {
  name = 'ImportsOfAStore1795990020000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "import_job" ADD "store" uuid`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "import_job" DROP COLUMN "store"`);
  }
}
